import { isCsr, sizeOf, type Csr, type Tensor, type Value } from '../../graph/tensor.js';
import { badInput, unsupported, type Numbers, type Inputs } from './common.js';

/** The same pattern with other values. */
export function withData(x: Csr, data: Float64Array): Csr {
  if (x.dtype === 'float32') for (let i = 0; i < data.length; i++) data[i] = Math.fround(data[i]);
  return { ...x, data };
}

/** An element-by-element function that keeps zero zero. */
export function mapCsr(x: Csr, f: (v: number) => number): Csr {
  return withData(x, x.data.map(f));
}

/**
 * x ∘ factor, where factor is a scalar, a row [p] or [1, p], or a column [n, 1]. Only what is stored is scaled:
 * a factor of NaN or infinity leaves what is not stored zero, as in scipy and scikit-learn.
 */
export function scaleCsr(x: Csr, factor: Tensor, divide: boolean): Csr {
  const f = factor.data as Numbers & Float64Array;
  const [n, p] = x.shape;
  const data = new Float64Array(x.data.length);
  const along = alongOf(factor, n, p);
  for (let i = 0; i < n; i++) {
    for (let k = x.indptr[i]; k < x.indptr[i + 1]; k++) {
      const by = along === 'all' ? f[0] : along === 'row' ? f[x.indices[k]] : f[i];
      data[k] = divide ? x.data[k] / by : x.data[k] * by;
    }
  }
  return withData(x, data);
}

function alongOf(factor: Tensor, n: number, p: number): 'all' | 'row' | 'column' {
  const { shape } = factor;
  if (sizeOf(shape) === 1 && shape.length <= 2) return 'all';
  const [rows, columns] = shape.length === 1 ? [1, shape[0]] : [shape[0], shape[1]];
  if (shape.length <= 2 && rows === 1 && columns === p) return 'row';
  if (shape.length === 2 && rows === n && columns === 1) return 'column';
  throw badInput(`a sparse matrix [${n}, ${p}] is scaled by a scalar, a row or a column, not by [${shape.join(', ')}]`);
}

/**
 * x · b or x · bᵀ: [n, m] in row-major order, b dense [p, m] (or [m, p] transposed). Sums run in the order in
 * which the row stores its elements, as scipy's do.
 */
export function multiplyCsr(x: Csr, b: Tensor, transposed: boolean): Float64Array {
  const [n, p] = x.shape;
  if (b.shape.length !== 2) throw badInput(`a sparse matrix times [${b.shape.join(', ')}]`);
  const m = transposed ? b.shape[0] : b.shape[1];
  const inner = transposed ? b.shape[1] : b.shape[0];
  if (inner !== p) throw badInput(`[${n}, ${p}] and [${b.shape.join(', ')}] do not multiply: ${p} against ${inner}`);
  const w = b.data as Numbers & Float64Array;
  const out = new Float64Array(n * m);
  const step = transposed ? p : 1;
  for (let i = 0; i < n; i++) {
    const from = x.indptr[i];
    const to = x.indptr[i + 1];
    if (m === 1) {
      let sum = 0;
      for (let k = from; k < to; k++) sum += x.data[k] * w[x.indices[k]];
      out[i] = sum;
      continue;
    }
    for (let k = from; k < to; k++) {
      const v = x.data[k];
      let at = transposed ? x.indices[k] : x.indices[k] * m;
      for (let j = i * m; j < i * m + m; j++, at += step) out[j] += v * w[at];
    }
  }
  return out;
}

/** Rows, in any order and as often as wanted. */
export function gatherRows(x: Csr, rows: readonly number[]): Csr {
  const [n, p] = x.shape;
  const indptr = new Int32Array(rows.length + 1);
  rows.forEach((r, i) => {
    const row = within(r, n);
    indptr[i + 1] = indptr[i] + x.indptr[row + 1] - x.indptr[row];
  });
  const indices = new Int32Array(indptr[rows.length]);
  const data = new Float64Array(indices.length);
  rows.forEach((r, i) => {
    const row = within(r, n);
    indices.set(x.indices.subarray(x.indptr[row], x.indptr[row + 1]), indptr[i]);
    data.set(x.data.subarray(x.indptr[row], x.indptr[row + 1]), indptr[i]);
  });
  return { dtype: x.dtype, shape: [rows.length, p], indptr, indices, data };
}

/** Columns, in any order and as often as wanted. */
export function gatherColumns(x: Csr, columns: readonly number[]): Csr {
  const [n, p] = x.shape;
  // Where each old column goes: a list per column, as counts and positions.
  const first = new Int32Array(p + 1);
  const chosen = columns.map((c) => within(c, p));
  for (const c of chosen) first[c + 1]++;
  for (let c = 0; c < p; c++) first[c + 1] += first[c];
  const target = new Int32Array(columns.length);
  const next = first.slice(0, p);
  chosen.forEach((c, j) => (target[next[c]++] = j));
  const indptr = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) {
    let count = 0;
    for (let k = x.indptr[i]; k < x.indptr[i + 1]; k++) count += first[x.indices[k] + 1] - first[x.indices[k]];
    indptr[i + 1] = indptr[i] + count;
  }
  const indices = new Int32Array(indptr[n]);
  const data = new Float64Array(indices.length);
  let at = 0;
  for (let k = 0; k < x.indptr[n]; k++) {
    const c = x.indices[k];
    for (let t = first[c]; t < first[c + 1]; t++, at++) {
      indices[at] = target[t]!;
      data[at] = x.data[k]!;
    }
  }
  return { dtype: x.dtype, shape: [n, columns.length], indptr, indices, data };
}

function within(i: number, size: number): number {
  const at = i < 0 ? i + size : i;
  if (!(at >= 0 && at < size)) throw badInput(`index ${i} of ${size}`);
  return at;
}

/** Side by side (axis 1) or one below the other (axis 0); dense parts become sparse. */
export function concatCsr(parts: readonly Value[], axis: number): Csr {
  const sparse = parts.map(toCsr);
  const dtype = sparse[0].dtype;
  const other = 1 - axis;
  const size = sparse[0].shape[other];
  for (const part of sparse) {
    if (part.dtype !== dtype) throw badInput(`types ${dtype} and ${part.dtype} do not go together`);
    if (part.shape[other] !== size)
      throw badInput(`parts of ${size} and ${part.shape[other]} ${axis === 1 ? 'rows' : 'columns'} do not go together`);
  }
  const stored = sparse.reduce((sum, x) => sum + x.data.length, 0);
  const indices = new Int32Array(stored);
  const data = new Float64Array(stored);
  if (axis === 0) {
    const n = sparse.reduce((sum, x) => sum + x.shape[0], 0);
    const indptr = new Int32Array(n + 1);
    let at = 0;
    let row = 0;
    for (const x of sparse) {
      indices.set(x.indices, at);
      data.set(x.data, at);
      for (let i = 0; i < x.shape[0]; i++) indptr[++row] = at + x.indptr[i + 1];
      at += x.data.length;
    }
    return { dtype, shape: [n, size], indptr, indices, data };
  }
  const indptr = new Int32Array(size + 1);
  let at = 0;
  for (let i = 0; i < size; i++) {
    let offset = 0;
    for (const x of sparse) {
      for (let k = x.indptr[i]; k < x.indptr[i + 1]; k++, at++) {
        indices[at] = x.indices[k] + offset;
        data[at] = x.data[k]!;
      }
      offset += x.shape[1];
    }
    indptr[i + 1] = at;
  }
  return { dtype, shape: [size, sparse.reduce((sum, x) => sum + x.shape[1], 0)], indptr, indices, data };
}

export function anyCsr(inputs: Inputs): boolean {
  return inputs.some((x) => x !== undefined && isCsr(x));
}

function toCsr(x: Value): Csr {
  if (isCsr(x)) return x;
  if (!('data' in x) || x.shape.length !== 2 || (x.dtype !== 'float64' && x.dtype !== 'float32'))
    throw unsupported('joining a sparse matrix with something that is no matrix of floats');
  const [n, p] = x.shape as [number, number];
  const source = x.data as Numbers & Float64Array;
  let stored = 0;
  for (let i = 0; i < source.length; i++) if (source[i] !== 0) stored++;
  const indptr = new Int32Array(n + 1);
  const indices = new Int32Array(stored);
  const data = new Float64Array(stored);
  let at = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      const v = source[i * p + j];
      if (v === 0) continue;
      indices[at] = j;
      data[at++] = v;
    }
    indptr[i + 1] = at;
  }
  return { dtype: x.dtype, shape: [n, p], indptr, indices, data };
}

/** Sums over rows (axis 0: [p]) or within rows (axis 1: [n]). */
export function sumCsr(x: Csr, axis: number): Float64Array {
  const [n, p] = x.shape;
  const out = new Float64Array(axis === 0 ? p : n);
  for (let i = 0; i < n; i++)
    for (let k = x.indptr[i]; k < x.indptr[i + 1]; k++) out[axis === 0 ? x.indices[k] : i] += x.data[k];
  return out;
}
