import { BrineError } from '../../errors.js';
import { allocate, tensor, type Csr, type Tensor } from '../../graph/tensor.js';
import type { Kernel } from '../operator.js';
import { needTensor } from './columns.js';
import type { OwnOperator } from './index.js';

/** What a Map may use as key for a label: numbers of any kind that are equal are one, and missing values too. */
function labelKey(x: unknown): unknown {
  switch (typeof x) {
    case 'string':
      return x;
    case 'number':
      return Number.isNaN(x) ? null : x;
    case 'bigint':
      return Number(x);
    case 'boolean':
      return x ? 1 : 0;
    default:
      return x ?? null;
  }
}

const lookup: OwnOperator<'Lookup'> = ({ attributes }): Kernel => {
  const { keys, values, otherwise, who } = attributes;
  const places = new Map<unknown, number>();
  for (let i = 0; i < keys.data.length; i++) {
    const key = labelKey(keys.data[i]);
    if (!places.has(key)) places.set(key, i);
  }
  const found = values.data as unknown[];
  return ([x]): Tensor => {
    const { data, shape } = needTensor(x);
    const out = allocate(values.dtype, data.length) as unknown[];
    for (let i = 0; i < data.length; i++) {
      const place = places.get(labelKey(data[i]));
      if (place !== undefined) out[i] = found[place];
      else if (otherwise !== undefined) out[i] = otherwise;
      else
        throw new BrineError('BAD_INPUT', `${who}: row ${i} holds ${shown(data[i])}, which was not there at fitting`);
    }
    return tensor(values.dtype, shape, out);
  };
};

function shown(x: unknown): string {
  if (x === null || x === undefined) return 'a missing value';
  return typeof x === 'string' ? JSON.stringify(x) : typeof x === 'object' ? 'an object' : `${x as number}`;
}

const oneHotSlots: OwnOperator<'OneHotSlots'> = ({ attributes, budget }): Kernel => {
  const { width } = attributes;
  return (inputs): Csr => {
    const columns = inputs.map((x) => needTensor(x).data as Int32Array);
    const rows = columns[0]?.length ?? 0;
    budget.allocate(rows * columns.length, 12);
    const indptr = new Int32Array(rows + 1);
    const indices = new Int32Array(rows * columns.length);
    let at = 0;
    for (let r = 0; r < rows; r++) {
      for (const column of columns) {
        const slot = column[r];
        if (slot >= 0) indices[at++] = slot;
      }
      indptr[r + 1] = at;
    }
    return {
      dtype: 'float64',
      shape: [rows, width],
      indptr,
      indices: indices.subarray(0, at),
      data: new Float64Array(at).fill(1),
    };
  };
};

const fillMissing: OwnOperator<'FillMissing'> = ({ attributes }): Kernel => {
  const { missing, fill } = attributes;
  const key = labelKey(missing);
  return ([x]): Tensor => {
    const t = needTensor(x);
    const out = Array.from(t.data as ArrayLike<unknown>, (v) => (labelKey(v) === key ? fill : v));
    return tensor(t.dtype, t.shape, out);
  };
};

export const categoryOperators = { FillMissing: fillMissing, Lookup: lookup, OneHotSlots: oneHotSlots };
