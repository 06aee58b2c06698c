import type { Site } from '../../operator.js';
import { badInput, int, list, text, unsupported } from '../common.js';

/** Spatial sizes as [depth, height, width]; missing ones are 1, so that one set of loops does for all ranks. */
export type Triple = readonly [number, number, number];

/** Where a window lies over an input, along three dimensions. */
export interface Geometry {
  readonly input: Triple;
  readonly output: Triple;
  readonly kernel: Triple;
  readonly stride: Triple;
  readonly dilation: Triple;
  readonly before: Triple;
  readonly after: Triple;
  /** Spatial dimensions that the tensor really has. */
  readonly rank: number;
}

export function triple(values: readonly number[], fill: number): Triple {
  if (values.length > 3) throw unsupported(`${values.length} spatial dimensions`);
  const out = [...new Array<number>(3 - values.length).fill(fill), ...values];
  return [out[0], out[1], out[2]];
}

const map3 = (f: (d: number) => number): Triple => [f(0), f(1), f(2)];
export const volume = (t: Triple): number => t[0] * t[1] * t[2];

/** The geometry of a convolution or pool over `spatial`, from the node's attributes. */
export function geometryOf(site: Site, spatial: readonly number[], kernelShape: readonly number[]): Geometry {
  const rank = spatial.length;
  const ones = new Array<number>(rank).fill(1);
  const read = (name: string, count: number, fallback: readonly number[]): readonly number[] => {
    const v = list(site, name) ?? fallback;
    if (v.length !== count) throw badInput(`${v.length} ${name} for ${rank} spatial dimensions`);
    return v;
  };
  const input = triple(spatial, 1);
  const kernel = triple(kernelShape, 1);
  if (kernelShape.length !== rank) throw badInput(`a kernel of ${kernelShape.length} dimensions over ${rank}`);
  const stride = triple(read('strides', rank, ones), 1);
  const dilation = triple(read('dilations', rank, ones), 1);
  if ([...stride, ...dilation, ...kernel].some((v) => !(v > 0)))
    throw badInput('strides, dilations and kernels are positive');
  const extent = map3((d) => (kernel[d] - 1) * dilation[d] + 1);
  const auto = text(site, 'auto_pad', 'NOTSET');
  const ceil = int(site, 'ceil_mode', 0) !== 0;
  let before: Triple = [0, 0, 0];
  let after: Triple = [0, 0, 0];
  if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') {
    const total = map3((d) => Math.max(0, (Math.ceil(input[d] / stride[d]) - 1) * stride[d] + extent[d] - input[d]));
    const half = map3((d) => (auto === 'SAME_UPPER' ? Math.floor(total[d] / 2) : Math.ceil(total[d] / 2)));
    before = half;
    after = map3((d) => total[d] - half[d]);
  } else if (auto === 'NOTSET') {
    const pads = read('pads', 2 * rank, new Array<number>(2 * rank).fill(0));
    before = triple(pads.slice(0, rank), 0);
    after = triple(pads.slice(rank), 0);
  } else if (auto !== 'VALID') throw badInput(`an unknown auto_pad: ${auto}`);
  const output = map3((d) => {
    const room = (input[d] + before[d] + after[d] - extent[d]) / stride[d];
    let n = (ceil ? Math.ceil(room) : Math.floor(room)) + 1;
    // The last window must begin inside the input or its left pad.
    if (ceil && (n - 1) * stride[d] >= input[d] + before[d]) n--;
    return Math.max(0, n);
  });
  return { input, output, kernel, stride, dilation, before, after, rank };
}

/** The output's spatial shape in the tensor's own rank. */
export function spatialShape(t: Triple, rank: number): number[] {
  return t.slice(3 - rank);
}
