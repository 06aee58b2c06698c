import { PyDict, PyTuple, type PyValue } from '../pickle/values.js';
import { Dtype, type DtypeDetails, type DtypeField, type DtypeKind } from './ndarray.js';
import { checkEmptyItems, corrupt } from './check.js';
import { textOf } from './text.js';

/** numpy's own short name: `<f8`, `|b1`, `<U3`, `<M8[ns]`, `|O`; records as `|V56`. */
export function dtypeName(dtype: Dtype): string {
  const { type, itemsize, byteOrder, unit } = dtype;
  if (type === 'O') return '|O';
  if (type === 'T') return '|T16';
  const size = type === 'U' ? itemsize / 4 : itemsize;
  const of = unit && unit[0] !== 'generic' ? `[${unit[1] === 1 ? '' : unit[1]}${unit[0]}]` : '';
  return `${byteOrder}${type}${size}${of}`;
}

const NATIVE = '<';

/**
 * The dtype that numpy's short text means: `<f8`, `f8`, `?`, `O`, `M8[25s]`, `S3`, `V56`, `float64`.
 * Undefined if it means none.
 */
export function parseDtype(text: string): Dtype | undefined {
  const match = /^([<>|=]?)([a-zA-Z?])(\d{0,10})(?:\[(\d{0,9})([a-zA-Zμ]+)(?:\/\d+)?\])?$/.exec(text);
  const plain = match ? undefined : scalarTypes[text];
  if (plain !== undefined) return parseDtype(plain);
  if (!match) return undefined;
  const [, mark, letter, digits, count, unit] = match;
  const size = digits === '' ? undefined : Number(digits);
  const kind = kindOfLetter(letter, size);
  if (!kind) return undefined;
  const [type, bytes] = kind;
  const more: DtypeDetails = {};
  if (type === 'M' || type === 'm') more.unit = unit === undefined ? ['generic', 1] : [unit, Number(count || 1)];
  else if (unit !== undefined) return undefined;
  return new Dtype(type, bytes, byteOrderFor(type, bytes, mark), more);
}

/** Byte order as numpy shows it: `|` for kinds where it means nothing. */
function byteOrderFor(type: DtypeKind, itemsize: number, mark: string): '<' | '>' | '|' {
  if ('SVbOT'.includes(type) || ('iu'.includes(type) && itemsize === 1)) return '|';
  return mark === '>' ? '>' : NATIVE;
}

const sizes: Readonly<Record<string, readonly number[]>> = {
  f: [2, 4, 8, 12, 16],
  c: [8, 16, 24, 32],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  M: [8],
  m: [8],
};

function kindOfLetter(letter: string, size: number | undefined): [DtypeKind, number] | undefined {
  switch (letter) {
    case '?':
      return size === undefined ? ['b', 1] : undefined;
    case 'b':
      // A lone `b` is a signed byte, `b1` a bool.
      return size === undefined ? ['i', 1] : size === 1 ? ['b', 1] : undefined;
    case 'O':
      return ['O', 8];
    case 'T':
      return ['T', 16];
    case 'S':
    case 'a':
      return ['S', size ?? 0];
    case 'U':
      return ['U', (size ?? 0) * 4];
    case 'V':
      return ['V', size ?? 0];
    case 'f':
    case 'i':
    case 'u':
    case 'c':
    case 'M':
    case 'm': {
      if (size === undefined) return letterCodes[letter];
      return sizes[letter].includes(size) ? [letter, size] : undefined;
    }
    default:
      return size === undefined ? letterCodes[letter] : undefined;
  }
}

/** One-letter codes without a size. `l` and `g` depend on the platform; here they are those of 64-bit Linux. */
const letterCodes: Readonly<Record<string, [DtypeKind, number] | undefined>> = {
  f: ['f', 4],
  i: ['i', 4],
  M: ['M', 8],
  m: ['m', 8],
  d: ['f', 8],
  e: ['f', 2],
  g: ['f', 16],
  h: ['i', 2],
  l: ['i', 8],
  q: ['i', 8],
  p: ['i', 8],
  B: ['u', 1],
  H: ['u', 2],
  I: ['u', 4],
  L: ['u', 8],
  Q: ['u', 8],
  P: ['u', 8],
  F: ['c', 8],
  D: ['c', 16],
  G: ['c', 32],
};

/** numpy scalar types and Python types by name: `numpy.dtype(numpy.float64)`. */
export const scalarTypes: Readonly<Record<string, string | undefined>> = Object.assign(
  Object.create(null) as Record<string, string>,
  {
    float16: 'f2',
    float32: 'f4',
    float64: 'f8',
    float_: 'f8',
    float: 'f8',
    double: 'f8',
    longdouble: 'f16',
    float128: 'f16',
    complex64: 'c8',
    complex128: 'c16',
    complex: 'c16',
    int8: 'i1',
    int16: 'i2',
    int32: 'i4',
    int64: 'i8',
    int: 'i8',
    int_: 'i8',
    intp: 'i8',
    long: 'i8',
    uint8: 'u1',
    uint16: 'u2',
    uint32: 'u4',
    uint64: 'u8',
    uintp: 'u8',
    bool: '?',
    bool_: '?',
    object: 'O',
    object_: 'O',
    str: 'U',
    str_: 'U',
    unicode_: 'U',
    bytes: 'S',
    bytes_: 'S',
    string_: 'S',
    datetime64: 'M8',
    timedelta64: 'm8',
    void: 'V',
    record: 'V',
  },
);

/** numpy's NPY_ALIGNED_STRUCT. */
const ALIGNED = 0x80;

/**
 * What `numpy.dtype.__setstate__` makes of a pickled state, in all its versions (0 to 4):
 * `[version,] byteorder, subarray, [names,] fields, itemsize, alignment[, flags[, metadata]]`.
 * Undefined if the state has no such form; throws CORRUPT if fields lie outside the record.
 * Source: numpy/_core/src/multiarray/descriptor.c, `arraydescr_setstate`.
 */
export function dtypeFromState(base: Dtype, state: PyValue): Dtype | undefined {
  if (!(state instanceof PyTuple)) return undefined;
  const { items } = state;
  if (items.length < 5 || items.length > 9) return undefined;
  // 5 items: no version; 6: version 1; from 7 on, names come before fields.
  const rest = items.length > 5 ? items.slice(1) : items;
  const named = items.length >= 7;
  const mark = textOf(rest[0]);
  const subarray = rest[1];
  const fields = rest[named ? 3 : 2];
  const names = named ? rest[2] : fields instanceof PyDict ? fields.get(-1) : null;
  const [size, , flags, metadata] = rest.slice(named ? 4 : 3);
  if (mark === undefined || !'<>|='.includes(mark)) return undefined;

  const itemsize = typeof size === 'number' && size >= 0 ? size : base.itemsize;
  const more: DtypeDetails = {};
  if (base.unit) more.unit = base.unit;
  if (base.record) more.record = true;
  if (typeof flags === 'number' && (flags & ALIGNED) !== 0) more.align = true;
  if (metadata !== undefined && metadata !== null) {
    const unit = base.type === 'M' || base.type === 'm' ? unitOf(metadata) : undefined;
    if (unit) more.unit = unit;
    const user = unit && metadata instanceof PyTuple ? metadata.items[0] : metadata;
    if (user !== null) more.metadata = user;
  }
  if (subarray !== null) more.subarray = subarrayOf(subarray, itemsize);
  if (fields !== null && names !== null && names !== undefined) more.fields = fieldsOf(fields, names, itemsize);
  if (base.type === 'U' && itemsize % 4 !== 0) throw corrupt(`a text dtype has ${itemsize} bytes per element`);
  if (itemsize !== base.itemsize && sizes[base.type] && !sizes[base.type].includes(itemsize)) {
    throw corrupt(`a dtype of kind ${base.type} has ${itemsize} bytes per element`);
  }
  return new Dtype(base.type, itemsize, byteOrderFor(base.type, itemsize, mark), more);
}

function unitOf(metadata: PyValue): readonly [string, number] | undefined {
  const pair = metadata instanceof PyTuple ? metadata.items[1] : undefined;
  const [unit, count] = pair instanceof PyTuple ? pair.items : [];
  const text = textOf(unit);
  return text !== undefined && typeof count === 'number' ? [text, count] : undefined;
}

function subarrayOf(value: PyValue, itemsize: number): { base: Dtype; shape: readonly number[] } {
  const [base, dims] = value instanceof PyTuple ? value.items : [];
  const shape = dims instanceof PyTuple ? dims.items : [dims];
  if (!(base instanceof Dtype) || !shape.every((n) => typeof n === 'number')) {
    throw corrupt('a sub-array dtype does not say what it is an array of');
  }
  return subarray(base, shape, itemsize);
}

/** A checked sub-array of `base`. `itemsize` is what it takes in its record. */
export function subarray(
  base: Dtype,
  shape: readonly number[],
  itemsize: number,
): { base: Dtype; shape: readonly number[] } {
  const count = shape.reduce((a, b) => a * b, 1);
  checkEmptyItems(count, base.itemsize);
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0) || count * base.itemsize !== itemsize) {
    throw corrupt(`a sub-array of shape (${shape.join(', ')}) × ${base.itemsize} bytes claims ${itemsize} bytes`);
  }
  return { base, shape };
}

function fieldsOf(fields: PyValue, names: PyValue, itemsize: number): DtypeField[] {
  const list = names instanceof PyTuple ? names.items : Array.isArray(names) ? names : undefined;
  if (!list || !(fields instanceof PyDict)) throw corrupt('a structured dtype names no fields');
  return list.map((key) => {
    const name = textOf(key);
    const entry = fields.get(key);
    const [dtype, offset, title] = entry instanceof PyTuple ? entry.items : [];
    if (name === undefined || !(dtype instanceof Dtype) || typeof offset !== 'number') {
      throw corrupt(
        `field ${name === undefined ? 'without a name' : JSON.stringify(name)} of a structured dtype has no type and offset`,
      );
    }
    return checkedField({ name, dtype, offset, ...(typeof title === 'string' ? { title } : {}) }, itemsize);
  });
}

/** The field itself, if it lies within a record of `itemsize` bytes; throws CORRUPT otherwise. */
export function checkedField(field: DtypeField, itemsize: number): DtypeField {
  const { name, dtype, offset } = field;
  if (!Number.isSafeInteger(offset) || offset < 0 || offset + dtype.itemsize > itemsize) {
    throw corrupt(
      `field ${JSON.stringify(name)} takes bytes ${offset} to ${offset + dtype.itemsize} of a record of ${itemsize}`,
    );
  }
  return field;
}
