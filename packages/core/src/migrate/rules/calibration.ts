import { prefit, calibrations } from '../states/calibration.js';
import { added, meant, removed, succeeded } from '../define.js';
import type { Chapter } from '../rule.js';

export const calibration: Chapter = {
  module: 'sklearn.calibration',
  rules: [
    ...prefit,

    ...calibrations,

    meant('0.20', 'cv', 'warn', 3, ['CalibratedClassifierCV'], 'sklearn/calibration.py', 'came'),
    meant('0.22', 'cv', 'warn', 3, ['CalibratedClassifierCV'], 'sklearn/calibration.py', 'went'),
    added('0.24', 'ensemble', true, ['CalibratedClassifierCV'], 'sklearn/calibration.py'),
    added('0.24', 'n_jobs', null, ['CalibratedClassifierCV'], 'sklearn/calibration.py'),
    succeeded('1.2', 'base_estimator', 'estimator', ['CalibratedClassifierCV'], 'sklearn/calibration.py'),
    removed('1.4', 'base_estimator', 'deprecated', ['CalibratedClassifierCV'], 'sklearn/calibration.py'),
  ],
  existence: [{ since: '1.8', names: ['_TemperatureScaling'], change: 'came' }],
};
