import { BrineError } from '../../errors.js';
import { allocate, isCsr, isTensor, tensor, type Csr, type Tensor, type Value } from '../../graph/tensor.js';
import type { Kernel } from '../operator.js';
import type { OwnOperator } from './index.js';

export function needTensor(value: Value | undefined): Tensor {
  if (value && isTensor(value)) return value;
  throw new BrineError('BAD_INPUT', 'wants a dense tensor');
}

const densify: OwnOperator<'Densify'> = ({ budget }): Kernel => {
  return ([x]) => {
    if (!x || !isCsr(x)) return needTensor(x);
    const [n, p] = x.shape;
    budget.allocate(n * p, 8);
    const out = new Float64Array(n * p);
    for (let r = 0; r < n; r++)
      for (let i = x.indptr[r]; i < x.indptr[r + 1]; i++) out[r * p + x.indices[i]] += x.data[i];
    return tensor('float64', [n, p], out);
  };
};

const sparsify: OwnOperator<'Sparsify'> = (): Kernel => {
  return ([x]): Csr => {
    if (x && isCsr(x)) return x;
    const t = needTensor(x);
    const [n = 0, p = 0] = t.shape;
    const data = t.data as Float64Array;
    const indptr = new Int32Array(n + 1);
    let count = 0;
    for (const v of data) if (v !== 0) count++;
    const indices = new Int32Array(count);
    const values = new Float64Array(count);
    let at = 0;
    for (let r = 0; r < n; r++) {
      for (let c = 0; c < p; c++) {
        const v = data[r * p + c];
        if (v === 0) continue;
        indices[at] = c;
        values[at++] = v;
      }
      indptr[r + 1] = at;
    }
    return { dtype: 'float64', shape: [n, p], indptr, indices, data: values };
  };
};

const repeatRows: OwnOperator<'RepeatRows'> = ({ budget }): Kernel => {
  return ([x, values]) => {
    const rows = x && 'shape' in x ? (x.shape[0] ?? 0) : 0;
    const { data, dtype } = needTensor(values);
    const width = data.length;
    budget.allocate(rows * width, 8);
    const out = allocate(dtype, rows * width) as unknown[];
    for (let i = 0; i < out.length; i++) out[i] = data[i % width];
    return tensor(dtype, [rows, width], out);
  };
};

const objectColumns: OwnOperator<'ObjectColumns'> = (): Kernel => {
  return (columns) => {
    const rows = needTensor(columns[0]).shape[0] ?? 0;
    const out = new Array<unknown>(rows * columns.length);
    columns.forEach((column, c) => {
      const { data } = needTensor(column);
      for (let r = 0; r < rows; r++) out[r * columns.length + c] = data[r];
    });
    return tensor('object', [rows, columns.length], out);
  };
};

const require: OwnOperator<'Require'> = ({ attributes }): Kernel => {
  return ([x, condition]) => {
    const { data } = needTensor(condition);
    for (let i = 0; i < data.length; i++)
      if (data[i] === 0) throw new BrineError('BAD_INPUT', `${attributes.message} (row ${i})`);
    return x!;
  };
};

/** What Python's `float` reads: digits, perhaps in groups, a fraction, an exponent; or one of its words. */
const PYTHON_FLOAT = /^[+-]?(\d+(_\d+)*(\.(\d+(_\d+)*)?)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i;
const PYTHON_WORDS = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['infinity', Infinity],
]);

function numberFrom(x: unknown): number | undefined {
  if (typeof x === 'number') return x;
  if (x === null || x === undefined) return NaN;
  if (typeof x === 'boolean' || typeof x === 'bigint') return Number(x);
  if (typeof x !== 'string') return undefined;
  const text = x.trim();
  if (PYTHON_FLOAT.test(text)) return Number(text.replaceAll('_', ''));
  const word = PYTHON_WORDS.get(text.toLowerCase().replace(/^[+-]/, ''));
  return word !== undefined && text.startsWith('-') ? -word : word;
}

const numbers: OwnOperator<'Numbers'> = ({ attributes }): Kernel => {
  return ([x]) => {
    const { data, shape } = needTensor(x);
    const out = Float64Array.from(data as ArrayLike<unknown>, (value, row) => {
      const number = numberFrom(value);
      if (number !== undefined) return number;
      const shown = typeof value === 'string' ? JSON.stringify(value) : 'an object';
      throw new BrineError('BAD_INPUT', `row ${row}, ${attributes.what}: ${shown} is not a number`);
    });
    return tensor('float64', shape, out);
  };
};

const custom: OwnOperator<'Custom'> = ({ attributes }): Kernel => {
  return (inputs) => attributes.run(inputs.map(needTensor));
};

const FLOAT32_MAX = 3.4028234663852886e38;

/** Whether no value is missing or beyond `largest`: what nearly every input is, told without looking at each twice. */
function allWithin(data: Float64Array, largest: number): boolean {
  const abs = Math.abs;
  const fours = data.length & ~3;
  let i = 0;
  for (; i < fours; i += 4) {
    const within =
      abs(data[i]) <= largest &&
      abs(data[i + 1]) <= largest &&
      abs(data[i + 2]) <= largest &&
      abs(data[i + 3]) <= largest;
    if (!within) return false;
  }
  for (; i < data.length; i++) if (!(abs(data[i]) <= largest)) return false;
  return true;
}

const finite: OwnOperator<'Finite'> = ({ attributes }): Kernel => {
  const { who, nan, infinite, float32 } = attributes;
  const largest = infinite ? Infinity : float32 ? FLOAT32_MAX : Number.MAX_VALUE;
  const check = (data: Float64Array, width: number, rowOf: (i: number) => string): void => {
    if (allWithin(data, largest)) return;
    for (let i = 0; i < data.length; i++) {
      const x = data[i];
      if (x >= -largest && x <= largest) continue;
      if (Number.isNaN(x) && nan) continue;
      const what = Number.isNaN(x) ? 'a missing value (NaN)' : `${x}`;
      throw new BrineError(
        'BAD_INPUT',
        `${who} does not take ${what}: ${rowOf(i)}${width > 0 ? `, column ${i % width}` : ''}`,
      );
    }
  };
  return ([x]) => {
    if (!x) throw new BrineError('BAD_INPUT', 'no input');
    if (isCsr(x)) check(x.data, 0, (i) => `value ${i} of the sparse matrix`);
    else {
      const t = needTensor(x);
      // A single column is named by whoever asks.
      const width = t.shape.length < 2 ? 0 : t.shape.slice(1).reduce((a, b) => a * b, 1);
      if (t.data instanceof Float64Array) check(t.data, width, (i) => `row ${width > 0 ? Math.floor(i / width) : i}`);
    }
    return x;
  };
};

export const columnOperators = {
  Finite: finite,
  Densify: densify,
  Sparsify: sparsify,
  RepeatRows: repeatRows,
  ObjectColumns: objectColumns,
  Numbers: numbers,
  Require: require,
  Custom: custom,
};
