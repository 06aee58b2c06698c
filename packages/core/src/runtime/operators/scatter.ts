import type { BigArray, Tensor, TensorData, TypedArray } from '../../graph/tensor.js';
import { isBig } from '../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { axisOf, badInput, dense, int, integers, make, optional, text, type Numbers } from './common.js';
import { elementPlaces } from './gather.js';
import { indicesOf, moving, stepsOf } from './move.js';
import { roundTo } from './narrow.js';

function copyOf(x: Tensor): TensorData {
  return x.data.slice();
}

/** Puts `updates` at `places`, replacing or combining. */
function put(site: Site, x: Tensor, updates: Tensor, places: Int32Array): Tensor {
  if (updates.dtype !== x.dtype) throw badInput(`types ${x.dtype} and ${updates.dtype} do not go together`);
  const reduction = text(site, 'reduction', 'none');
  const data = copyOf(x);
  if (reduction === 'none') {
    moving(data, updates.data).scattered(places, 0);
    return { ...x, data };
  }
  if (isBig(x.dtype)) {
    const [out, from] = [data as BigArray, updates.data as BigArray];
    for (let k = 0; k < places.length; k++) out[places[k]] = combinedBig(reduction, out[places[k]], from[k]);
  } else {
    const [out, from] = [data as Numbers & TypedArray, updates.data as Numbers & TypedArray];
    for (let k = 0; k < places.length; k++) out[places[k]] = combined(reduction, out[places[k]], from[k]);
    roundTo(x.dtype, out);
  }
  return { ...x, data };
}

function combined(reduction: string, a: number, b: number): number {
  switch (reduction) {
    case 'add':
      return a + b;
    case 'mul':
      return a * b;
    case 'max':
      return Math.max(a, b);
    case 'min':
      return Math.min(a, b);
    default:
      throw badInput(`an unknown reduction: ${reduction}`);
  }
}

function combinedBig(reduction: string, a: bigint, b: bigint): bigint {
  if (reduction === 'max') return a > b ? a : b;
  if (reduction === 'min') return a < b ? a : b;
  return reduction === 'add' ? a + b : a * b;
}

const scatterElements: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const indices = dense(inputs, 1);
  const updates = dense(inputs, 2);
  if (updates.data.length !== indices.data.length) throw badInput('as many updates as indices are needed');
  return put(site, x, updates, elementPlaces(x, indices, axisOf(int(site, 'axis', 0), x.shape.length)));
};

/** Where each index tuple of the last axis of `indices` leads in `x`; after the first `batch` dimensions. */
function tuplePlaces(x: Tensor, indices: Tensor, batch: number): { places: Int32Array; inner: number; depth: number } {
  const depth = indices.shape[indices.shape.length - 1] ?? 0;
  if (indices.shape.length === 0 || batch + depth > x.shape.length || batch >= indices.shape.length)
    throw badInput(`indices [${indices.shape.join(', ')}] into [${x.shape.join(', ')}]`);
  const steps = stepsOf(x.shape);
  const tuples = depth === 0 ? indices.shape.slice(0, -1).reduce((a, d) => a * d, 1) : indices.data.length / depth;
  const perBatch =
    tuples /
    Math.max(
      1,
      x.shape.slice(0, batch).reduce((a, d) => a * d, 1),
    );
  const batchStep = batch === 0 ? 0 : steps[batch - 1];
  const raw = integers(indices);
  const places = new Int32Array(tuples);
  for (let t = 0; t < tuples; t++) {
    let at = batch === 0 ? 0 : Math.floor(t / perBatch) * batchStep;
    for (let d = 0; d < depth; d++) {
      const size = x.shape[batch + d];
      const given = raw[t * depth + d];
      const i = given < 0 ? given + size : given;
      if (!(i >= 0 && i < size)) throw badInput(`index ${given} of ${size}`);
      at += i * steps[batch + d];
    }
    places[t] = at;
  }
  const inner = x.shape.slice(batch + depth).reduce((a, d) => a * d, 1);
  return { places, inner, depth };
}

const gatherND: Operator = (site) => {
  const batch = int(site, 'batch_dims', 0);
  return (inputs) => {
    const x = dense(inputs, 0);
    const indices = dense(inputs, 1);
    for (let d = 0; d < batch; d++) if (x.shape[d] !== indices.shape[d]) throw badInput('the batch dimensions differ');
    const { places, inner, depth } = tuplePlaces(x, indices, batch);
    const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(batch + depth)];
    const data = make(site, x.dtype, shape);
    const move = moving(data, x.data);
    if (inner === 1) move.picked(0, 0, places);
    else for (let t = 0; t < places.length; t++) move.span(t * inner, places[t], inner);
    return { dtype: x.dtype, shape, data };
  };
};

const scatterND: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const updates = dense(inputs, 2);
  const { places, inner } = tuplePlaces(x, dense(inputs, 1), 0);
  if (updates.data.length !== places.length * inner)
    throw badInput(`${updates.data.length} updates for ${places.length} places of ${inner}`);
  const each = new Int32Array(places.length * inner);
  for (let t = 0; t < places.length; t++) for (let k = 0; k < inner; k++) each[t * inner + k] = places[t] + k;
  return put(site, x, updates, each);
};

const tensorScatter: Operator = (site) => {
  const circular = text(site, 'mode', 'linear') === 'circular';
  return (inputs) => {
    const past = dense(inputs, 0);
    const update = dense(inputs, 1);
    const starts = optional(inputs, 2);
    const axis = axisOf(int(site, 'axis', -2), past.shape.length);
    const [length, size] = [update.shape[axis], past.shape[axis]];
    const inner = past.shape.slice(axis + 1).reduce((a, d) => a * d, 1);
    const outer = past.shape.slice(0, axis).reduce((a, d) => a * d, 1);
    if (update.data.length !== outer * length * inner) throw badInput('the update does not fit the cache');
    const perBatch = outer / (past.shape[0] || 1);
    const from = starts ? integers(starts) : past.shape.slice(0, 1).map(() => 0);
    const data = copyOf(past);
    const move = moving(data, update.data);
    for (let o = 0; o < outer; o++)
      for (let s = 0; s < length; s++) {
        const given = (from[starts ? Math.floor(o / perBatch) : 0] ?? 0) + s;
        const at = circular ? given % size : given;
        if (!(at >= 0 && at < size)) throw badInput(`place ${given} in a cache of ${size}`);
        move.span((o * size + at) * inner, (o * length + s) * inner, inner);
      }
    return { ...past, data };
  };
};

const compress: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const condition = dense(inputs, 1);
  const given = site.attributes['axis'];
  const flat = given === undefined ? { ...x, shape: [x.data.length] } : x;
  const axis = given === undefined ? 0 : axisOf(int(site, 'axis', 0), x.shape.length);
  const kept: number[] = [];
  for (let i = 0; i < Math.min(condition.data.length, flat.shape[axis]); i++) if (condition.data[i] !== 0) kept.push(i);
  const inner = flat.shape.slice(axis + 1).reduce((a, d) => a * d, 1);
  const outer = flat.shape.slice(0, axis).reduce((a, d) => a * d, 1);
  const shape = flat.shape.map((d, i) => (i === axis ? kept.length : d));
  const data = make(site, x.dtype, shape);
  const move = moving(data, x.data);
  let at = 0;
  for (let o = 0; o < outer; o++)
    for (const k of kept) {
      move.span(at, (o * flat.shape[axis] + k) * inner, inner);
      at += inner;
    }
  return { dtype: x.dtype, shape, data };
};

const nonZero: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const places: number[] = [];
  for (let i = 0; i < x.data.length; i++) {
    const v = x.data[i];
    if (v !== 0 && v !== 0n && v !== '') places.push(i);
  }
  const rank = x.shape.length;
  const data = make(site, 'int64', [rank, places.length]) as BigInt64Array;
  const steps = stepsOf(x.shape);
  for (let d = 0; d < rank; d++)
    for (let k = 0; k < places.length; k++)
      data[d * places.length + k] = BigInt(Math.floor(places[k] / steps[d]) % x.shape[d]);
  return { dtype: 'int64', shape: [rank, places.length], data };
};

const reverseSequence: Operator = (site) => {
  const batchAxis = int(site, 'batch_axis', 1);
  const timeAxis = int(site, 'time_axis', 0);
  return (inputs) => {
    const x = dense(inputs, 0);
    if (batchAxis + timeAxis !== 1 || x.shape.length < 2) throw badInput('time and batch are the first two axes');
    const lengths = indicesOf(dense(inputs, 1), x.shape[timeAxis] + 1);
    const [times, batches] = [x.shape[timeAxis], x.shape[batchAxis]];
    const inner = x.shape.slice(2).reduce((a, d) => a * d, 1);
    const data = make(site, x.dtype, x.shape);
    const move = moving(data, x.data);
    const place = (t: number, b: number): number => (timeAxis === 0 ? t * batches + b : b * times + t) * inner;
    for (let b = 0; b < batches; b++)
      for (let t = 0; t < times; t++) move.span(place(t, b), place(t < lengths[b] ? lengths[b] - 1 - t : t, b), inner);
    return { dtype: x.dtype, shape: x.shape, data };
  };
};

export const scatterOperators = {
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  GatherND: gatherND,
  TensorScatter: tensorScatter,
  Compress: compress,
  NonZero: nonZero,
  ReverseSequence: reverseSequence,
} satisfies OperatorTable;
