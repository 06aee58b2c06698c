import { BrineError } from '../errors.js';
import type { LazyBytes } from '../bytes/lazy.js';
import { PyObject, type PyValue } from '../pickle/values.js';

/** numpy's one-letter kinds: float, int, unsigned, bool, unicode, bytes, object, datetime, timedelta, complex, void, StringDType. */
export type DtypeKind = 'f' | 'i' | 'u' | 'b' | 'U' | 'S' | 'O' | 'M' | 'm' | 'c' | 'V' | 'T';

export interface DtypeField {
  readonly name: string;
  readonly dtype: Dtype;
  /** Byte offset in the record. */
  readonly offset: number;
  readonly title?: string;
}

export interface DtypeDetails {
  fields?: readonly DtypeField[];
  subarray?: { base: Dtype; shape: readonly number[] };
  unit?: readonly [string, number];
  align?: boolean;
  record?: boolean;
  strict?: boolean;
  metadata?: PyValue;
}

/** A numpy dtype. */
export class Dtype extends PyObject {
  override readonly kind = 'dtype';
  readonly type: DtypeKind;
  /** Bytes per element; `U3` has 12. */
  readonly itemsize: number;
  /** `<`, `>`, or `|` where order means nothing. */
  readonly byteOrder: '<' | '>' | '|';
  /** Structured dtypes. */
  readonly fields: readonly DtypeField[] | undefined;
  /** Sub-array dtypes: what each element is an array of. */
  readonly subarray: { readonly base: Dtype; readonly shape: readonly number[] } | undefined;
  /** datetime64 and timedelta64: unit and count, as in `['ns', 1]`. */
  readonly unit: readonly [string, number] | undefined;
  /** The numpy `align` flag of structured dtypes. */
  readonly align: boolean;
  /** True for `numpy.record` in place of plain void: elements have their fields as attributes. */
  readonly record: boolean;
  /** True for a StringDType that takes nothing but text (`coerce=False`). */
  readonly strict: boolean;
  readonly metadata: PyValue | undefined;
  /** How deep records and sub-arrays nest, and how many fields there are in all: bounded, so that walks end. */
  readonly depth: number;
  readonly leaves: number;

  /** Throws LIMIT for records that nest too deep or have too many fields. */
  constructor(type: DtypeKind, itemsize: number, byteOrder: '<' | '>' | '|', more: DtypeDetails = {}) {
    super();
    this.type = type;
    this.itemsize = itemsize;
    this.byteOrder = byteOrder;
    this.fields = more.fields;
    this.subarray = more.subarray;
    this.unit = more.unit;
    this.align = more.align ?? false;
    this.record = more.record ?? false;
    this.strict = more.strict ?? false;
    this.metadata = more.metadata;
    const inner = more.subarray ? [more.subarray.base] : (more.fields?.map((f) => f.dtype) ?? []);
    this.depth = inner.reduce((depth, d) => Math.max(depth, d.depth + 1), 0);
    this.leaves = inner.reduce((leaves, d) => leaves + d.leaves, inner.length === 0 ? 1 : 0);
    if (this.depth > MAX_DTYPE_DEPTH || this.leaves > MAX_DTYPE_LEAVES) {
      throw new BrineError(
        'LIMIT',
        `a dtype nests ${this.depth} deep with ${this.leaves} fields; the limits are ${MAX_DTYPE_DEPTH} and ${MAX_DTYPE_LEAVES}`,
      );
    }
  }
}

/** Records within records. Nobody nests more than a few; a chain of thousands is a stack bomb (CWE-674). */
export const MAX_DTYPE_DEPTH = 32;

/** Fields of one record in all. A record of shared records doubles them at each level (CWE-400). */
export const MAX_DTYPE_LEAVES = 100_000;

/**
 * A numpy array as its bytes. `shape` is checked against the bytes when the array is made, so readers may
 * index without fear. Object arrays hold `items` in memory order instead of bytes.
 */
export class NdArray extends PyObject {
  override readonly kind = 'ndarray';
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** True for Fortran (column-major) memory order. */
  readonly fortran: boolean;
  /** Raw bytes in the dtype's byte order (maybe not read yet), or the elements of an object or StringDType array. */
  readonly data: Uint8Array | LazyBytes | PyValue[];
  /** The Python class: `numpy.ndarray`, `numpy.matrix`, `numpy.recarray`, `numpy.memmap`. */
  readonly subclass: string;

  constructor(
    dtype: Dtype,
    shape: readonly number[],
    fortran: boolean,
    data: Uint8Array | LazyBytes | PyValue[],
    subclass = 'numpy.ndarray',
  ) {
    super();
    this.dtype = dtype;
    this.shape = shape;
    this.fortran = fortran;
    this.data = data;
    this.subclass = subclass;
  }

  get size(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }

  /**
   * Takes over the content of `other`, but not its subclass. A pickle makes an empty array first and fills
   * it later, when references to it may exist already; only the reader of the filling calls this.
   */
  become(other: NdArray): void {
    Object.assign(this, {
      dtype: other.dtype,
      shape: other.shape,
      fortran: other.fortran,
      data: other.data,
    } satisfies Partial<NdArray>);
  }
}

/** A numpy scalar such as `numpy.float64(1.5)`: a 0-d array's worth of bytes (or one object). */
export class NumpyScalar extends PyObject {
  override readonly kind = 'scalar';
  readonly dtype: Dtype;
  readonly data: Uint8Array | PyValue;
  constructor(dtype: Dtype, data: Uint8Array | PyValue) {
    super();
    this.dtype = dtype;
    this.data = data;
  }
}
