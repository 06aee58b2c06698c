import type { Dtype } from './ndarray.js';

/** numpy's own short name: `<f8`, `|b1`, `<U3`, `<M8[ns]`, `|O`; records as `V56`. */
export function dtypeName(dtype: Dtype): string {
  const { type, itemsize, byteOrder, unit } = dtype;
  if (type === 'O') return '|O';
  if (type === 'T') return '|T16';
  const size = type === 'U' ? itemsize / 4 : itemsize;
  const order = type === 'S' || type === 'V' ? '|' : byteOrder;
  const of = unit && unit[0] !== 'generic' ? `[${unit[1] === 1 ? '' : unit[1]}${unit[0]}]` : '';
  return `${order}${type}${size}${of}`;
}
