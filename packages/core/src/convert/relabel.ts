import { BrineError } from '../errors.js';
import { PyDict, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { arrayBytes, toIntegers } from '../python/elements.js';
import { NdArray } from '../python/ndarray.js';

/** Estimators within estimators are followed so far (CWE-674). */
const MAX_DEPTH = 32;

/** Attributes through which an estimator answers with the labels of another. */
const DELEGATES = ['best_estimator_', 'estimator_'];

/** Encoders that some classifiers ask for the label, whatever their own `classes_` say. */
const ENCODERS = ['_label_binarizer', 'label_binarizer_', 'le_', '_label_encoder', '_le'];

/** Classifiers that compare what those inside them answer with their own classes. */
const COMPARING = new Set(['AdaBoostClassifier']);

/**
 * A copy of a classifier of numbers that answers with the names which a LabelEncoder gives those numbers: its
 * `classes_` are looked up in the encoder's, and those of the estimators inside it where they are compared with its
 * own. The original is left as it is.
 *
 * Throws UNSUPPORTED where it keeps no classes, or classes that the encoder does not have.
 */
export function relabelled(model: PyInstance, encoder: PyInstance): PyInstance {
  const names = encoder.attribute('classes_');
  if (!(names instanceof NdArray) || names.shape.length !== 1)
    throw new BrineError('BAD_STATE', 'the LabelEncoder has no list of classes', { path: 'classes_' });
  const copies = new Map<PyInstance, PyInstance>();
  let renamed = 0;

  const rename = (value: PyValue): PyValue => {
    if (!(value instanceof NdArray) || value.shape.length !== 1) return value;
    renamed++;
    return looked(value, names);
  };

  const copy = (of: PyInstance, depth: number): PyInstance => {
    const known = copies.get(of);
    if (known) return known;
    if (depth > MAX_DEPTH)
      throw new BrineError('LIMIT', `estimators nest more than ${MAX_DEPTH} deep`, { path: 'classes_' });
    const made = new PyInstance(of.made, of.callable, of.args, of.kwargs);
    copies.set(of, made);
    made.appended = of.appended;
    made.entries = of.entries;
    made.state = of.state instanceof PyDict ? stateOf(of.state, depth, COMPARING.has(of.name)) : of.state;
    return made;
  };

  const inner = (value: PyValue, depth: number): PyValue => {
    if (value instanceof PyInstance) return copy(value, depth + 1);
    if (Array.isArray(value)) return value.map((item) => inner(item, depth));
    if (value instanceof PyTuple) return new PyTuple(value.items.map((item) => inner(item, depth)));
    if (value instanceof NdArray && Array.isArray(value.data))
      return new NdArray(
        value.dtype,
        value.shape,
        value.fortran,
        value.data.map((item) => inner(item, depth)),
        value.subclass,
      );
    return value;
  };

  const stateOf = (state: PyDict, depth: number, deep: boolean): PyDict => {
    const made = new PyDict();
    for (const [key, value] of state.entries()) {
      if (key === 'classes_') made.set(key, rename(value));
      else if (key === 'steps' && Array.isArray(value)) made.set(key, lastStep(value, depth));
      else if (typeof key === 'string' && ENCODERS.includes(key) && value instanceof PyInstance)
        made.set(key, copy(value, depth + 1));
      else if (typeof key === 'string' && DELEGATES.includes(key) && value instanceof PyInstance)
        made.set(key, copy(value, depth + 1));
      else if (deep && key === 'estimators_') made.set(key, inner(value, depth));
      else made.set(key, value);
    }
    return made;
  };

  /** Of a pipeline's steps only the last one answers with labels. */
  const lastStep = (steps: readonly PyValue[], depth: number): PyValue =>
    steps.map((step, i) => {
      if (i < steps.length - 1 || !(step instanceof PyTuple)) return step;
      return new PyTuple(step.items.map((item) => (item instanceof PyInstance ? copy(item, depth + 1) : item)));
    });

  const made = copy(model, 0);
  if (renamed === 0)
    throw new BrineError(
      'UNSUPPORTED',
      `${model.name} keeps no list of classes that the label encoder’s names could take the place of; leave the encoder out, and decode its answers yourself`,
    );
  return made;
}

/** `names[numbers]`. */
function looked(numbers: NdArray, names: NdArray): NdArray {
  const indices = Array.from(toIntegers(numbers), Number);
  const count = names.shape[0] ?? 0;
  const outside = indices.find((i) => !Number.isInteger(i) || i < 0 || i >= count);
  if (outside !== undefined)
    throw new BrineError('UNSUPPORTED', `the model answers with ${outside}, the label encoder knows ${count} labels`, {
      path: 'classes_',
    });
  if (Array.isArray(names.data)) {
    const { data } = names;
    return new NdArray(
      names.dtype,
      numbers.shape,
      false,
      indices.map((i) => data[i] ?? null),
      names.subclass,
    );
  }
  const bytes = arrayBytes(names);
  const { itemsize } = names.dtype;
  const taken = new Uint8Array(indices.length * itemsize);
  indices.forEach((from, to) => {
    taken.set(bytes.subarray(from * itemsize, (from + 1) * itemsize), to * itemsize);
  });
  return new NdArray(names.dtype, numbers.shape, false, taken, names.subclass);
}
