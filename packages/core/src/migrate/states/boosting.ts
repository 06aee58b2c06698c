/** Gradient boosting of `sklearn.ensemble._gb`: its loss objects, and where its sums begin. */
import { PyDict, PyInstance, type PyValue } from '../../pickle/values.js';
import { NdArray } from '../../python/ndarray.js';
import { integerOf, real, rules } from '../define.js';
import { numberOf } from '../../python/elements.js';
import { reprOf } from '../show.js';
import type { Subject } from '../subject.js';
import { floats, floatScalar, integers, numbersOf } from './arrays.js';
import { lossOf } from './losses.js';

const SOURCE = 'sklearn/ensemble/_gb.py; #26278';
const classifier = 'GradientBoostingClassifier';
const both = [classifier, 'GradientBoostingRegressor'];

/** How many trees each stage has: as many as classes, or one. */
function treesPerStage(o: Subject): number {
  const { shape } = stagesOf(o) ?? { shape: [0, 1] };
  return shape[1] ?? 1;
}

function stagesOf(o: Subject): NdArray | undefined {
  const stages = o.get('estimators_');
  return stages instanceof NdArray && Array.isArray(stages.data) ? stages : undefined;
}

/** The loss object of 1.4 for what a fitted model was trained with. */
function loss(o: Subject): PyInstance | undefined {
  const name = o.get('loss');
  const alpha = o.get('alpha') ?? 0.9;
  if (o.name === classifier) {
    const classes = treesPerStage(o);
    if (name === 'exponential') return lossOf(o, 'ExponentialLoss', { classes: 2 });
    return classes > 1 ? lossOf(o, 'HalfMultinomialLoss', { classes }) : lossOf(o, 'HalfBinomialLoss', { classes: 2 });
  }
  switch (name) {
    case 'squared_error':
    case 'ls':
      return lossOf(o, 'HalfSquaredError');
    case 'absolute_error':
    case 'lad':
      return lossOf(o, 'AbsoluteError');
    case 'huber':
      return lossOf(o, 'HuberLoss', { args: [real(1)], more: [['quantile', alpha]] });
    case 'quantile':
      return lossOf(o, 'PinballLoss', { args: [alpha] });
    default:
      return undefined;
  }
}

/** The old loss objects of `_gb_losses`, 0.21 to 1.3: their classes, and the number of trees that they know. */
const oldLosses: Readonly<Record<string, string>> = {
  squared_error: 'LeastSquaresError',
  ls: 'LeastSquaresError',
  absolute_error: 'LeastAbsoluteError',
  lad: 'LeastAbsoluteError',
  huber: 'HuberLossFunction',
  quantile: 'QuantileLossFunction',
  exponential: 'ExponentialLoss',
};

function oldLoss(o: Subject): PyInstance {
  const trees = treesPerStage(o);
  const name = reprOf(o.get('loss') ?? null).replaceAll("'", '');
  const binomial = trees > 1 ? 'MultinomialDeviance' : 'BinomialDeviance';
  const cls = oldLosses[name] ?? binomial;
  const entries: [string, PyValue][] = [['K', trees]];
  const alpha = o.get('alpha') ?? 0.9;
  if (name === 'huber') entries.push(['alpha', alpha], ['gamma', null]);
  if (name === 'quantile') entries.push(['alpha', alpha], ['percentile', real((numeric(alpha) ?? 0.9) * 100)]);
  return o.create('sklearn.ensemble._gb_losses', cls, PyDict.from(entries));
}

function numeric(value: PyValue | undefined): number | undefined {
  try {
    return value === undefined || value === null ? undefined : numberOf(value);
  } catch {
    return undefined;
  }
}

/**
 * The mean over classes of the logarithm of what the first guess says: what the multinomial link takes off
 * since 1.4, and what the first trees have to give back. Undefined where the guess is not the same for every row.
 */
function priorShift(o: Subject): number | undefined {
  const init = o.get('init_');
  if (init === 'zero') return 0;
  if (!(init instanceof PyInstance) || init.name !== 'DummyClassifier') return undefined;
  const priors = numbersOf(o.migration.subjectOf(init).get('class_prior_'));
  if (!priors || priors.length === 0) return undefined;
  let sum = 0;
  for (const p of priors) sum += Math.log(Math.min(Math.max(p, EPS), 1 - EPS));
  return sum / priors.length;
}

const EPS = 2 ** -52;

/** Adds `amount` to what the trees of the first stage say. */
function shiftFirstTrees(o: Subject, amount: number): boolean {
  const stages = stagesOf(o);
  const rate = numeric(o.get('learning_rate'));
  if (!stages || !rate || !Array.isArray(stages.data) || stages.size === 0) return false;
  for (let k = 0; k < stages.shape[1]; k++) {
    // The first row of stages, whatever the order in memory.
    const tree = stages.data[stages.fortran ? k * stages.shape[0] : k];
    const inner = tree instanceof PyInstance ? o.migration.subjectOf(tree).child('tree_') : undefined;
    const values = inner?.get('values');
    if (!inner || !(values instanceof NdArray)) return false;
    const numbers = numbersOf(values)?.slice();
    if (!numbers) return false;
    for (let i = 0; i < numbers.length; i++) numbers[i] += amount / rate;
    inner.set('values', floats(numbers, values.shape));
  }
  return true;
}

/** What a sigmoid cannot tell from a tie, and the least that it can. */
const TIE = 1.2e-16;
const NO_TIE = 4.5e-16;

/**
 * Two classes with the same probability meant the first until 1.3, the second since: leaves of the first tree
 * that say zero are moved by what no other sum feels.
 */
function moveTies(o: Subject, way: 'up' | 'down'): void {
  const stages = stagesOf(o);
  const rate = numeric(o.get('learning_rate')) ?? 1;
  const tree = stages && Array.isArray(stages.data) ? stages.data[0] : undefined;
  const inner = tree instanceof PyInstance ? o.migration.subjectOf(tree).child('tree_') : undefined;
  const values = inner?.get('values');
  const numbers = numbersOf(values);
  if (!inner || !(values instanceof NdArray) || !numbers) return;
  const isTie = (x: number): boolean => x >= 0 && x * rate < TIE;
  if (!numbers.some(isTie)) return;
  const instead = way === 'up' ? -1e-300 : NO_TIE / rate;
  inner.set(
    'values',
    floats(
      numbers.map((x) => (isTie(x) ? instead : x)),
      values.shape,
    ),
  );
  o.tell('leaves of the first tree that say 0 moved by less than rounding, so that ties fall to the same class');
}

/** Multiples that sums of the size of logarithms tell apart by less than any probability does. */
const STEP = 2 ** -50;

/**
 * Classes were compared by their probabilities, where numbers apart by rounding are the same; they are
 * compared by their sums since 1.4. What the trees say is rounded, so that such classes stay tied.
 */
function roundTrees(o: Subject): void {
  const stages = stagesOf(o);
  if (!stages || !Array.isArray(stages.data)) return;
  for (const tree of stages.data) {
    const inner = tree instanceof PyInstance ? o.migration.subjectOf(tree).child('tree_') : undefined;
    const values = inner?.get('values');
    const numbers = numbersOf(values);
    if (!inner || !(values instanceof NdArray) || !numbers) continue;
    inner.set(
      'values',
      floats(
        numbers.map((x) => Math.round(x / STEP) * STEP),
        values.shape,
      ),
    );
  }
  o.tell('what the trees say rounded to 2^-50, so that classes apart by rounding stay tied');
}

/** The first guess as 0.21 and later keep it: a dummy estimator of its own. */
function dummy(o: Subject, kind: 'classifier' | 'regressor', constant: PyValue, strategy: string): PyInstance {
  const state: [string, PyValue][] =
    kind === 'classifier'
      ? [
          ['strategy', 'prior'],
          ['random_state', null],
          ['constant', null],
          ['sparse_output_', false],
          ['_strategy', 'prior'],
          ['n_outputs_', 1],
          ['output_2d_', false],
          ['outputs_2d_', false],
        ]
      : [
          ['strategy', strategy],
          ['constant', null],
          ['quantile', strategy === 'quantile' ? (o.get('alpha') ?? 0.5) : null],
          ['n_outputs_', 1],
          ['output_2d_', false],
          ['constant_', constant],
        ];
  const name = kind === 'classifier' ? 'DummyClassifier' : 'DummyRegressor';
  const made = o.create('sklearn.dummy', name, PyDict.from(state));
  return made;
}

/** What replaced the first guesses that went with 0.21: their numbers in a dummy estimator. */
function modernGuess(o: Subject): PyInstance | undefined {
  const init = o.get('init_');
  if (!(init instanceof PyInstance)) return undefined;
  const old = o.migration.subjectOf(init);
  const classifierFrom = (priors: Float64Array): PyInstance => {
    const made = dummy(o, 'classifier', null, 'prior');
    const state = o.migration.subjectOf(made);
    state.set('n_classes_', priors.length);
    state.set('classes_', integers([...priors.keys()]));
    state.set('class_prior_', floats(priors));
    return made;
  };
  switch (old.name) {
    case 'LogOddsEstimator':
    case 'ScaledLogOddsEstimator': {
      const odds = numeric(old.get('prior'));
      if (odds === undefined) return undefined;
      const p = 1 / (1 + Math.exp(-(old.name === 'LogOddsEstimator' ? odds : 2 * odds)));
      return classifierFrom(Float64Array.of(1 - p, p));
    }
    case 'PriorProbabilityEstimator': {
      const priors = numbersOf(old.get('priors'));
      if (!priors) return undefined;
      // It gave the fractions themselves, where later ones give their logarithms.
      const scaled = priors.map(Math.exp);
      const total = scaled.reduce((a, b) => a + b, 0);
      return shiftFirstTrees(o, Math.log(total)) ? classifierFrom(scaled.map((x) => x / total)) : undefined;
    }
    case 'MeanEstimator':
    case 'QuantileEstimator': {
      const value = numeric(old.get(old.name === 'MeanEstimator' ? 'mean' : 'quantile'));
      if (value === undefined) return undefined;
      return dummy(o, 'regressor', floats([value], [1, 1]), old.name === 'MeanEstimator' ? 'mean' : 'quantile');
    }
    default:
      return undefined;
  }
}

export const gradientBoosting = rules([
  {
    since: '0.21',
    classes: both,
    source: 'sklearn/ensemble/gradient_boosting.py; #12436',
    what: 'the first guess is a dummy estimator; the classes that made it before are gone',
    up: (o) => {
      const init = o.get('init_');
      if (!(init instanceof PyInstance) || !init.module.startsWith('sklearn.ensemble')) return;
      if (init.name === 'ZeroEstimator') {
        o.set('init_', 'zero');
        o.set('init', 'zero');
      } else {
        const made = modernGuess(o);
        if (!made) throw o.refusal(`the first guess of ${o.name} (${init.name}) has no successor`);
        o.set('init_', made);
      }
      o.tell(`first guess ${init.name} replaced by what 0.21 keeps in its place`);
    },
  },
  {
    since: '0.21',
    classes: both,
    source: 'sklearn/ensemble/_gb_losses.py; #12436',
    what: 'loss objects are others, which know how sums begin',
    up: (o) => {
      if (!o.has('loss_') || !o.has('estimators_')) return;
      o.set('loss_', oldLoss(o));
      o.tell('loss object replaced by that of sklearn.ensemble._gb_losses');
    },
  },
  {
    since: '0.19',
    classes: both,
    source: 'sklearn/ensemble/gradient_boosting.py',
    what: 'attribute n_features is called n_features_',
    up: (o) => {
      const count = o.get('n_features');
      if (count === undefined || o.has('n_features_')) return;
      o.set('n_features_', count);
      o.tell('attribute n_features_ added');
    },
  },
  {
    since: '1.1',
    classes: both,
    source: 'sklearn/ensemble/_gb.py; #23079',
    what: 'attribute loss_ is called _loss',
    up: (o) => {
      if (o.rename('loss_', '_loss')) o.tell('attribute loss_ renamed to _loss');
    },
    down: (o) => {
      if (o.rename('_loss', 'loss_')) o.tell('attribute _loss renamed back to loss_');
    },
  },
  {
    since: '1.4',
    classes: both,
    source: SOURCE,
    what:
      'losses are those of sklearn._loss; the multinomial one begins from logarithms whose mean is taken off, so that ' +
      'decision_function of old models would shift: their first trees are given the mean back',
    up: (o) => {
      if (!o.has('estimators_')) return;
      const trees = treesPerStage(o);
      if (trees > 1 && o.name === classifier) {
        roundTrees(o);
        const shift = priorShift(o);
        if (shift === undefined) {
          throw o.refusal(
            `${o.name} with ${trees} classes begins from an estimator of its own (init); since 1.4 decision_function takes the mean off what that says`,
          );
        }
        if (shift !== 0) {
          if (!shiftFirstTrees(o, shift)) throw o.refusal(`the trees of ${o.name} cannot be read`);
          o.tell('what the first trees say raised by what the multinomial link takes off');
        }
      }
      if (trees === 1 && o.name === classifier) moveTies(o, 'up');
      const made = loss(o);
      if (!made) throw o.refusal(`the loss ${reprOf(o.get('loss') ?? null)} of ${o.name} has no successor`);
      o.set('_loss', made);
      o.delete('_n_classes');
      o.set('n_trees_per_iteration_', trees);
      o.tell('loss object of sklearn.ensemble replaced by that of sklearn._loss');
    },
    down: (o) => {
      if (!o.has('estimators_')) return;
      const trees = treesPerStage(o);
      if (trees > 1 && o.name === classifier) {
        const shift = priorShift(o);
        if (shift === undefined)
          throw o.refusal(`${o.name} begins from an estimator of its own (init), whose meaning 1.4 changed`);
        if (shift !== 0 && !shiftFirstTrees(o, -shift)) throw o.refusal(`the trees of ${o.name} cannot be read`);
      }
      if (trees === 1 && o.name === classifier) moveTies(o, 'down');
      o.set('_loss', oldLoss(o));
      o.delete('n_trees_per_iteration_');
      o.set('_n_classes', trees);
      if (o.name !== classifier) o.set('n_classes_', 1);
      o.tell('loss object of sklearn._loss replaced by that of sklearn.ensemble');
    },
  },
]);

/** First guesses by an estimator of the model's own, which may be as sure as it likes. */
function ownGuess(o: Subject): boolean {
  const init = o.get('init_');
  return o.name === classifier && init instanceof PyInstance && !init.name.startsWith('Dummy');
}

const SURE =
  'begins from an estimator of its own (init), whose probabilities are clipped to 2^-52 since 1.8 and to 2^-23 before: the sums would be others where it is that sure';

export const clippedGuesses = rules([
  {
    since: '1.8',
    classes: [classifier],
    source: 'sklearn/ensemble/_gb.py, _init_raw_predictions; #31775',
    what: 'the probabilities of the first guess are clipped to 2^-52, no longer to 2^-23',
    up: (o) => {
      if (ownGuess(o)) throw o.refusal(`${o.name} ${SURE}`);
    },
    down: (o) => {
      if (ownGuess(o)) throw o.refusal(`${o.name} ${SURE}`);
    },
  },
]);

// ---- histogram boosting

const hist = ['HistGradientBoostingClassifier', 'HistGradientBoostingRegressor'];
const CLASSIFIER_LOSSES = new Set(['BinaryCrossEntropy', 'CategoricalCrossEntropy']);

function histLoss(o: Subject, old: string): PyInstance | undefined {
  const trees = integerOf(o.get('n_trees_per_iteration_')) ?? 1;
  switch (old) {
    case 'LeastSquares':
      return lossOf(o, 'HalfSquaredError');
    case 'LeastAbsoluteDeviation':
      return lossOf(o, 'AbsoluteError');
    case 'Poisson':
      return lossOf(o, 'HalfPoissonLoss');
    case 'BinaryCrossEntropy':
      return lossOf(o, 'HalfBinomialLoss', { classes: 2 });
    case 'CategoricalCrossEntropy':
      return lossOf(o, 'HalfMultinomialLoss', { classes: trees });
    default:
      return undefined;
  }
}

const newToOld: Readonly<Record<string, string>> = {
  HalfSquaredError: 'LeastSquares',
  AbsoluteError: 'LeastAbsoluteDeviation',
  HalfPoissonLoss: 'Poisson',
  HalfBinomialLoss: 'BinaryCrossEntropy',
  HalfMultinomialLoss: 'CategoricalCrossEntropy',
};

export const histogramBoosting = rules([
  {
    since: '0.24',
    classes: hist,
    source: 'sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py; #18394',
    what: 'categorical features came: is_categorical_ is None without',
    up: (o) => {
      if (!o.has('_predictors') || o.has('is_categorical_')) return;
      o.set('is_categorical_', null);
      o.tell('attribute is_categorical_ = None added');
    },
    down: (o) => {
      const had = o.get('is_categorical_');
      if (had !== undefined && had !== null) throw o.refusal(`${o.name} splits on categories, which came with 0.24`);
      o.delete('is_categorical_');
    },
  },
  {
    since: '1.1',
    classes: hist,
    source: 'sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py; #20811',
    what: 'losses are those of sklearn._loss; the first guess has two dimensions',
    up: (o) => {
      const old = o.get('_loss');
      if (!(old instanceof PyInstance)) return;
      const made = histLoss(o, old.name);
      if (!made) {
        if (old.module.startsWith('sklearn.ensemble'))
          throw o.refusal(`the loss ${old.name} of ${o.name} has no successor`);
        return;
      }
      o.set('_loss', made);
      reshapeBaseline(o, 'row');
      o.tell(`loss ${old.name} replaced by ${made.name}`);
    },
    down: (o) => {
      const loss = o.get('_loss');
      if (!(loss instanceof PyInstance)) return;
      const name = newToOld[loss.name];
      if (name === undefined) throw o.refusal(`the loss ${loss.name} of ${o.name} came with 1.1 or later`);
      const trees = integerOf(o.get('n_trees_per_iteration_')) ?? 1;
      const constant = name === 'LeastSquares' || name === 'LeastAbsoluteDeviation';
      o.set(
        '_loss',
        o.create(
          'sklearn.ensemble._hist_gradient_boosting.loss',
          name,
          PyDict.from([
            ['hessians_are_constant', constant],
            ...(name === 'CategoricalCrossEntropy' ? ([['n_classes', trees]] as [string, PyValue][]) : []),
          ]),
        ),
      );
      reshapeBaseline(o, CLASSIFIER_LOSSES.has(name) && trees > 1 ? 'column' : 'scalar');
      o.tell(`loss ${loss.name} replaced by ${name}`);
    },
  },
  {
    since: '1.4',
    classes: hist,
    source: 'sklearn/ensemble/_hist_gradient_boosting/gradient_boosting.py; #26411',
    what: 'categories may be encoded by a preprocessor of the model’s own; None where the input comes encoded',
    up: (o) => {
      if (!o.has('_predictors')) return;
      if (!o.has('_preprocessor')) {
        o.set('_preprocessor', null);
        o.set('_is_categorical_remapped', o.get('is_categorical_') ?? null);
        o.tell('attributes _preprocessor = None and _is_categorical_remapped added');
      }
    },
    down: (o) => {
      const had = o.get('_preprocessor');
      if (had !== undefined && had !== null) {
        throw o.refusal(`${o.name} encodes categories by a preprocessor of its own, which came with 1.4`);
      }
      for (const name of ['_preprocessor', '_is_categorical_remapped', '_feature_subsample_rng']) o.delete(name);
    },
  },
]);

/** The first guess is a number, a column (one a class) or a row, by release. */
function reshapeBaseline(o: Subject, form: 'row' | 'column' | 'scalar'): void {
  const value = o.get('_baseline_prediction');
  const own = value instanceof NdArray ? numbersOf(value) : undefined;
  const number = own ? undefined : numeric(value);
  const numbers = own ?? (number === undefined ? undefined : Float64Array.of(number));
  if (!numbers) return;
  if (form === 'row') o.set('_baseline_prediction', floats(numbers, [1, numbers.length]));
  else if (form === 'column') o.set('_baseline_prediction', floats(numbers, [numbers.length, 1]));
  else o.set('_baseline_prediction', floatScalar(numbers[0]));
}
