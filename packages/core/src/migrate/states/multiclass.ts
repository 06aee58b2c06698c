/** One against the rest: who wins where classes tie. */
import { PyInstance, PyTuple } from '../../pickle/values.js';
import { rules } from '../define.js';
import type { Subject } from '../subject.js';

/** True where no two classes get the very same number but by a miracle: weighted sums of inputs or kernels. */
function isContinuous(o: Subject | undefined): boolean {
  if (!o) return false;
  if (o.has('coef_') || o.has('dual_coef_') || o.has('coefs_')) return true;
  const steps = o.get('steps');
  const last = Array.isArray(steps) ? steps[steps.length - 1] : undefined;
  const end = last instanceof PyTuple ? last.items[1] : (o.get('best_estimator_') ?? o.get('regressor_'));
  return end instanceof PyInstance && isContinuous(o.migration.subjectOf(end));
}

function refuseTies(o: Subject): void {
  const list = o.get('estimators_');
  const first = Array.isArray(list) ? list[0] : undefined;
  if (!(first instanceof PyInstance) || o.child('label_binarizer_')?.get('y_type_') !== 'multiclass') return;
  const inner = o.migration.subjectOf(first);
  if (isContinuous(inner)) return;
  throw o.refusal(
    `OneVsRestClassifier of ${inner.name}: where classes tie, the last of them won until 1.7, the first wins since; the predictions would be others`,
  );
}

export const ties = rules([
  {
    since: '1.8',
    classes: ['OneVsRestClassifier'],
    source: 'sklearn/multiclass.py; #15504',
    what: 'where classes tie, the first wins, no longer the last',
    up: refuseTies,
    down: refuseTies,
  },
]);
