/** Calibrated classifiers: their parts, and how they say that an estimator is fitted. */
import { PyDict } from '../../pickle/values.js';
import { renamed, rules } from '../define.js';

export const calibrations = rules([
  renamed('0.24', 'calibrators_', 'calibrators', ['_CalibratedClassifier'], 'sklearn/calibration.py; #17856'),
  {
    since: '0.24',
    classes: ['_CalibratedClassifier'],
    source: 'sklearn/calibration.py; #17856',
    what: 'the classes are given, no longer encoded by a label encoder',
    up: (o) => {
      if ((o.get('classes') ?? null) !== null) return;
      const classes = o.child('label_encoder_')?.get('classes_') ?? o.get('classes_');
      if (classes === undefined) return;
      o.set('classes', classes);
      o.delete('label_encoder_');
      o.tell('attribute classes taken from the label encoder');
    },
    down: (o) => {
      const classes = o.get('classes');
      if (classes === undefined || classes === null) return;
      o.set('classes_', classes);
      o.set(
        'label_encoder_',
        o.create('sklearn.preprocessing._label', 'LabelEncoder', PyDict.from([['classes_', classes]])),
      );
      o.tell('label encoder made of the classes, as before 0.24');
    },
  },
  renamed('1.2', 'base_estimator', 'estimator', ['_CalibratedClassifier'], 'sklearn/calibration.py; #22054'),
]);

export const prefit = rules([
  {
    since: '1.8',
    classes: ['CalibratedClassifierCV'],
    source: 'sklearn/calibration.py; #29893',
    what: "cv='prefit' went; a FrozenEstimator says that the estimator is fitted already",
    up: (o) => {
      if (o.get('cv') !== 'prefit') return;
      const estimator = o.get('estimator') ?? null;
      o.set('cv', null);
      o.set(
        'estimator',
        o.create('sklearn.frozen._frozen', 'FrozenEstimator', PyDict.from([['estimator', estimator]])),
      );
      o.tell("cv = 'prefit' said by a FrozenEstimator");
    },
  },
  {
    since: '1.6',
    classes: ['CalibratedClassifierCV', 'SelfTrainingClassifier', 'SelectFromModel', 'StackingClassifier'],
    source: 'sklearn/frozen/_frozen.py; #29705',
    what: 'FrozenEstimator came, and with it another way to say that an estimator is fitted',
    down: (o) => {
      const frozen = o.child('estimator');
      if (o.name !== 'CalibratedClassifierCV' || frozen?.name !== 'FrozenEstimator') return;
      o.set('estimator', frozen.get('estimator') ?? null);
      o.set('cv', 'prefit');
      o.tell("FrozenEstimator written as cv = 'prefit'");
    },
  },
]);
