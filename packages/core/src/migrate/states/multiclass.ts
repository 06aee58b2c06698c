/** One against the rest: who wins where classes tie. */
import { PyInstance, PyTuple } from '../../pickle/values.js';
import { NdArray } from '../../python/ndarray.js';
import { bind } from '../../estimators/index.js';
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

/** True where it has scores with a sign; others are asked for probabilities or predictions, which have none. */
function hasDecision(inner: Subject): boolean {
  try {
    return bind(inner.instance).offers('decision_function');
  } catch {
    return isContinuous(inner);
  }
}

/** Of two classes, the second won where its score was above 0; of probabilities, it is above one half since 1.1. */
function refuseOldThreshold(o: Subject, nearest?: string): void {
  const classes = o.get('classes_');
  const list = o.get('estimators_');
  const [first] = list instanceof PyTuple ? list.items : Array.isArray(list) ? list : [];
  if (!(classes instanceof NdArray) || classes.size !== 2 || !(first instanceof PyInstance)) return;
  const inner = o.migration.subjectOf(first);
  if (o.marks.has(LARGEST_WINS) || hasDecision(inner)) return;
  throw o.refusal(
    `OneVsOneClassifier of ${inner.name} with two classes: from 0.19 to 1.0 every probability above 0 counted for the second class, since 1.1 those above one half; the predictions would be others`,
    nearest,
  );
}

const LARGEST_WINS = 'the larger of two scores wins';

export const ties = rules([
  {
    since: '0.19',
    classes: ['OneVsOneClassifier'],
    source: 'sklearn/multiclass.py',
    what: 'of two classes, one score tells by its sign; before, the larger of two won',
    up: (o) => {
      // Where the way leads beyond 1.0, the two are one again.
      if (o.migration.target.index < o.migration.releaseOf('1.1')) refuseOldThreshold(o, '1.1');
      o.marks.add(LARGEST_WINS);
    },
  },
  {
    since: '1.1',
    classes: ['OneVsOneClassifier'],
    source: 'sklearn/multiclass.py, _threshold_for_binary_predict',
    what: 'of two classes, probabilities are compared with one half, no longer with 0',
    up: (o) => {
      refuseOldThreshold(o);
    },
    down: (o) => {
      refuseOldThreshold(o);
    },
  },
  {
    since: '1.8',
    classes: ['OneVsRestClassifier'],
    source: 'sklearn/multiclass.py; #15504',
    what: 'where classes tie, the first wins, no longer the last',
    up: refuseTies,
    down: refuseTies,
  },
]);
