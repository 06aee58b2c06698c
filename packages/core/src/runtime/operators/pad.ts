import { sizeOf, type Tensor } from '../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import {
  axisOf,
  badInput,
  dense,
  float,
  int,
  integers,
  intsFrom,
  list,
  optional,
  text,
  type Inputs,
} from './common.js';
import { filled } from './generate.js';
import { moving, stepsOf } from './move.js';
import { convert } from './reduce.js';
import { reshaped, transposed } from './shape.js';

type Mode = 'constant' | 'reflect' | 'edge' | 'wrap';

/** Where position i of a padded axis comes from; -1 for the constant. */
function source(i: number, n: number, mode: Mode): number {
  if (i >= 0 && i < n) return i;
  switch (mode) {
    case 'edge':
      return i < 0 ? 0 : n - 1;
    case 'wrap':
      return ((i % n) + n) % n;
    case 'reflect': {
      if (n === 1) return 0;
      const period = 2 * (n - 1);
      const at = ((i % period) + period) % period;
      return at < n ? at : period - at;
    }
    default:
      return -1;
  }
}

/** `x` with `before[d]` and `after[d]` elements more (or fewer) along each dimension. */
export function padded(
  site: Site,
  x: Tensor,
  before: readonly number[],
  after: readonly number[],
  mode: Mode,
  fill: Tensor,
): Tensor {
  const shape = x.shape.map((d, i) => d + before[i] + after[i]);
  if (shape.some((d) => d < 0)) throw badInput(`pads leave [${shape.join(', ')}]`);
  const out = filled(site, fill, shape);
  if (sizeOf(shape) === 0) return out;
  if (mode !== 'constant' && x.data.length === 0) throw badInput(`nothing to pad with in mode ${mode}`);
  const maps = shape.map((d, k) => Int32Array.from({ length: d }, (_, i) => source(i - before[k], x.shape[k], mode)));
  const from = stepsOf(x.shape);
  const to = stepsOf(shape);
  const rank = shape.length;
  const move = moving(out.data, x.data);
  if (rank === 0) {
    move.span(0, 0, 1);
    return out;
  }
  const at = new Array<number>(rank - 1).fill(0);
  const last = maps[rank - 1];
  const rows = sizeOf(shape) / last.length;
  // The stretch of the innermost axis that is copied as it is.
  const [lead, width] = [
    Math.max(0, before[rank - 1]),
    Math.min(last.length - Math.max(0, before[rank - 1]), x.shape[rank - 1] - Math.max(0, -before[rank - 1])),
  ];
  for (let r = 0; r < rows; r++) {
    let base = 0;
    let inside = true;
    for (let d = 0; d < rank - 1; d++) {
      const s = maps[d][at[d]];
      if (s < 0) inside = false;
      else base += s * from[d];
    }
    if (inside) {
      const row = r * to[Math.max(0, rank - 2)] * (rank === 1 ? 0 : 1);
      if (width > 0) move.span(row + lead, base + last[lead], width);
      if (mode !== 'constant')
        for (let i = 0; i < last.length; i++) if (i < lead || i >= lead + width) move.span(row + i, base + last[i], 1);
    }
    for (let d = rank - 2; d >= 0; d--) {
      if (++at[d] < shape[d]) break;
      at[d] = 0;
    }
  }
  return out;
}

const pad: Operator = (site) => {
  const mode = text(site, 'mode', 'constant');
  if (mode !== 'constant' && mode !== 'reflect' && mode !== 'edge' && mode !== 'wrap')
    throw badInput(`an unknown mode: ${mode}`);
  return (inputs) => {
    const x = dense(inputs, 0);
    const rank = x.shape.length;
    const pads = intsFrom(site, inputs, 1, 'pads') ?? list(site, 'paddings') ?? [];
    const axes = (optional(inputs, 3) ? integers(dense(inputs, 3)) : x.shape.map((_, i) => i)).map((a) =>
      axisOf(a, rank),
    );
    if (pads.length !== 2 * axes.length) throw badInput(`${pads.length} pads for ${axes.length} axes`);
    const before = new Array<number>(rank).fill(0);
    const after = new Array<number>(rank).fill(0);
    axes.forEach((a, i) => {
      before[a] = pads[i];
      after[a] = pads[axes.length + i];
    });
    return padded(site, x, before, after, mode, fillOf(site, inputs, x));
  };
};

function fillOf(site: Site, inputs: Inputs, x: Tensor): Tensor {
  const given = optional(inputs, 2);
  if (given && given.data.length > 0) return { ...given, dtype: x.dtype };
  if (x.dtype === 'string') return { dtype: 'string', shape: [], data: [''] };
  if (x.dtype === 'int64' || x.dtype === 'uint64') return { dtype: x.dtype, shape: [], data: BigInt64Array.of(0n) };
  return convert(x.dtype, [], Float64Array.of(float(site, 'value', 0)));
}

const centerCropPad: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const wanted = integers(dense(inputs, 1));
  const axes = (list(site, 'axes') ?? x.shape.map((_, i) => i)).map((a) => axisOf(a, x.shape.length));
  const before = x.shape.map(() => 0);
  const after = x.shape.map(() => 0);
  axes.forEach((a, i) => {
    const more = wanted[i] - x.shape[a];
    // Cropping leaves the odd element at the end off, padding puts it there.
    before[a] = more >= 0 ? Math.floor(more / 2) : -Math.floor(-more / 2);
    after[a] = more - before[a];
  });
  return padded(site, x, before, after, 'constant', fillOf(site, [], x));
};

const depthToSpace: Operator = (site) => {
  const size = int(site, 'blocksize', 1);
  const crd = text(site, 'mode', 'DCR') === 'CRD';
  return (inputs) => {
    const x = dense(inputs, 0);
    const [n, c, h, w] = x.shape as [number, number, number, number];
    const depth = c / (size * size);
    if (x.shape.length !== 4 || !Number.isInteger(depth))
      throw badInput(`blocks of ${size} in [${x.shape.join(', ')}]`);
    const split = crd ? [n, depth, size, size, h, w] : [n, size, size, depth, h, w];
    const perm = crd ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
    return reshaped(transposed(site, reshaped(x, split), perm), [n, depth, h * size, w * size]);
  };
};

const spaceToDepth: Operator = (site) => {
  const size = int(site, 'blocksize', 1);
  const crd = text(site, 'mode', 'DCR') === 'CRD';
  return (inputs) => {
    const x = dense(inputs, 0);
    const [n, c, h, w] = x.shape as [number, number, number, number];
    if (x.shape.length !== 4 || h % size !== 0 || w % size !== 0)
      throw badInput(`blocks of ${size} in [${x.shape.join(', ')}]`);
    const split = reshaped(x, [n, c, h / size, size, w / size, size]);
    const perm = crd ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4];
    return reshaped(transposed(site, split, perm), [n, c * size * size, h / size, w / size]);
  };
};

export const padOperators = {
  Pad: pad,
  CenterCropPad: centerCropPad,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
} satisfies OperatorTable;
