import { BrineError } from '../../../errors.js';
import type { Tensor } from '../../../graph/tensor.js';
import type { Site } from '../../operator.js';
import { list, texts } from '../common.js';

/** The labels of a classifier: strings or int64. */
export interface Labels {
  readonly count: number;
  /** The labels at `places`, as a vector. */
  at(places: Int32Array): Tensor;
}

export function labelsOf(site: Site, ints = 'classlabels_int64s'): Labels {
  const strings = texts(site, 'classlabels_strings') ?? [];
  if (strings.length > 0) {
    return {
      count: strings.length,
      at: (places) => ({ dtype: 'string', shape: [places.length], data: Array.from(places, (p) => strings[p] ?? '') }),
    };
  }
  const values = (list(site, ints) ?? list(site, 'classlabels_ints') ?? []).map((v) => BigInt(v));
  if (values.length === 0) throw new BrineError('CORRUPT', 'a classifier without labels');
  return {
    count: values.length,
    at: (places) => ({
      dtype: 'int64',
      shape: [places.length],
      data: BigInt64Array.from(places, (p) => values[p] ?? 0n),
    }),
  };
}
