import { BrineError } from '../../errors.js';
import { PyDict, PyObject, PyTuple, type PyInstance, type PyValue } from '../../pickle/values.js';
import { corrupt } from '../check.js';
import { NdArray } from '../ndarray.js';
import { columnOf, firstOf, intervals, pick, zoneText, type Column } from './column.js';

/** A RangeIndex is a few numbers in the file; more labels than this are not written out (CWE-770). */
const MAX_RANGE = 2 ** 24;

/** Each level of a MultiIndex unfolds to all its labels (CWE-770). */
const MAX_LEVELS = 256;

/** A pandas Index of any class, as the parts that the file gives. */
export class PandasIndex extends PyObject {
  override readonly kind = 'Index';
  /** `Index`, `RangeIndex`, `MultiIndex`, `Int64Index` … */
  readonly className: string;
  readonly parts: PyDict;
  /** The call or instance that the file has for it, for writing it back. */
  readonly origin: PyInstance | undefined;

  constructor(className: string, parts: PyDict, origin?: PyInstance) {
    super();
    this.className = className;
    this.parts = parts;
    this.origin = origin;
  }

  get name(): PyValue {
    return this.parts.get('name') ?? null;
  }

  /** The names of a MultiIndex's levels; one name otherwise. */
  get names(): PyValue[] {
    const names = this.parts.get('names');
    if (Array.isArray(names)) return names;
    return names instanceof PyTuple ? names.items : [this.name];
  }

  /** The number of labels. */
  get length(): number {
    if (this.className === 'RangeIndex' && this.parts.has('start')) return this.#range()[1];
    const data = this.parts.get('data');
    if (data instanceof NdArray) return data.size;
    return this.asColumn().values().length;
  }

  get dtype(): string {
    return this.asColumn().dtype;
  }

  /** The labels in order; those of a MultiIndex are tuples. */
  labels(): PyValue[] {
    return this.asColumn().values();
  }

  asColumn(): Column {
    const { parts } = this;
    if (parts.has('start')) {
      const [start, count, step] = this.#range();
      return { dtype: 'int64', values: () => Array.from({ length: count }, (_, i) => start + i * step) };
    }
    if (parts.has('levels')) return this.#multi();
    const [left, right] = [parts.get('left'), parts.get('right')];
    if (left !== undefined && right !== undefined) return intervals(left, right, parts.get('closed'));
    const data = firstOf(parts, 'data', 'values', 'ordinal');
    if (data === undefined) throw new BrineError('BAD_STATE', `a pandas ${this.className} holds no data`);
    const column = columnOf(data);
    const zone = parts.get('tz');
    if (zone === undefined || zone === null || !column.dtype.endsWith(']') || column.dtype.includes(',')) return column;
    // Before 0.24 the zone stood beside the counts, which are UTC.
    return {
      dtype: `${column.dtype.slice(0, -1)}, ${zoneText(zone)}]`,
      values: () => column.values().map((text) => (typeof text === 'string' ? `${text}Z` : text)),
    };
  }

  /** Start, count and step of a RangeIndex. */
  #range(): [number, number, number] {
    const [start, stop, step] = ['start', 'stop', 'step'].map((name) => this.parts.get(name));
    if (typeof start !== 'number' || typeof stop !== 'number' || typeof step !== 'number' || step === 0) {
      throw corrupt('a RangeIndex has no start, stop and step');
    }
    const count = Math.max(0, Math.ceil((stop - start) / step));
    if (count > MAX_RANGE) throw new BrineError('LIMIT', `a RangeIndex has ${count} labels; the limit is ${MAX_RANGE}`);
    return [start, count, step];
  }

  #multi(): Column {
    const levels = listOf(this.parts.get('levels'));
    const codes = listOf(firstOf(this.parts, 'codes', 'labels'));
    if (!levels || codes?.length !== levels.length) throw corrupt('a MultiIndex has not as many codes as levels');
    if (levels.length > MAX_LEVELS) {
      throw new BrineError('LIMIT', `a MultiIndex has ${levels.length} levels; the limit is ${MAX_LEVELS}`);
    }
    return {
      dtype: 'object',
      values: () => {
        const columns = levels.map((level, i) => {
          const code = codes[i];
          if (!(code instanceof NdArray)) throw corrupt(`level ${i} of a MultiIndex has no codes`);
          return pick(columnOf(level).values(), code);
        });
        const count = columns[0]?.length ?? 0;
        if (columns.some((column) => column.length !== count))
          throw corrupt('the levels of a MultiIndex differ in length');
        return Array.from({ length: count }, (_, i) => new PyTuple(columns.map((column) => column[i])));
      },
    };
  }
}

function listOf(value: PyValue | undefined): PyValue[] | undefined {
  if (Array.isArray(value)) return value;
  return value instanceof PyTuple ? value.items : undefined;
}
