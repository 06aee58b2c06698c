import { BrineError } from '../errors.js';
import type { GraphInput } from '../graph/graph.js';
import { isCsr, isTensor, tensor, type Csr, type DType, type Tensor, type Value } from '../graph/tensor.js';
import { prepare, toTensor, type ModelInput, type Prepared } from './input.js';

/**
 * A table, matrix or list of documents as the tensors that a graph takes: columns by their names (by their order where
 * they have none), each [N, 1]; or all of them as one matrix.
 * @throws BrineError BAD_INPUT naming the input and, where one is to blame, the row
 */
export function feedsOf(inputs: readonly GraphInput[], input: ModelInput, missingText: string | undefined): Tensor[] {
  const rank = inputs[0]?.type?.shape?.length;
  const prepared = prepare(input, inputs.length === 1 && rank === 1 ? 'list' : 'data');
  const feeds =
    inputs.length === 1 && rank !== undefined && prepared.values.length === 1 && !isOneOf(inputs[0], prepared.names)
      ? [prepared.values[0]]
      : columnsFor(inputs, prepared);
  return inputs.map((declared, i) => {
    const dtype = declared.type?.dtype ?? 'float64';
    const shape = declared.type?.shape;
    return shaped(retyped(denseOf(feeds[i]), dtype, declared.name, missingText), shape, declared.name);
  });
}

/** Whether the graph's only input is one of several columns: a model of many that looks at one. */
function isOneOf({ name, type }: GraphInput, names: readonly string[] | undefined): boolean {
  const width = type?.shape?.length === 1 ? 1 : type?.shape?.[1];
  return width === 1 && names !== undefined && names.length > 1 && names.includes(name);
}

/** The columns that the graph asks for, or all of them side by side where it asks for one matrix. */
function columnsFor(inputs: readonly GraphInput[], { values, names }: Prepared): Value[] {
  const columns =
    values.length === 1 && denseOf(values[0]).shape.length === 2 ? columnsOf(denseOf(values[0])) : [...values];
  if (inputs.length === 1 && !isOneOf(inputs[0], names)) return [sideBySide(columns.map(denseOf))];
  if (names) {
    return inputs.map(({ name }) => {
      const at = names.indexOf(name);
      if (at < 0) throw new BrineError('BAD_INPUT', `the input has no column ${JSON.stringify(name)}`);
      return columns[at];
    });
  }
  if (columns.length !== inputs.length)
    throw new BrineError('BAD_INPUT', `the input has ${columns.length} columns, the graph takes ${inputs.length}`);
  return columns;
}

function columnsOf(t: Tensor): Tensor[] {
  const [n = 0, p = 0] = t.shape;
  return Array.from({ length: p }, (_, c) => {
    const data = t.data.slice(0, n) as unknown[];
    for (let r = 0; r < n; r++) data[r] = t.data[r * p + c];
    return tensor(t.dtype, [n], data);
  });
}

function sideBySide(columns: readonly Tensor[]): Tensor {
  const n = columns[0]?.shape[0] ?? 0;
  const p = columns.length;
  const dtype: DType = columns.every((c) => c.dtype === columns[0].dtype) ? columns[0].dtype : 'object';
  const data = new Array<unknown>(n * p);
  columns.forEach((column, c) => {
    for (let r = 0; r < n; r++) data[r * p + c] = column.data[r];
  });
  return tensor(dtype, [n, p], data);
}

function denseOf(value: Value): Tensor {
  if (isTensor(value)) return value;
  if (!isCsr(value)) throw new BrineError('BAD_INPUT', 'a graph takes tensors');
  return written(value);
}

/** Elements of a sparse input written out (CWE-789). */
const MAX_DENSE = 1 << 28;

function written(x: Csr): Tensor {
  const [n, p] = x.shape;
  if (n * p > MAX_DENSE) throw new BrineError('LIMIT', `${n} × ${p} values are too many to be written out dense`);
  const data = new Float64Array(n * p);
  for (let r = 0; r < n; r++)
    for (let i = x.indptr[r]; i < x.indptr[r + 1]; i++) data[r * p + x.indices[i]] += x.data[i];
  return tensor('float64', [n, p], data);
}

function retyped(t: Tensor, dtype: DType, name: string, missingText: string | undefined): Tensor {
  if (dtype === 'string') {
    const data = Array.from(t.data as ArrayLike<unknown>, (x, row) => {
      if (typeof x === 'string') return x;
      const missing = x === null || x === undefined || Number.isNaN(x);
      if (missing && missingText !== undefined) return missingText;
      const what = missing
        ? 'a missing value, and the file says no text that stands for one'
        : `a ${typeof x}, not text`;
      throw new BrineError('BAD_INPUT', `the input ${JSON.stringify(name)}, row ${row}: ${what}`);
    });
    return tensor('string', t.shape, data);
  }
  // Columns put side by side are a plain list still.
  if (t.dtype === dtype && ArrayBuffer.isView(t.data)) return t;
  const data = Array.from(t.data as ArrayLike<unknown>, (x, row) => {
    if (typeof x !== 'string') return x;
    throw new BrineError(
      'BAD_INPUT',
      `the input ${JSON.stringify(name)}, row ${row}: ${JSON.stringify(x)} is not a number`,
    );
  });
  return toTensor({ dtype, shape: t.shape, data });
}

/** [n] as [n, 1] where the graph wants that, and back. */
function shaped(t: Tensor, shape: readonly (number | null)[] | undefined, name: string): Tensor {
  if (!shape || shape.length === t.shape.length) return t;
  const [n = 0] = t.shape;
  if (shape.length === 2 && t.shape.length === 1) return { ...t, shape: [n, 1] };
  if (shape.length === 1 && t.shape[1] === 1) return { ...t, shape: [n] };
  throw new BrineError('BAD_INPUT', `the input ${JSON.stringify(name)} has the shape [${t.shape.join(', ')}]`);
}
