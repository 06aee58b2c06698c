import { PyFloat, PyGlobal, PyTuple, type PyValue } from '../pickle/values.js';
import { numberOf } from '../python/elements.js';
import { NumpyScalar } from '../python/ndarray.js';

/** True for values that a parameter's default may be compared by: numbers by value, tuples by their items. */
export function sameValue(a: PyValue, b: PyValue): boolean {
  if (a === b) return true;
  if (a instanceof PyTuple && b instanceof PyTuple) {
    return a.items.length === b.items.length && a.items.every((item, i) => sameValue(item, b.items[i]));
  }
  if (a instanceof PyGlobal && b instanceof PyGlobal) return a.fullName === b.fullName;
  const [x, y] = [plainNumber(a), plainNumber(b)];
  return x !== undefined && y !== undefined && Object.is(x, y);
}

function plainNumber(value: PyValue): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof PyFloat) return value.value + 0;
  return value instanceof NumpyScalar ? numberOf(value) : undefined;
}
