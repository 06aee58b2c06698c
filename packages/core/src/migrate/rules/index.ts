import { sklearn } from './sklearn.js';
import { calibration } from './calibration.js';
import { cluster } from './cluster.js';
import { compose } from './compose.js';
import { covariance } from './covariance.js';
import { crossDecomposition } from './cross_decomposition.js';
import { decomposition } from './decomposition.js';
import { discriminantAnalysis } from './discriminant_analysis.js';
import { dummy } from './dummy.js';
import { ensemble } from './ensemble.js';
import { featureExtraction } from './feature_extraction.js';
import { featureSelection } from './feature_selection.js';
import { frozen } from './frozen.js';
import { gaussianProcess } from './gaussian_process.js';
import { impute } from './impute.js';
import { kernelApproximation } from './kernel_approximation.js';
import { losses } from './losses.js';
import { linearModel } from './linear_model.js';
import { manifold } from './manifold.js';
import { metrics } from './metrics.js';
import { mixture } from './mixture.js';
import { modelSelection } from './model_selection.js';
import { multiclass } from './multiclass.js';
import { multioutput } from './multioutput.js';
import { naiveBayes } from './naive_bayes.js';
import { neighbors } from './neighbors.js';
import { neuralNetwork } from './neural_network.js';
import { pipeline } from './pipeline.js';
import { preprocessing } from './preprocessing.js';
import { randomProjection } from './random_projection.js';
import { semiSupervised } from './semi_supervised.js';
import { svm } from './svm.js';
import { tree } from './tree.js';
import { utils } from './utils.js';
import { indexOf } from '../releases.js';
import type { Chapter, Rule } from '../rule.js';

/** One chapter for each module of scikit-learn, in the order of docs/migrations.md. */
export const chapters: readonly Chapter[] = [
  utils,
  sklearn,
  calibration,
  cluster,
  compose,
  covariance,
  crossDecomposition,
  decomposition,
  discriminantAnalysis,
  dummy,
  ensemble,
  featureExtraction,
  featureSelection,
  frozen,
  gaussianProcess,
  impute,
  kernelApproximation,
  losses,
  linearModel,
  manifold,
  metrics,
  mixture,
  modelSelection,
  multiclass,
  multioutput,
  naiveBayes,
  neighbors,
  neuralNetwork,
  pipeline,
  preprocessing,
  randomProjection,
  semiSupervised,
  svm,
  tree,
];

/** The rules of one release, by class. */
export interface RuleBook {
  for(name: string, direction: 'up' | 'down'): readonly Rule[];
}

const books = new Map<number, RuleBook>();

/** What the release at `index` changed; undefined if nothing. */
export function ruleBook(index: number): RuleBook | undefined {
  if (books.size === 0) {
    const rules = new Map<number, Rule[]>();
    for (const chapter of chapters) {
      for (const rule of chapter.rules ?? []) {
        const at = indexOf(rule.since);
        const known = rules.get(at);
        if (known) known.push(rule);
        else rules.set(at, [rule]);
      }
    }
    for (const [at, list] of rules) books.set(at, bookOf(list));
  }
  return books.get(index);
}

/** Rules in the order of the table on the way up, the other way round on the way down. */
function bookOf(rules: readonly Rule[]): RuleBook {
  const found = new Map<string, readonly Rule[]>();
  return {
    for(name, direction) {
      const key = `${direction} ${name}`;
      let list = found.get(key);
      if (!list) {
        const matching = rules.filter((r) => r[direction] && (r.classes.includes(name) || r.classes.includes('*')));
        list = direction === 'up' ? matching : matching.reverse();
        found.set(key, list);
      }
      return list;
    },
  };
}
