import { isTensor, type DType, type Value } from '../graph/tensor.js';
import type { GraphOutput } from '../model/model.js';
import type { ModelOutput } from '../model/output.js';
import { pickColumns, rowsOf, type Rows } from './rows.js';
import { coarser, unitInLastPlace, usualTolerance, type Tolerance } from './tolerance.js';

/** A place of an answer, and what the two sides say there. */
export interface ComparedPlace {
  readonly row: number;
  readonly column: number;
  readonly a: unknown;
  readonly b: unknown;
}

/** The largest of some kind of difference, and where it is. */
export interface LargestDifference extends ComparedPlace {
  readonly value: number;
}

/** How one output of two answers compares. */
export interface OutputComparison {
  readonly name: string;
  /** `labels` are equal or not; `numbers` may differ by the tolerance. */
  readonly kind: 'labels' | 'numbers';
  readonly same: boolean;
  readonly rows: number;
  readonly values: number;
  readonly dtypes: readonly [a: string, b: string];
  readonly tolerance: Tolerance;
  /** Values that are equal to the last bit. */
  readonly identical: number;
  /** Labels that differ, or numbers that differ by more than the tolerance; and the rows that hold them. */
  readonly different: number;
  readonly differentRows: number;
  /** The first few of those. */
  readonly places: readonly ComparedPlace[];
  /** Undefined for labels, and where no number differs. */
  readonly absolute: LargestDifference | undefined;
  /** Relative to the larger of the two. */
  readonly relative: LargestDifference | undefined;
  /** In units of the last place, of the coarser of the two types. */
  readonly ulps: LargestDifference | undefined;
  readonly ulpType: string;
  /** Why the two cannot be compared: shapes that do not fit, text against numbers, an output that is missing. */
  readonly problem: string | undefined;
  /** What was done to compare them: a column left out, a shape taken as another. */
  readonly notes: readonly string[];
}

export interface CompareOptions {
  /** Undefined: what is usual for the coarser of the two types (`usualTolerance`). */
  readonly rtol?: number | undefined;
  readonly atol?: number | undefined;
  /** How many places are kept that differ. */
  readonly places?: number;
}

export interface Comparison {
  readonly same: boolean;
  readonly outputs: readonly OutputComparison[];
}

const PLACES = 5;
const exact = new Set<DType>(['int64', 'int32', 'int16', 'int8', 'uint64', 'uint32', 'uint16', 'uint8', 'bool']);
const words = new Set<DType>(['string', 'object']);

/** Compares one output, block of rows after block of rows. NaN equals NaN, and a missing value a missing value. */
export class OutputComparer {
  readonly #name: string;
  readonly #options: CompareOptions;
  #rows = 0;
  #values = 0;
  #identical = 0;
  #different = 0;
  #differentRows = 0;
  #kind: 'labels' | 'numbers' | undefined;
  #dtypes: readonly [DType, DType] | undefined;
  #ulpType: DType = 'float64';
  #tolerance: Tolerance = { rtol: 0, atol: 0 };
  readonly #places: ComparedPlace[] = [];
  #absolute: LargestDifference | undefined;
  #relative: LargestDifference | undefined;
  #ulps: LargestDifference | undefined;
  #problem: string | undefined;
  readonly #notes = new Set<string>();

  constructor(name: string, options: CompareOptions = {}) {
    this.#name = name;
    this.#options = options;
  }

  /** A reason why the outputs cannot be the same. */
  fail(problem: string): void {
    this.#problem ??= problem;
  }

  note(text: string): void {
    this.#notes.add(text);
  }

  /** @param rowOf what to call the block's rows; by default they are counted on */
  add(a: Value, b: Value, rowOf?: (r: number) => number): void {
    const before = this.#rows;
    this.#add(a, b, rowOf ?? ((r) => before + r));
  }

  #add(a: Value, b: Value, rowOf: (r: number) => number): void {
    const left = rowsOf(a, this.#name);
    const [right, note] = alike(left, rowsOf(b, this.#name));
    if (note !== undefined) this.note(note);
    this.#settle(left.dtype, right.dtype);
    if (left.rows !== right.rows || left.width !== right.width) {
      this.fail(`its shape is [${left.shape.join(', ')}] in the first and [${right.shape.join(', ')}] in the second`);
      this.#rows += Math.max(left.rows, right.rows);
      return;
    }
    if (words.has(left.dtype) !== words.has(right.dtype) && ![left.dtype, right.dtype].includes('object'))
      this.fail(`it is ${left.dtype} in the first and ${right.dtype} in the second`);
    for (let r = 0; r < left.rows; r++) {
      const before = this.#different;
      const [x, y] = [left.row(r), right.row(r)];
      if (this.#kind === 'labels') this.#labels(x, y, rowOf(r));
      else this.#numbers(x, y, rowOf(r));
      if (this.#different > before) this.#differentRows++;
    }
    this.#rows += left.rows;
    this.#values += left.rows * left.width;
  }

  #settle(a: DType, b: DType): void {
    if (this.#dtypes) return;
    this.#dtypes = [a, b];
    const discrete = (t: DType): boolean => exact.has(t) || words.has(t);
    // Integers of the one and floats of the other are numbers.
    this.#kind = (discrete(a) && discrete(b)) || words.has(a) || words.has(b) ? 'labels' : 'numbers';
    this.#ulpType = coarser(a, b);
    const usual = this.#kind === 'labels' ? { rtol: 0, atol: 0 } : usualTolerance(this.#ulpType);
    const { rtol = usual.rtol, atol = usual.atol } = this.#options;
    this.#tolerance = this.#kind === 'labels' ? usual : { rtol, atol };
  }

  #labels(x: ArrayLike<unknown>, y: ArrayLike<unknown>, row: number): void {
    for (let column = 0; column < x.length; column++) {
      if (sameLabel(x[column], y[column])) this.#identical++;
      else this.#differs(row, column, x[column], y[column]);
    }
  }

  #numbers(x: ArrayLike<unknown>, y: ArrayLike<unknown>, row: number): void {
    const { rtol, atol } = this.#tolerance;
    for (let column = 0; column < x.length; column++) {
      // Numbers beyond 2^53 are compared as what they are.
      const [a, b] = [Number(x[column]), Number(y[column])];
      if (a === b || (a !== a && b !== b)) {
        this.#identical++;
        continue;
      }
      const size = Math.max(Math.abs(a), Math.abs(b));
      // A NaN or an infinity on one side only is as far off as can be.
      const absolute = size < Infinity ? Math.abs(a - b) : Infinity;
      const relative = absolute === Infinity ? Infinity : absolute / size;
      const ulps = absolute === Infinity ? Infinity : absolute / unitInLastPlace(size, this.#ulpType);
      const place = { row, column, a, b };
      if (absolute > (this.#absolute?.value ?? 0)) this.#absolute = { value: absolute, ...place };
      if (relative > (this.#relative?.value ?? 0)) this.#relative = { value: relative, ...place };
      if (ulps > (this.#ulps?.value ?? 0)) this.#ulps = { value: ulps, ...place };
      if (absolute === Infinity || !(absolute <= atol + rtol * size)) this.#differs(row, column, a, b);
    }
  }

  #differs(row: number, column: number, a: unknown, b: unknown): void {
    this.#different++;
    if (this.#places.length < (this.#options.places ?? PLACES)) this.#places.push({ row, column, a, b });
  }

  get result(): OutputComparison {
    return {
      name: this.#name,
      kind: this.#kind ?? 'labels',
      same: this.#different === 0 && this.#problem === undefined,
      rows: this.#rows,
      values: this.#values,
      dtypes: this.#dtypes ?? ['none', 'none'],
      tolerance: this.#tolerance,
      identical: this.#identical,
      different: this.#different,
      differentRows: this.#differentRows,
      places: this.#places,
      absolute: this.#absolute,
      relative: this.#relative,
      ulps: this.#ulps,
      ulpType: this.#ulpType,
      problem: this.#problem,
      notes: [...this.#notes],
    };
  }
}

/** The second side arranged as the first: columns by their keys, one score for two. */
function alike(a: Rows, b: Rows): [Rows, string | undefined] {
  if (b.keys && a.keys && a.keys.join('\n') !== b.keys.join('\n')) {
    const order = a.keys.map((key) => b.keys!.indexOf(key));
    if (order.every((at) => at >= 0)) return [pickColumns(b, order), undefined];
  }
  // Some converters answer binary decisions with -s and s.
  if (a.shape.length === 1 && b.shape.length === 2 && b.width === 2 && a.rows === b.rows && isMirrored(b))
    return [pickColumns(b, [1]), 'the second has two columns, s and -s: its last is compared'];
  return [b, undefined];
}

function isMirrored(rows: Rows): boolean {
  for (let r = 0; r < rows.rows; r++) {
    const [x, y] = Array.from(rows.row(r), Number) as [number, number];
    if (x !== -y && !(x !== x && y !== y)) return false;
  }
  return rows.rows > 0;
}

const missing = (x: unknown): boolean => x === null || x === undefined || x !== x;

/** Equal as labels are: 1, 1n and true are one label; lists are compared item by item. */
export function sameLabel(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (missing(a) || missing(b)) return missing(a) && missing(b);
  if (typeof a === 'string' || typeof b === 'string') return false;
  if (typeof a === 'object' && typeof b === 'object') return sameObject(a as object, b as object);
  if (typeof a === 'object' || typeof b === 'object') return false;
  // A bigint equals the number of the same value, exactly.
  return typeof a === 'bigint' || typeof b === 'bigint'
    ? sameInteger(unboxed(a), unboxed(b))
    : unboxed(a) === unboxed(b);
}

function unboxed(x: unknown): unknown {
  return typeof x === 'boolean' ? Number(x) : x;
}

function sameInteger(a: unknown, b: unknown): boolean {
  const whole = (x: unknown): bigint | undefined =>
    typeof x === 'bigint' ? x : typeof x === 'number' && Number.isInteger(x) ? BigInt(x) : undefined;
  const x = whole(a);
  return x !== undefined && x === whole(b);
}

function sameObject(a: object, b: object): boolean {
  const [x, y] = [partsOf(a), partsOf(b)];
  return (
    x.length === y.length &&
    x.every(([key, value], i) => key === y[i][0] && (sameLabel(value, y[i][1]) || nearlySame(value, y[i][1])))
  );
}

/** The numbers inside lists (distances of neighbours) are sums, like others. */
function nearlySame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  return Math.abs(a - b) <= 1e-12 + 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

function partsOf(value: object): [string, unknown][] {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, (x, i) => [String(i), x]);
  if ('data' in value && 'shape' in value) return partsOf(value.data as object);
  const entries = value instanceof Map ? ([...value] as [unknown, unknown][]) : Object.entries(value);
  return entries.map(([k, v]): [string, unknown] => [String(k), v]).sort(([k], [l]) => (k < l ? -1 : k > l ? 1 : 0));
}

/** What a method or a graph answered. */
export type Answer = ModelOutput | GraphOutput;

/** An answer's outputs by name: a graph's own names, `name` for one value, `name[0]`, `name[1]` … for several. */
export function outputsOf(answer: Answer, name: string): Map<string, Value> {
  if ('outputs' in answer) return new Map(Object.entries(answer.outputs));
  if (!Array.isArray(answer)) return new Map([[name, answer as Value]]);
  return new Map((answer as readonly Value[]).map((part, i) => [`${name}[${i}]`, part]));
}

/**
 * Compares two answers to the same rows. Outputs are paired by name, and by position where the names differ but their
 * number does not.
 */
export function compareAnswers(name: string, a: Answer, b: Answer, options: CompareOptions = {}): Comparison {
  const left = outputsOf(a, name);
  const right = outputsOf(b, name);
  const byName = [...left.keys()].every((key) => right.has(key));
  const byPlace = [...right.values()];
  const outputs = [...left].map(([key, value], i) => {
    const comparer = new OutputComparer(key, options);
    const other = byName ? right.get(key) : byPlace[i];
    if (other === undefined) comparer.fail('only the first has it');
    else comparer.add(value, other);
    return comparer.result;
  });
  if (!byName && right.size > left.size) {
    [...right.keys()].slice(left.size).forEach((key) => {
      const comparer = new OutputComparer(key, options);
      comparer.fail('only the second has it');
      outputs.push(comparer.result);
    });
  }
  return { same: outputs.every((o) => o.same), outputs };
}

/** Whether two tensors hold the same to the last bit, NaN included. */
export function sameBits(a: Value, b: Value): boolean {
  if (!isTensor(a) || !isTensor(b) || a.dtype !== b.dtype || a.data.length !== b.data.length) return false;
  for (let i = 0; i < a.data.length; i++) if (!Object.is(a.data[i], b.data[i])) return false;
  return a.shape.join() === b.shape.join();
}
