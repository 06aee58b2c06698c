import { isCsr, type Tensor, type TensorData } from '../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { axisOf, badInput, dense, int, integers, make } from './common.js';
import { anyCsr, concatCsr, gatherColumns, gatherRows } from './csr.js';
import { indicesOf, moving, stepsOf } from './move.js';

/** The sizes before an axis and after it, as one number each. */
export function around(shape: readonly number[], axis: number): { outer: number; inner: number } {
  let outer = 1;
  let inner = 1;
  for (let i = 0; i < shape.length; i++) {
    if (i < axis) outer *= shape[i];
    if (i > axis) inner *= shape[i];
  }
  return { outer, inner };
}

const gather: Operator = (site) => {
  const given = int(site, 'axis', 0);
  return (inputs) => {
    const source = inputs[0];
    const indices = dense(inputs, 1);
    if (source !== undefined && isCsr(source)) {
      const axis = axisOf(given, 2);
      if (indices.shape.length !== 1) throw badInput('a sparse matrix is indexed by a vector');
      return axis === 0 ? gatherRows(source, integers(indices)) : gatherColumns(source, integers(indices));
    }
    return gathered(site, dense(inputs, 0), indices, given);
  };
};

/** Slices of `x` along an axis at `indices`. */
export function gathered(site: Site, x: Tensor, indices: Tensor, given: number): Tensor {
  const axis = axisOf(given, x.shape.length);
  const d = x.shape[axis];
  const { outer, inner } = around(x.shape, axis);
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  const data = make(site, x.dtype, shape);
  const at = indicesOf(indices, d);
  if (inner === 1 && data instanceof Float64Array && x.data instanceof Float64Array) {
    pickEach(data, x.data, outer, d, at);
    return { dtype: x.dtype, shape, data };
  }
  const move = moving(data, x.data);
  if (inner === 1) {
    for (let r = 0; r < outer; r++) move.picked(r * at.length, r * d, at);
  } else {
    let o = 0;
    for (let r = 0; r < outer; r++)
      for (let k = 0; k < at.length; k++, o += inner) move.span(o, (r * d + at[k]) * inner, inner);
  }
  return { dtype: x.dtype, shape, data };
}

/** The elements at `at` of each of `rows` rows of `d`. */
function pickEach(out: Float64Array, source: Float64Array, rows: number, d: number, at: Int32Array): void {
  const n = at.length;
  for (let r = 0, o = 0, from = 0; r < rows; r++, from += d)
    for (let k = 0; k < n; k++, o++) out[o] = source[from + at[k]];
}

/**
 * Where each element of a tensor of shape `indices` lies in `x` when its coordinate along `axis` is replaced by
 * the index it holds.
 */
export function elementPlaces(x: Tensor, indices: Tensor, axis: number): Int32Array {
  const rank = x.shape.length;
  if (indices.shape.length !== rank || indices.shape.some((d, i) => i !== axis && d > x.shape[i]))
    throw badInput(`indices [${indices.shape.join(', ')}] into [${x.shape.join(', ')}] along axis ${axis}`);
  const places = indicesOf(indices, x.shape[axis]);
  const steps = stepsOf(x.shape);
  const at = new Array<number>(rank).fill(0);
  let base = 0;
  for (let k = 0; k < places.length; k++) {
    places[k] = base + places[k] * steps[axis];
    for (let d = rank - 1; d >= 0; d--) {
      const step = d === axis ? 0 : steps[d];
      base += step;
      if (++at[d] < indices.shape[d]) break;
      base -= step * indices.shape[d];
      at[d] = 0;
    }
  }
  return places;
}

const gatherElements: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const indices = dense(inputs, 1);
  const axis = axisOf(int(site, 'axis', 0), x.shape.length);
  const data = make(site, x.dtype, indices.shape);
  moving(data, x.data).picked(0, 0, elementPlaces(x, indices, axis));
  return { dtype: x.dtype, shape: indices.shape, data };
};

const oneHot: Operator = (site) => (inputs) => {
  const indices = dense(inputs, 0);
  const depth = Number(dense(inputs, 1).data[0]);
  const values = dense(inputs, 2);
  if (!(Number.isInteger(depth) && depth >= 0)) throw badInput(`a depth of ${depth}`);
  const axis = axisOf(int(site, 'axis', -1), indices.shape.length + 1);
  const shape = [...indices.shape.slice(0, axis), depth, ...indices.shape.slice(axis)];
  const { inner } = around(shape, axis);
  const data = make(site, values.dtype, shape);
  const move = moving(data, values.data);
  move.strided(0, 0, 0, data.length);
  for (let k = 0; k < indices.data.length; k++) {
    const v = Math.trunc(Number(indices.data[k]));
    const at = v < 0 ? v + depth : v;
    if (!(at >= 0 && at < depth)) continue;
    const outer = Math.floor(k / inner);
    move.span((outer * depth + at) * inner + (k % inner), 1, 1);
  }
  return { dtype: values.dtype, shape, data };
};

const concat: Operator = (site) => (inputs) => {
  if (anyCsr(inputs)) {
    return concatCsr(
      inputs.filter((x) => x !== undefined),
      axisOf(int(site, 'axis', 1), 2),
    );
  }
  return concatenated(
    site,
    inputs.map((_, i) => dense(inputs, i)),
    int(site, 'axis', 1),
  );
};

/** Dense tensors joined along an axis. */
export function concatenated(site: Site, parts: readonly Tensor[], given: number): Tensor {
  const first = parts[0];
  const rank = first.shape.length;
  const axis = axisOf(given, rank);
  const shape = [...first.shape];
  shape[axis] = 0;
  for (const part of parts) {
    if (part.dtype !== first.dtype) throw badInput(`types ${first.dtype} and ${part.dtype} do not go together`);
    if (part.shape.length !== rank || part.shape.some((d, i) => i !== axis && d !== first.shape[i]))
      throw badInput(
        `parts [${first.shape.join(', ')}] and [${part.shape.join(', ')}] do not go together on axis ${axis}`,
      );
    shape[axis] += part.shape[axis];
  }
  const { outer, inner } = around(shape, axis);
  const data: TensorData = make(site, first.dtype, shape);
  const row = shape[axis] * inner;
  let from = 0;
  for (const part of parts) {
    const width = part.shape[axis] * inner;
    const move = moving(data, part.data);
    if (width === 1) move.spread(from, row, 0, outer);
    else for (let r = 0; r < outer; r++) move.span(r * row + from, r * width, width);
    from += width;
  }
  return { dtype: first.dtype, shape, data };
}

export const gatherOperators = {
  Gather: gather,
  GatherElements: gatherElements,
  OneHot: oneHot,
  Concat: concat,
} satisfies OperatorTable;
