import { describe, expect, it } from 'vitest';
import { strangerText } from './strangers.js';

describe('what is said of a class that brine does not run', () => {
  it.each([
    ['xgboost.sklearn', 'XGBClassifier', 'a class of XGBoost, which brine does not run; in Python, onnxmltools'],
    [
      'imblearn.pipeline',
      'Pipeline',
      'a class of imbalanced-learn, which brine does not run; teach it with register()',
    ],
    ['sklearn.cluster._dbscan', 'DBSCAN', 'DBSCAN tells of the rows that it was fitted on only'],
    ['sklearn.new', 'Thing', 'sklearn.new.Thing is a class of scikit-learn that brine does not run'],
    ['__main__', 'Mine', '__main__.Mine is not a class that brine knows; teach it with register()'],
    ['', '', 'its class is code that the file carries along, which brine never runs'],
    ['dill._dill', '_create_function', 'Python code that the file carries along'],
    ['constructor', 'toString', 'constructor.toString is not a class that brine knows'],
  ])('%s.%s', (module, name, said) => {
    expect(strangerText(module, name)).toContain(said);
  });
});
