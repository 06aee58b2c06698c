import type { Numbers } from './npy.js';

/** How close an answer must come, as a case states it. */
export interface Limits {
  readonly atol: number;
  readonly rtol: number;
  readonly exact: boolean;
  readonly unordered?: boolean;
}

/** What a comparison found. */
export interface Verdict {
  /** Values compared. */
  values: number;
  /** Values that are not what they should be: beyond the limits, or another label. */
  wrong: number;
  /** The largest difference between two finite numbers that were not compared exactly. */
  largest: number;
  /** The first thing that is wrong, with its place. */
  first: string | undefined;
}

export function emptyVerdict(): Verdict {
  return { values: 0, wrong: 0, largest: 0, first: undefined };
}

/** Numbers in nested lists, as an answer is compared. */
export function nest(data: ArrayLike<unknown>, shape: readonly number[]): unknown {
  const sizes = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const part = (axis: number, offset: number): unknown =>
    axis === shape.length
      ? plain(data[offset])
      : Array.from({ length: shape[axis] ?? 0 }, (_, i) => part(axis + 1, offset + i * (sizes[axis] ?? 1)));
  return part(0, 0);
}

export function expectedFromNpy(numbers: Numbers): unknown {
  return nest(numbers.data, numbers.shape);
}

const special = new Map<unknown, number>([
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

/** An answer of the library under test (tensor, CSR, array of answers) in nested lists. */
export function plain(answer: unknown): unknown {
  if (typeof answer === 'bigint') return Number(answer);
  if (answer === undefined) return null;
  if (typeof answer !== 'object' || answer === null) return answer;
  if (ArrayBuffer.isView(answer)) return Array.from(answer as unknown as ArrayLike<unknown>, plain);
  if (Array.isArray(answer)) return answer.map(plain);
  if ('indptr' in answer) return dense(answer as Csr);
  if ('shape' in answer && 'data' in answer) {
    const { shape, data } = answer as { shape: ArrayLike<number>; data: ArrayLike<unknown> };
    const dims = Array.from(shape, Number);
    const size = dims.reduce((a, b) => a * b, 1);
    if (data.length !== size) throw new Error(`a tensor of shape [${dims.join(', ')}] holds ${data.length} values`);
    return nest(data, dims);
  }
  throw new Error(`an answer with the fields ${Object.keys(answer).join(', ')} is of no kind the contract names`);
}

interface Csr {
  readonly shape: ArrayLike<number>;
  readonly indptr: ArrayLike<number | bigint>;
  readonly indices: ArrayLike<number | bigint>;
  readonly data: ArrayLike<number | bigint>;
}

function dense(matrix: Csr): number[][] {
  const [rows = 0, columns = 0] = Array.from(matrix.shape, Number);
  return Array.from({ length: rows }, (_, row) => {
    const out = new Array<number>(columns).fill(0);
    for (let i = Number(matrix.indptr[row]); i < Number(matrix.indptr[row + 1]); i++) {
      const column = Number(matrix.indices[i]);
      out[column] = (out[column] ?? NaN) + Number(matrix.data[i]);
    }
    return out;
  });
}

function isMissing(value: unknown): boolean {
  return value === null || (typeof value === 'number' && Number.isNaN(value));
}

/** Compares nested lists value by value and adds what it finds to `verdict`. */
export function compare(got: unknown, expected: unknown, limits: Limits, verdict: Verdict, place = ''): void {
  const wrong = (why: string): void => {
    verdict.wrong++;
    verdict.first ??= place === '' ? why : `${why} at ${place}`;
  };
  if (Array.isArray(expected) || Array.isArray(got)) {
    if (!Array.isArray(got) || !Array.isArray(expected)) {
      wrong(`got ${show(got)}, expected ${show(expected)}`);
    } else if (got.length !== expected.length) {
      wrong(`got ${got.length} values, expected ${expected.length}`);
    } else {
      for (let i = 0; i < expected.length; i++) compare(got[i], expected[i], limits, verdict, `${place}[${i}]`);
    }
    return;
  }
  verdict.values++;
  if (isMissing(got) || isMissing(expected)) {
    if (isMissing(got) !== isMissing(expected)) wrong(`got ${show(got)}, expected ${show(expected)}`);
    return;
  }
  const number = typeof expected === 'string' && typeof got === 'number' ? special.get(expected) : expected;
  if (typeof number === 'boolean' || typeof number === 'number') {
    if (typeof got !== 'number' && typeof got !== 'boolean') wrong(`got ${show(got)}, expected the number ${number}`);
    else measure(Number(got), Number(number), limits, verdict, wrong);
    return;
  }
  if (got !== expected) wrong(`got ${show(got)}, expected ${show(expected)}`);
}

function measure(got: number, expected: number, limits: Limits, verdict: Verdict, wrong: (why: string) => void): void {
  if (got === expected) return;
  const difference = Math.abs(got - expected);
  const finite = Number.isFinite(difference);
  if (!limits.exact && finite) verdict.largest = Math.max(verdict.largest, difference);
  if (limits.exact || !finite || !(difference <= limits.atol + limits.rtol * Math.abs(expected)))
    wrong(`got ${got}, expected ${expected}`);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 70 ? `${text.slice(0, 67)}...` : text;
}
