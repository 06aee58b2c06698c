import { BrineError } from '../errors.js';
import { estimator } from './estimator.js';
import { child, raw } from './fields.js';

/** Searches answer with the estimator that they found best and fitted again on everything. */
const searches = estimator(
  ['GridSearchCV', 'RandomizedSearchCV', 'HalvingGridSearchCV', 'HalvingRandomSearchCV'],
  { best_estimator_: child, refit: raw },
  {
    modules: [
      'sklearn.model_selection._search',
      'sklearn.model_selection._search_successive_halving',
      'sklearn.grid_search',
    ],
    input: 'data',
    picks: true,
    methods: {},
    offers: (m) => (m.refit === false ? [] : m.best_estimator_.methods),
    takes: (m) => m.best_estimator_.takes,
    features: (m) => m.best_estimator_.nFeatures,
    columns: (m) => m.best_estimator_.columns,
    inputNames: (m) => m.best_estimator_.inputNames,
    any: (m, method, data, g) => {
      if (m.refit === false)
        throw new BrineError('NOT_FITTED', 'the search was made with refit=False and holds no fitted estimator', {
          path: m.estimator.path,
        });
      return m.best_estimator_.run(method, data, g);
    },
    names: (m, input) => m.best_estimator_.outputNames(input),
  },
);

export const modelSelection = [searches];
