import type { Reduction } from '../../pickle/reduction.js';
import { PyDict, PyGlobal, PyTuple, type PyValue } from '../../pickle/values.js';
import type { Dtype } from '../ndarray.js';
import { encodeUtf8 } from '../text.js';
import { call, type ReduceContext } from './table.js';

/** numpy's flags of a dtype whose elements are Python objects, and those that a record inherits from its fields. */
const OBJECT_FLAGS = 63;
const FROM_FIELDS = 27;
/** NPY_USE_GETITEM for text, NPY_NEEDS_PYAPI for records, NPY_ALIGNED_STRUCT. */
const TEXT_FLAGS = 8;
const RECORD_FLAGS = 16;
const ALIGNED = 0x80;

/**
 * `dtype('f8', False, True)` and its state `(version, byteorder, subarray, names, fields, itemsize, alignment,
 * flags[, metadata])`. Source: numpy/_core/src/multiarray/descriptor.c, `arraydescr_reduce`.
 */
export function dtypeReduction(dtype: Dtype, context: ReduceContext): Reduction {
  const plain = !dtype.fields && !dtype.subarray && dtype.metadata === undefined;
  if (!plain) return compound(dtype, context);
  const key = `${dtype.byteOrder}${dtype.type}${dtype.itemsize}${dtype.unit?.join() ?? ''}${dtype.record}${dtype.strict}`;
  const known = context.dtypes.get(key);
  if (known) return known;
  const reduction = compound(dtype, context);
  context.dtypes.set(key, reduction);
  return reduction;
}

function compound(dtype: Dtype, { numpy }: ReduceContext): Reduction {
  const { type, itemsize, unit, fields, subarray, metadata } = dtype;
  // Only numpy 2 has such strings.
  if (type === 'T') {
    const missing = metadata === undefined ? [] : [metadata];
    return call('numpy._core._internal', '_convert_to_stringdtype_kwargs', dtype.strict ? 0 : 1, ...missing);
  }
  const flexible = 'SUV'.includes(type);
  const alignment = flexible ? alignmentOf(dtype) : -1;
  const head = [
    dtype.byteOrder,
    subarray ? new PyTuple([subarray.base, new PyTuple([...subarray.shape])]) : null,
    fields ? new PyTuple(fields.map((field) => field.name)) : null,
    fields ? fieldsDict(dtype) : null,
    flexible ? itemsize : -1,
    alignment,
    flagsOf(dtype, numpy),
  ];
  const more = unit ? unitMetadata(unit, metadata, numpy) : metadata;
  const state = more === undefined ? [3, ...head] : [4, ...head, more];
  const spec = dtype.record ? new PyGlobal('numpy', 'record') : codeOf(dtype);
  return { ...call('numpy', 'dtype', spec, false, true), state: new PyTuple(state) };
}

/** `U3` counts characters, `M8` says its unit elsewhere. */
function codeOf({ type, itemsize }: Dtype): string {
  return `${type}${type === 'U' ? itemsize / 4 : itemsize}`;
}

function alignmentOf(dtype: Dtype): number {
  if (dtype.fields) return dtype.align ? Math.max(1, ...dtype.fields.map((f) => naturalAlignment(f.dtype))) : 1;
  if (dtype.subarray) return naturalAlignment(dtype.subarray.base);
  return dtype.type === 'U' ? 4 : 1;
}

/** As C aligns it on 64-bit machines. Dtypes nest only as deep as was checked when they were made. */
function naturalAlignment(dtype: Dtype): number {
  if (dtype.fields || dtype.subarray || 'SUV'.includes(dtype.type)) return alignmentOf(dtype);
  return dtype.type === 'c' ? dtype.itemsize / 2 : Math.min(dtype.itemsize, 16);
}

function flagsOf(dtype: Dtype, numpy: 1 | 2 | undefined): number {
  if (dtype.type === 'O') return OBJECT_FLAGS;
  if (dtype.type === 'U') return TEXT_FLAGS;
  if (dtype.subarray) return flagsOf(dtype.subarray.base, numpy) & FROM_FIELDS;
  if (!dtype.fields) return 0;
  const flags = dtype.fields.reduce(
    (all, { dtype: inner }) => all | (flagsOf(inner, numpy) & FROM_FIELDS),
    RECORD_FLAGS,
  );
  if (!dtype.align) return flags;
  // numpy 1 keeps flags in a signed byte and refuses 144; numpy 2 reads both.
  return numpy === 2 ? flags | ALIGNED : flags | (ALIGNED - 256);
}

function fieldsDict({ fields }: Dtype): PyDict {
  const dict = new PyDict();
  for (const { name, dtype, offset, title } of fields ?? []) {
    const entry = new PyTuple(title === undefined ? [dtype, offset] : [dtype, offset, title]);
    dict.set(name, entry);
    if (title !== undefined) dict.set(title, entry);
  }
  return dict;
}

/** The ninth item of a datetime's state: `(metadata, (unit, count, 1, 1))`. numpy 1 needs a dict for the first. */
function unitMetadata(
  unit: readonly [string, number],
  metadata: PyValue | undefined,
  numpy: 1 | 2 | undefined,
): PyValue {
  const own = metadata ?? (numpy === 2 ? null : new PyDict());
  return new PyTuple([own, new PyTuple([encodeUtf8(unit[0]), unit[1], 1, 1])]);
}
