/** Classes that are called otherwise. */
import { integerOf, real, rules } from '../define.js';
import type { Subject } from '../subject.js';

export const renamedClasses = rules([
  ...(
    [
      ['GraphLasso', 'GraphicalLasso'],
      ['GraphLassoCV', 'GraphicalLassoCV'],
    ] as const
  ).map(([from, to]) => ({
    since: '0.20',
    classes: [from],
    source: 'sklearn/covariance/graph_lasso_.py; #9993',
    what: `${from} is called ${to}`,
    up: (o: Subject): void => {
      o.become('sklearn.covariance.graph_lasso_', to);
      o.tell(`${from} written as ${to}`);
    },
  })),
  {
    since: '0.20',
    classes: ['Imputer'],
    source: 'sklearn/impute.py; #9151',
    what: 'SimpleImputer takes the place of Imputer, which also imputed along rows',
    up: (o) => {
      if (integerOf(o.get('axis')) === 1) throw o.refusal('Imputer imputes along rows (axis=1); nothing later does');
      if (o.get('missing_values') === 'NaN') o.set('missing_values', real(NaN));
      o.delete('axis');
      o.set('fill_value', null);
      o.become('sklearn.impute', 'SimpleImputer');
      o.tell('Imputer written as SimpleImputer');
    },
  },
]);
