import { PyObject, PyTuple, type PyValue } from '../pickle/values.js';
import { checkedArray, corrupt, hasObject } from './check.js';
import { Dtype, NdArray } from './ndarray.js';
import { bytesOf } from './text.js';

/** `numpy.ma.MaskedArray`: data, and a mask of the same shape (true where masked). */
export class MaskedArray extends PyObject {
  override readonly kind = 'masked';
  /** Undefined until BUILD fills it. */
  data: NdArray | undefined;
  mask: NdArray | undefined;
  fillValue: PyValue = null;
}

/** `_mareconstruct(subtype, baseclass, baseshape, basetype)`. */
export function makeMasked(): PyValue {
  return new MaskedArray();
}

/** `MaskedArray.__setstate__`: `(version, shape, dtype, is_fortran, data, mask, fill_value)`. */
export function settleMasked(target: MaskedArray, state: PyValue): boolean {
  const [, shape, dtype, fortran, raw, rawMask, fill] = state instanceof PyTuple ? state.items : [];
  const data = dtype instanceof Dtype && hasObject(dtype) ? raw : bytesOf(raw);
  const mask = bytesOf(rawMask);
  if (!(dtype instanceof Dtype && shape instanceof PyTuple && mask)) throw corrupt('a masked array has no mask');
  if (!(Array.isArray(data) || data instanceof Uint8Array)) throw corrupt('a masked array has no data');
  const order = fortran === true || fortran === 1;
  target.data = checkedArray(dtype, shape.items, order && !Array.isArray(data), data);
  target.mask = checkedArray(maskDtype(dtype), shape.items, order, mask);
  target.fillValue = fill ?? null;
  return true;
}

/** numpy's `make_mask_descr`: a bool in place of every number. */
function maskDtype(dtype: Dtype): Dtype {
  if (dtype.subarray) {
    const base = maskDtype(dtype.subarray.base);
    const { shape } = dtype.subarray;
    return new Dtype(
      'V',
      shape.reduce((a, b) => a * b, base.itemsize),
      '|',
      { subarray: { base, shape } },
    );
  }
  if (!dtype.fields) return new Dtype('b', 1, '|');
  let offset = 0;
  const fields = dtype.fields.map((field) => {
    const inner = maskDtype(field.dtype);
    const at = offset;
    offset += inner.itemsize;
    return { name: field.name, dtype: inner, offset: at };
  });
  return new Dtype('V', offset, '|', { fields });
}
