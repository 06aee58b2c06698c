import type { Numbers } from '../common.js';
import { volume, type Geometry } from './window.js';

/**
 * The columns that turn a convolution into a matrix product: row (channel, kernel position), column (output
 * position). Positions in the padding are `fill`.
 */
export function toColumns(x: Numbers, from: number, channels: number, g: Geometry, out: Numbers, fill = 0): void {
  const [D, H, W] = g.input;
  const [od, oh, ow] = g.output;
  let o = 0;
  for (let c = 0; c < channels; c++) {
    const plane = from + c * D * H * W;
    for (let kz = 0; kz < g.kernel[0]; kz++)
      for (let ky = 0; ky < g.kernel[1]; ky++)
        for (let kx = 0; kx < g.kernel[2]; kx++)
          for (let z = 0; z < od; z++) {
            const iz = z * g.stride[0] - g.before[0] + kz * g.dilation[0];
            for (let y = 0; y < oh; y++) {
              const iy = y * g.stride[1] - g.before[1] + ky * g.dilation[1];
              const ix = kx * g.dilation[2] - g.before[2];
              if (iz < 0 || iz >= D || iy < 0 || iy >= H) {
                for (let k = 0; k < ow; k++) out[o++] = fill;
                continue;
              }
              // Padding before the row, the row, padding behind it.
              const lead = Math.min(ow, Math.max(0, Math.ceil(-ix / g.stride[2])));
              const inside = Math.min(ow, Math.max(lead, Math.ceil((W - ix) / g.stride[2])));
              let at = plane + (iz * H + iy) * W + ix + lead * g.stride[2];
              let k = 0;
              for (; k < lead; k++) out[o++] = fill;
              for (; k < inside; k++, at += g.stride[2]) out[o++] = x[at];
              for (; k < ow; k++) out[o++] = fill;
            }
          }
  }
}

/** The way back: adds columns up where they overlap. Positions in the padding are dropped. */
export function fromColumns(columns: Numbers, channels: number, g: Geometry, out: Numbers, to: number): void {
  const [D, H, W] = g.input;
  const [od, oh, ow] = g.output;
  let o = 0;
  for (let c = 0; c < channels; c++) {
    const plane = to + c * D * H * W;
    for (let kz = 0; kz < g.kernel[0]; kz++)
      for (let ky = 0; ky < g.kernel[1]; ky++)
        for (let kx = 0; kx < g.kernel[2]; kx++)
          for (let z = 0; z < od; z++) {
            const iz = z * g.stride[0] - g.before[0] + kz * g.dilation[0];
            for (let y = 0; y < oh; y++) {
              const iy = y * g.stride[1] - g.before[1] + ky * g.dilation[1];
              if (iz < 0 || iz >= D || iy < 0 || iy >= H) {
                o += ow;
                continue;
              }
              const row = plane + (iz * H + iy) * W;
              let ix = kx * g.dilation[2] - g.before[2];
              for (let k = 0; k < ow; k++, ix += g.stride[2], o++) if (ix >= 0 && ix < W) out[row + ix] += columns[o];
            }
          }
  }
}

/** Whether the columns are the input itself: a kernel of one element, everywhere. */
export function isPointwise(g: Geometry): boolean {
  return (
    volume(g.kernel) === 1 &&
    g.stride.every((s) => s === 1) &&
    g.before.every((p) => p === 0) &&
    g.after.every((p) => p === 0)
  );
}
