/** Linear models: one-vs-rest logistic regression, penalties, what became of passive-aggressive learners. */
import { PyDict, PyInstance, type PyValue } from '../../pickle/values.js';
import { numberOf, toFloat64 } from '../../python/elements.js';
import { NdArray } from '../../python/ndarray.js';
import { isSentinel, real, rules } from '../define.js';
import { sameValue } from '../same.js';
import { reprOf } from '../show.js';
import type { Subject } from '../subject.js';
import { floats } from './arrays.js';
import { cythonLoss } from './losses.js';

const LOGISTIC = 'sklearn/linear_model/_logistic.py';
const logistic = ['LogisticRegression', 'LogisticRegressionCV'];

/** How many classes a fitted one tells apart; undefined before it is fitted. */
function classCount(o: Subject): number | undefined {
  const classes = o.get('classes_');
  if (classes instanceof NdArray) return classes.size;
  // 0.17 and before may lack classes_: then the rows of coef_ tell.
  const coef = o.get('coef_');
  return coef instanceof NdArray ? (coef.shape[0] === 1 ? 2 : coef.shape[0]) : undefined;
}

/** True where `predict_proba` normalises one sigmoid a class: `_predict_proba_lr`. */
function isOneVsRest(o: Subject): boolean {
  const strategy = o.get('multi_class') ?? 'ovr';
  if (strategy === 'ovr' || strategy === 'warn') return true;
  return (strategy === 'auto' || strategy === 'deprecated') && o.get('solver') === 'liblinear';
}

/**
 * A logistic regression of several classes whose classes were trained one by one, as the SGDClassifier that has its
 * coefficients: with the logarithmic loss it is the one class that still normalises one sigmoid a class.
 */
function toSigmoids(o: Subject, classes: number): void {
  const coef = o.get('coef_');
  const labels = o.get('classes_');
  if (!(coef instanceof NdArray) || !(labels instanceof NdArray) || coef.shape[0] !== classes) {
    throw o.refusal(`the coefficients of ${o.name} are not one row for each class`);
  }
  const intercept = o.get('intercept_');
  const offsets = intercept instanceof NdArray ? toFloat64(intercept) : new Float64Array(classes);
  o.become(
    'sklearn.linear_model._stochastic_gradient',
    'SGDClassifier',
    PyDict.from([
      ...parametersOf(o),
      ['coef_', coef],
      [
        'intercept_',
        floats(Float64Array.from({ length: classes }, (_, k) => offsets[offsets.length === classes ? k : 0])),
      ],
      ['classes_', labels],
      ['_loss_function_', cythonLoss(o, 'CyHalfBinomialLoss')],
      ['n_iter_', 1],
      ['t_', real(1)],
      ...inputs(o, coef.shape[1]),
      ['_sklearn_version', o.get('_sklearn_version') ?? ''],
    ]),
  );
}

/** What the estimator knows about its input, for the estimators that take its place. */
function inputs(o: Subject, width: number): [string, PyValue][] {
  const names = o.get('feature_names_in_');
  return [
    ['n_features_in_', width],
    ...(names === undefined ? [] : ([['feature_names_in_', names]] as [string, PyValue][])),
  ];
}

/** The parameters of an SGDClassifier of 1.8, as like as they go: how it trains again is another matter. */
function parametersOf(o: Subject): [string, PyValue][] {
  const given = (name: string, otherwise: PyValue): [string, PyValue] => [name, o.get(name) ?? otherwise];
  return [
    ['loss', 'log_loss'],
    ['penalty', 'l2'],
    ['alpha', 1e-4],
    ['l1_ratio', 0.15],
    given('fit_intercept', true),
    ['max_iter', 1000],
    ['tol', 1e-3],
    ['shuffle', true],
    ['verbose', 0],
    ['epsilon', 0.1],
    ['n_jobs', null],
    given('random_state', null),
    ['learning_rate', 'optimal'],
    ['eta0', 0.01],
    ['power_t', 0.5],
    ['early_stopping', false],
    ['validation_fraction', 0.1],
    ['n_iter_no_change', 5],
    given('class_weight', null),
    ['warm_start', false],
    ['average', false],
  ];
}

/** Only their coefficients matter to it, and how it would train again. */
const readersOfCoefficients = new Set(['SelectFromModel']);

export const logisticRules = rules([
  {
    since: '0.20',
    classes: logistic,
    source: 'sklearn/linear_model/logistic.py; #9939',
    what: 'multinomial of two classes doubles what its sigmoid sees; before, it was as any other',
    up: (o) => {
      const coef = o.get('coef_');
      if (o.get('multi_class') !== 'multinomial' || !(coef instanceof NdArray) || coef.shape[0] !== 1) return;
      o.set('multi_class', 'ovr');
      o.tell("multi_class = 'multinomial' of two classes written as 'ovr', which it was");
    },
  },
  {
    since: '1.2',
    classes: logistic,
    source: `${LOGISTIC}; #23877`,
    what: "penalty 'none' is written None",
    up: (o) => {
      if (o.get('penalty') !== 'none') return;
      o.set('penalty', null);
      o.tell("penalty = 'none' written as None");
    },
    down: (o) => {
      if (o.get('penalty') !== null || !o.has('penalty')) return;
      o.set('penalty', 'none');
      o.tell("penalty = None written as 'none'");
    },
  },
  {
    since: '1.5',
    classes: logistic,
    source: `${LOGISTIC}; #28703`,
    what: "multi_class is on its way out and says 'deprecated' by default, which means 'auto'",
    down: (o) => {
      if (o.get('multi_class') !== 'deprecated') return;
      o.set('multi_class', 'auto');
      o.tell("multi_class = 'deprecated' written as 'auto', which it meant");
    },
  },
  {
    since: '1.2',
    classes: logistic,
    source: `${LOGISTIC}; #24767`,
    what: 'the solver newton-cholesky came, which trained several classes one against the rest',
    down: (o) => {
      if (o.get('solver') !== 'newton-cholesky') return;
      if ((classCount(o) ?? 0) > 2 && o.has('coef_') && o.get('multi_class') === 'auto') o.set('multi_class', 'ovr');
      o.set('solver', 'lbfgs');
      o.tell('solver = newton-cholesky written as lbfgs, with the same sigmoids');
    },
  },
  {
    since: '1.6',
    classes: logistic,
    source: `${LOGISTIC}; #28840`,
    what: 'the solver newton-cholesky trains several classes at once; before it trained one against the rest',
    up: (o) => {
      const strategy = o.get('multi_class');
      const several = (classCount(o) ?? 0) > 2 && o.has('coef_');
      if (o.get('solver') !== 'newton-cholesky' || !several || (strategy !== 'auto' && strategy !== 'deprecated'))
        return;
      o.set('multi_class', 'ovr');
      o.tell(`multi_class = ${reprOf(strategy)} written as 'ovr', which newton-cholesky did`);
    },
    down: (o) => {
      const several = (classCount(o) ?? 0) > 2 && o.has('coef_');
      if (o.get('solver') !== 'newton-cholesky' || !several || o.get('multi_class') === 'ovr') return;
      // Only how it was trained has changed; 1.5 and before answer by softmax only for other solvers.
      o.set('solver', 'lbfgs');
      o.tell('solver = newton-cholesky written as lbfgs, which shares a softmax among classes in every release');
    },
  },
  {
    since: '1.8',
    classes: logistic,
    source: `${LOGISTIC}; #32073`,
    what: 'penalty is said by l1_ratio and C: l2 is l1_ratio=0, l1 is l1_ratio=1, none is C=inf',
    up: (o) => {
      const penalty = o.get('penalty');
      if (penalty === undefined || isSentinel(penalty)) return;
      o.set('penalty', 'deprecated');
      if (o.name === 'LogisticRegression') {
        if (penalty === null) o.set('C', real(Infinity));
        if (penalty !== 'elasticnet') o.set('l1_ratio', real(penalty === 'l1' ? 1 : 0));
        else if (o.get('l1_ratio') === null) o.set('l1_ratio', real(0));
      } else if (penalty !== 'elasticnet' || o.get('l1_ratios') === null) {
        o.set('l1_ratios', [real(penalty === 'l1' ? 1 : 0)]);
      }
      o.tell(`penalty = ${reprOf(penalty)} said by l1_ratio`);
    },
    down: (o) => {
      if (!isSentinel(o.get('penalty'))) return;
      let penalty: PyValue = 'l2';
      if (o.name === 'LogisticRegression') {
        const ratio = o.get('l1_ratio') ?? null;
        if (sameValue(o.get('C') ?? null, real(Infinity))) {
          penalty = null;
          o.set('C', real(1));
        } else if (sameValue(ratio, 1)) penalty = 'l1';
        else if (ratio !== null && !sameValue(ratio, 0)) penalty = 'elasticnet';
        if (penalty !== 'elasticnet') o.set('l1_ratio', null);
      } else {
        const ratios = o.get('l1_ratios') ?? null;
        if (ratios !== null && ratios !== 'warn') penalty = 'elasticnet';
      }
      o.set('penalty', penalty);
      o.tell(`penalty = ${reprOf(penalty)} said again`);
    },
  },
  {
    since: '1.8',
    classes: logistic,
    source: `${LOGISTIC}; #32073`,
    what:
      'multi_class went: several classes always share one softmax. A model trained one class against the rest is answered ' +
      'by softmax all the same, without a word; it becomes an SGDClassifier with the logarithmic loss, which has the same coefficients and answers as before',
    up: (o) => {
      const count = classCount(o);
      if (o.has('coef_') && count !== undefined) {
        if (count > 2 && isOneVsRest(o)) {
          const holder = o.holder;
          if (holder === undefined || !readersOfCoefficients.has(holder.name)) {
            const was = o.name;
            toSigmoids(o, count);
            o.tell(
              `${was} of ${count} classes trained one against the rest written as SGDClassifier(loss='log_loss') with the same coefficients; trained again it would be another model` +
                (was.endsWith('CV') ? '; the record of its cross-validation is left out' : ''),
            );
            return;
          }
        } else if (count === 2 && o.get('multi_class') === 'multinomial') {
          throw o.refusal(
            'a multinomial LogisticRegression of two classes doubles what its sigmoid sees; no later one does',
          );
        }
      }
      const had = o.get('multi_class');
      if (!o.delete('multi_class')) return;
      o.tell(`parameter multi_class = ${reprOf(had ?? null)} left out: it went with 1.8`);
    },
    down: (o) => {
      if (o.has('multi_class')) return;
      o.set('multi_class', 'deprecated');
      o.tell("parameter multi_class = 'deprecated' added, as before 1.8");
    },
  },
]);

// ---- Bayesian regression

const bayesian = ['BayesianRidge', 'ARDRegression'];

export const bayesianRules = rules([
  {
    since: '1.2',
    classes: bayesian,
    source: 'sklearn/linear_model/_bayes.py; #24391',
    what: 'normalize went, and with it the scaling of inputs before the standard deviation is computed: sigma_ takes it over',
    up: (o) => {
      const normalize = o.get('_normalize') ?? o.get('normalize');
      if (normalize !== true || !o.has('sigma_')) return;
      const sigma = o.get('sigma_');
      const scale = o.get('X_scale_');
      if (!(sigma instanceof NdArray) || !(scale instanceof NdArray)) return;
      if (o.migration.target.index < o.migration.releaseOf('1.9')) {
        throw o.refusal(
          `${o.name} was trained with normalize=True; from 1.2 to 1.8 its standard deviations cannot take the mean off the input`,
        );
      }
      const all = toFloat64(scale);
      const used = o.name === 'ARDRegression' ? selected(o, all) : all;
      const values = toFloat64(sigma).slice();
      const n = sigma.shape[0];
      if (used.length === n) {
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) values[i * n + j] /= used[i] * used[j];
        o.set('sigma_', floats(values, [n, n]));
      }
      o.marks.add('centres');
      o.tell('the scaling that normalize did is part of sigma_');
    },
  },
  {
    since: '1.9',
    classes: bayesian,
    source: 'sklearn/linear_model/_bayes.py',
    what: 'the standard deviation takes X_offset_ off the input; models before did not, so theirs becomes 0',
    up: (o) => {
      const offset = o.get('X_offset_');
      if (o.marks.has('centres') || !(o.has('sigma_') && o.has('coef_'))) return;
      const width = offset instanceof NdArray ? offset.size : (widthOf(o.get('coef_')) ?? 1);
      o.set('X_offset_', floats(new Float64Array(width)));
      o.tell('attribute X_offset_ set to 0: standard deviations did not take it off');
    },
    down: (o) => {
      const offset = o.get('X_offset_');
      if (offset instanceof NdArray && toFloat64(offset).some((x) => x !== 0)) {
        throw o.refusal(`the standard deviations of ${o.name} take the mean off the input, which came with 1.9`);
      }
    },
  },
]);

function widthOf(value: PyValue | undefined): number | undefined {
  return value instanceof NdArray ? value.size : undefined;
}

/** The scales of the features that ARDRegression keeps. */
function selected(o: Subject, all: Float64Array): Float64Array {
  const lambda = o.get('lambda_');
  const limit = o.get('threshold_lambda');
  if (!(lambda instanceof NdArray) || limit === undefined) return all;
  const values = toFloat64(lambda);
  const bound = numberOf(limit);
  return all.filter((_, i) => values[i] < bound);
}

// ---- stochastic gradient descent

const sgd = ['SGDClassifier', 'SGDRegressor', 'SGDOneClassSVM', 'Perceptron'];
const sgdAll = [...sgd, 'PassiveAggressiveClassifier', 'PassiveAggressiveRegressor'];

export const sgdRules = rules([
  {
    since: '1.4',
    classes: sgdAll,
    source: 'sklearn/linear_model/_stochastic_gradient.py; #27979',
    what: 'attribute loss_function_ is called _loss_function_',
    up: (o) => {
      if (o.rename('loss_function_', '_loss_function_')) o.tell('attribute loss_function_ renamed to _loss_function_');
    },
    down: (o) => {
      if (o.rename('_loss_function_', 'loss_function_')) o.tell('attribute _loss_function_ renamed to loss_function_');
    },
  },
  {
    since: '1.6',
    classes: sgdAll,
    source: 'sklearn/linear_model/_stochastic_gradient.py; #28028',
    what: 'the losses Log, SquaredLoss and Huber are those of sklearn._loss',
    up: (o) => {
      const loss = o.get('_loss_function_');
      if (!(loss instanceof PyInstance)) return;
      const name = { Log: 'CyHalfBinomialLoss', SquaredLoss: 'CyHalfSquaredError', Huber: 'CyHuberLoss' }[loss.name];
      if (name === undefined) return;
      o.set('_loss_function_', cythonLoss(o, name, [...loss.args.items]));
      o.tell(`loss ${loss.name} written as ${name}`);
    },
    down: (o) => {
      const loss = o.get('_loss_function_');
      if (!(loss instanceof PyInstance)) return;
      const name = { CyHalfBinomialLoss: 'Log', CyHalfSquaredError: 'SquaredLoss', CyHuberLoss: 'Huber' }[loss.name];
      if (name === undefined) return;
      o.set('_loss_function_', o.call('sklearn.linear_model._sgd_fast', name, [...loss.args.items]));
      o.tell(`loss ${loss.name} written as ${name}`);
    },
  },
  {
    since: '1.8',
    classes: ['SGDClassifier', 'SGDOneClassSVM'],
    source: 'sklearn/linear_model/_stochastic_gradient.py; #31856',
    what: 'eta0 has to be positive: where it was 0, no learning rate used it',
    up: (o) => {
      const eta = o.get('eta0');
      if (eta === undefined || !sameValue(eta, 0)) return;
      o.set('eta0', 0.01);
      o.tell('eta0 = 0.0, which nothing used, written as 0.01');
    },
  },
  {
    since: '1.8',
    classes: ['PassiveAggressiveClassifier', 'PassiveAggressiveRegressor'],
    lasting: true,
    source: 'sklearn/linear_model/_passive_aggressive.py; #29097',
    what: 'the class warns whenever it is loaded; the same learner is SGDClassifier or SGDRegressor with learning_rate pa1 or pa2',
    up: (o) => {
      const classifier = o.name === 'PassiveAggressiveClassifier';
      const loss = o.get('loss') ?? 'hinge';
      const first = loss === 'hinge' || loss === 'epsilon_insensitive';
      const c = o.get('C') ?? real(1);
      const was = o.name;
      o.delete('C');
      const set: readonly (readonly [string, PyValue])[] = [
        ['loss', classifier ? 'hinge' : 'epsilon_insensitive'],
        ['penalty', null],
        ['alpha', real(1)],
        ['l1_ratio', classifier ? 0.15 : real(0)],
        ['learning_rate', first ? 'pa1' : 'pa2'],
        ['eta0', c],
        ['power_t', classifier ? 0.5 : 0.25],
        ['epsilon', o.get('epsilon') ?? 0.1],
      ];
      for (const [name, value] of set) o.set(name, value);
      o.become('sklearn.linear_model._stochastic_gradient', classifier ? 'SGDClassifier' : 'SGDRegressor');
      o.tell(`${was} written as ${o.name} with learning_rate ${first ? 'pa1' : 'pa2'}, as its warning asks`);
    },
  },
]);

/** The labels that a ridge classifier tells apart, which its binarizer keeps. */
export function binarizedClasses(o: Subject): PyValue | undefined {
  return o.child('_label_binarizer')?.get('classes_');
}
