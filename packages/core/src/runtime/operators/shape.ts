import { isCsr, sizeOf, type Tensor, type TensorData } from '../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { axisOf, badInput, dense, int, integers, intsFrom, list, make, optional, unsupported } from './common.js';
import { copyView, int64Data, stepsOf } from './move.js';

/** The same elements under another shape: nothing is copied. */
export function reshaped(x: Tensor, shape: readonly number[]): Tensor {
  if (sizeOf(shape) !== x.data.length)
    throw badInput(`${x.data.length} elements [${x.shape.join(', ')}] do not fill [${shape.join(', ')}]`);
  return { dtype: x.dtype, shape, data: x.data };
}

const reshape: Operator = (site) => {
  const allowZero = int(site, 'allowzero', 0) !== 0;
  return (inputs) => {
    const x = dense(inputs, 0);
    const wanted = intsFrom(site, inputs, 1, 'shape') ?? [];
    const shape = wanted.map((d, i) => (d === 0 && !allowZero ? (x.shape[i] ?? 0) : d));
    const free = shape.indexOf(-1);
    if (free >= 0) {
      const rest = shape.reduce((a, d, i) => (i === free ? a : a * d), 1);
      shape[free] = rest === 0 ? 0 : x.data.length / rest;
    }
    if (shape.some((d) => !Number.isInteger(d) || d < 0))
      throw badInput(`[${x.shape.join(', ')}] does not fit the shape [${wanted.join(', ')}]`);
    return reshaped(x, shape);
  };
};

/** `x` with its axes in another order. */
export function transposed(site: Site, x: Tensor, perm: readonly number[]): Tensor {
  const rank = x.shape.length;
  if (perm.length !== rank || new Set(perm).size !== rank || perm.some((p) => !(p >= 0 && p < rank)))
    throw badInput(`perm [${perm.join(', ')}] of ${rank} dimensions`);
  const shape = perm.map((p) => x.shape[p]);
  const steps = stepsOf(x.shape);
  // Axes that keep their order once those of size 1 are left out: the same layout.
  const moved = perm.filter((p) => x.shape[p] !== 1);
  if (moved.every((p, i) => i === 0 || moved[i - 1] < p)) return reshaped(x, shape);
  const data = make(site, x.dtype, shape);
  copyView(
    data,
    x.data,
    shape,
    perm.map((p) => steps[p]),
    0,
  );
  return { dtype: x.dtype, shape, data };
}

const transpose: Operator = (site) => {
  const perm = list(site, 'perm');
  return (inputs) => {
    const x = dense(inputs, 0);
    const rank = x.shape.length;
    return transposed(site, x, perm ?? x.shape.map((_, i) => rank - 1 - i));
  };
};

const squeeze: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const rank = x.shape.length;
  const axes = intsFrom(site, inputs, 1, 'axes')?.map((a) => axisOf(a, rank));
  for (const a of axes ?? [])
    if (x.shape[a] !== 1) throw badInput(`axis ${a} of [${x.shape.join(', ')}] is not of size 1`);
  return reshaped(
    x,
    x.shape.filter((d, i) => (axes ? !axes.includes(i) : d !== 1)),
  );
};

const unsqueeze: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const given = intsFrom(site, inputs, 1, 'axes') ?? [];
  const rank = x.shape.length + given.length;
  const axes = new Set(given.map((a) => axisOf(a, rank)));
  if (axes.size !== given.length) throw badInput(`axes [${given.join(', ')}] name one twice`);
  const rest = x.shape[Symbol.iterator]();
  return reshaped(
    x,
    Array.from({ length: rank }, (_, i) => (axes.has(i) ? 1 : (rest.next().value ?? 1))),
  );
};

const flatten: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const given = int(site, 'axis', 1);
  const axis = given === x.shape.length ? given : axisOf(given, x.shape.length);
  return reshaped(x, [sizeOf(x.shape.slice(0, axis)), sizeOf(x.shape.slice(axis))]);
};

/** x repeated to `shape` by numpy's broadcasting. */
export function expanded(site: Site, x: Tensor, wanted: readonly number[]): Tensor {
  const rank = Math.max(x.shape.length, wanted.length);
  const own = [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape];
  const asked = [...new Array<number>(rank - wanted.length).fill(1), ...wanted];
  const shape = own.map((d, i) => {
    const w = asked[i];
    if (d !== w && d !== 1 && w !== 1)
      throw badInput(`[${x.shape.join(', ')}] does not expand to [${wanted.join(', ')}]`);
    return d === 1 ? w : d;
  });
  const data = make(site, x.dtype, shape);
  const steps = stepsOf(own).map((s, i) => (own[i] === 1 ? 0 : s));
  copyView(data, x.data, shape, steps, 0);
  return { dtype: x.dtype, shape, data };
}

const expand: Operator = (site) => (inputs) => expanded(site, dense(inputs, 0), integers(dense(inputs, 1)));

const shapeOf: Operator = (site) => {
  const clamp = (d: number, rank: number): number => Math.max(0, Math.min(rank, d < 0 ? d + rank : d));
  return (inputs) => {
    const x = inputs[0];
    const { shape } = x !== undefined && isCsr(x) ? x : dense(inputs, 0);
    const from = clamp(int(site, 'start', 0), shape.length);
    const to = clamp(int(site, 'end', shape.length), shape.length);
    const part = shape.slice(from, Math.max(from, to));
    return { dtype: 'int64', shape: [part.length], data: int64Data(Int32Array.from(part)) };
  };
};

const size: Operator = () => (inputs) => ({
  dtype: 'int64',
  shape: [],
  data: BigInt64Array.of(BigInt(dense(inputs, 0).data.length)),
});

const slice: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const rank = x.shape.length;
  const starts = bounds(optional(inputs, 1)) ?? list(site, 'starts') ?? [];
  const ends = bounds(optional(inputs, 2)) ?? list(site, 'ends') ?? [];
  const axes = intsFrom(site, inputs, 3, 'axes') ?? starts.map((_, i) => i);
  const strides = bounds(optional(inputs, 4));
  if (ends.length !== starts.length || axes.length !== starts.length || (strides && strides.length !== starts.length))
    throw badInput('starts, ends, axes and steps differ in length');
  const shape = [...x.shape];
  const steps = stepsOf(x.shape);
  let offset = 0;
  axes.forEach((a, i) => {
    const axis = axisOf(a, rank);
    const d = x.shape[axis];
    const by = strides ? strides[i] : 1;
    if (by === 0) throw badInput('a step of 0');
    const wrap = (v: number): number => (v < 0 ? v + d : v);
    const from = by > 0 ? Math.min(Math.max(wrap(starts[i]), 0), d) : Math.min(Math.max(wrap(starts[i]), 0), d - 1);
    const to = by > 0 ? Math.min(Math.max(wrap(ends[i]), 0), d) : Math.min(Math.max(wrap(ends[i]), -1), d - 1);
    shape[axis] = Math.max(0, Math.ceil((to - from) / by));
    offset += from * steps[axis];
    steps[axis] *= by;
  });
  return sliced(site, x, shape, steps, offset);
};

/** Ends may be as large as int64 goes: what lies beyond the safe integers means "to the end". */
function bounds(x: Tensor | undefined): number[] | undefined {
  return x && Array.from(x.data as ArrayLike<number | bigint>, Number);
}

function sliced(site: Site, x: Tensor, shape: readonly number[], steps: readonly number[], offset: number): Tensor {
  const whole = x.shape.every((d, i) => d === shape[i]) && steps.every((s, i) => s === stepsOf(x.shape)[i]);
  if (whole) return x;
  const data = make(site, x.dtype, shape);
  copyView(data, x.data, shape, steps, offset);
  return { dtype: x.dtype, shape, data };
}

const tile: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const repeats = integers(dense(inputs, 1));
  if (repeats.length !== x.shape.length) throw badInput(`${repeats.length} repeats of ${x.shape.length} dimensions`);
  // Each axis as two: the repeats, which stay where they are, and the axis itself.
  const shape = x.shape.map((d, i) => d * repeats[i]);
  const data = make(site, x.dtype, shape);
  const own = stepsOf(x.shape);
  const both = x.shape.flatMap((d, i) => [repeats[i], d]);
  const steps = own.flatMap((s) => [0, s]);
  copyView(data, x.data, both, steps, 0);
  return { dtype: x.dtype, shape, data };
};

const split: Operator = (site) => {
  const outputs = site.node.outputs.length;
  return (inputs) => {
    const x = dense(inputs, 0);
    const axis = axisOf(int(site, 'axis', 0), x.shape.length);
    const d = x.shape[axis];
    let sizes = intsFrom(site, inputs, 1, 'split');
    if (!sizes) {
      const count = int(site, 'num_outputs', outputs);
      const each = Math.ceil(d / count);
      if (site.opset < 18 && d % count !== 0) throw badInput(`${d} elements do not split into ${count} equal parts`);
      sizes = Array.from({ length: count }, (_, i) => Math.max(0, Math.min(each, d - i * each)));
    }
    if (sizes.reduce((a, s) => a + s, 0) !== d || sizes.length !== outputs)
      throw badInput(`parts [${sizes.join(', ')}] of ${d} elements for ${outputs} outputs`);
    const steps = stepsOf(x.shape);
    let from = 0;
    return sizes.map((s) => {
      const shape = x.shape.map((v, i) => (i === axis ? s : v));
      const data: TensorData = make(site, x.dtype, shape);
      copyView(data, x.data, shape, steps, from * steps[axis]);
      from += s;
      return { dtype: x.dtype, shape, data };
    });
  };
};

const reshapeAny: Operator = (site) => {
  const kernel = reshape(site);
  return (inputs) => {
    if (inputs[0] !== undefined && isCsr(inputs[0])) throw unsupported('reshaping a sparse matrix');
    return kernel(inputs);
  };
};

export const shapeOperators = {
  Reshape: reshapeAny,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Flatten: flatten,
  Expand: expand,
  Shape: shapeOf,
  Size: size,
  Slice: slice,
  Tile: tile,
  Split: split,
} satisfies OperatorTable;
