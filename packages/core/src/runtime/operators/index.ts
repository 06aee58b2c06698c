import type { Family } from '../families.js';
import type { OperatorTable } from '../operator.js';
import { binaryOperators } from './binary.js';
import { castOperators } from './cast.js';
import { compareOperators } from './compare.js';
import { gatherOperators } from './gather.js';
import { matmulOperators } from './matmul.js';
import { reduceOperators } from './reduce.js';
import { runningOperators } from './running.js';
import { shapeOperators } from './shape.js';
import { softmaxOperators } from './softmax.js';
import { unaryOperators } from './unary.js';

/** What nearly every model needs: loaded with the runtime. */
const everyday: OperatorTable = {
  ...binaryOperators,
  ...unaryOperators,
  ...compareOperators,
  ...castOperators,
  ...reduceOperators,
  ...softmaxOperators,
  ...matmulOperators,
  ...shapeOperators,
  ...gatherOperators,
  ...runningOperators,
};

const ml = (...names: string[]): string[] => names.map((name) => `ai.onnx.ml:${name}`);

/** The operators of ONNX and its companions, by the groups in which they load. */
export const OP_FAMILIES: readonly Family[] = [
  { operators: Object.keys(everyday), load: () => Promise.resolve(everyday) },
  {
    operators: [
      ...ml('ArrayFeatureExtractor', 'Binarizer', 'CastMap', 'CategoryMapper', 'DictVectorizer', 'FeatureVectorizer'),
      ...ml('Imputer', 'LabelEncoder', 'LinearClassifier', 'LinearRegressor', 'Normalizer', 'OneHotEncoder', 'Scaler'),
      ...ml(
        'SVMClassifier',
        'SVMRegressor',
        'TreeEnsemble',
        'TreeEnsembleClassifier',
        'TreeEnsembleRegressor',
        'ZipMap',
      ),
    ],
    load: async () => (await import('./ml/index.js')).mlOperators,
  },
];
