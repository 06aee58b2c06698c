import type { V } from '../builder.js';
import { allocate, float64, int64, strings, type DType, type Tensor } from '../tensor.js';
import { rowsOf, shapeOf, slice, filled } from './build.js';
import type { Expander, Expansion, Expansions } from './expansion.js';
import { narrow } from './narrow.js';

/** Text as it is, everything else as float64; what may be of any type has no tensor. */
function asKeys(x: V, e: Expander): V {
  if (x.dtype === 'string') return x;
  if (x.dtype === 'object') return e.refuse('a column of text and numbers mixed has no type in ONNX');
  return e.g.cast(x, 'float64');
}

/** The keys that a value of the type can equal, each with its first place. */
function keysFor(dtype: DType, keys: Tensor, e: Expander): Map<string | number, number> {
  const places = new Map<string | number, number>();
  for (let i = 0; i < keys.data.length; i++) {
    const key: unknown = keys.data[i];
    const missing = key === null || key === undefined || Number.isNaN(key);
    let known: string | number;
    if (missing) known = dtype === 'string' ? e.target.missingText : NaN;
    else if ((typeof key === 'string') !== (dtype === 'string'))
      e.refuse(
        `among its categories is ${JSON.stringify(key)}, the input is ${dtype === 'string' ? 'text' : 'numbers'}`,
      );
    else known = typeof key === 'string' ? key : Number(key);
    if (!places.has(known)) places.set(known, i);
    else if (missing || known === e.target.missingText)
      e.refuse(
        `${JSON.stringify(e.target.missingText)} is a category beside the missing value that it stands for in ONNX`,
      );
  }
  return places;
}

/** values, and after them the one that stands for what is no key. */
function withOtherwise(values: Tensor, otherwise: unknown, e: Expander): Tensor {
  if (otherwise === undefined) return values;
  const size = values.data.length;
  if (values.dtype === 'string' || values.dtype === 'object')
    return { ...values, shape: [size + 1], data: [...(values.data as readonly unknown[]), otherwise] };
  if (typeof otherwise !== 'number' && otherwise !== null)
    return e.refuse(`${JSON.stringify(otherwise)} among values of the type ${values.dtype}`);
  const data = allocate(values.dtype, size + 1) as Float64Array;
  data.set(values.data as Float64Array);
  const last = otherwise ?? NaN;
  (data as unknown as unknown[])[size] = values.dtype === 'int64' || values.dtype === 'uint64' ? BigInt(last) : last;
  return { dtype: values.dtype, shape: [size + 1], data };
}

/** The place of each value among the keys, by a table; then the value at that place. */
const lookup: Expansion<'Lookup'> = ([input], { keys, values, otherwise, who }, e) => {
  const { g } = e;
  const x = asKeys(input, e);
  const places = keysFor(x.dtype, keys, e);
  const found = narrow(withOtherwise(values, otherwise, e), e.target.missingText);
  if (!found) return e.refuse('it answers with text and numbers mixed, which have no type in ONNX');
  // One place beyond the values: without another answer, a run that meets an unknown value fails there.
  const unknown = values.data.length;
  if (otherwise === undefined)
    e.note(`${who}: a value that was not there at fitting ends the run with an error about an index`);
  if (places.size === 0) {
    const none = filled(g, int64([1], [unknown]), shapeOf(g, x), x.shape);
    return [g.gather(found, none, 0)];
  }
  const attributes =
    x.dtype === 'string'
      ? { keys_strings: [...places.keys()] as string[], values_int64s: [...places.values()], default_int64: unknown }
      : {
          keys_tensor: float64([places.size], Float64Array.from(places.keys() as Iterable<number>)),
          values_tensor: int64([places.size], [...places.values()]),
          default_tensor: int64([1], [unknown]),
        };
  const type = { dtype: 'int64', shape: x.shape } as const;
  const [place] = g.typed('LabelEncoder', [x], attributes, [type], 'ai.onnx.ml');
  return [g.gather(found, place, 0)];
};

/** Ones scattered into zeros; what has no column goes into one more, which is cut off. */
const oneHotSlots: Expansion<'OneHotSlots'> = (columns, { width }, e) => {
  const { g } = e;
  const slots = g.concat(columns.map((c) => g.column(g.cast(c, 'int64'))));
  const target = g.where(g.less(slots, int64([], [0])), int64([], [width]), slots);
  const ones = filled(g, 1, shapeOf(g, slots), slots.shape);
  const zeros = rowsOf(e, slots, width + 1, 0);
  const [marked] = g.typed('ScatterElements', [zeros, target, ones], { axis: 1 }, [
    { dtype: 'float64', shape: zeros.shape },
  ]);
  return [slice(g, marked, 1, 0, width)];
};

const fillMissing: Expansion<'FillMissing'> = ([x], { missing, fill }, e) => {
  const { g } = e;
  if (x.dtype === 'object') return e.refuse('a column of text and numbers mixed has no type in ONNX');
  if (x.dtype === 'string') {
    if (missing !== null && typeof missing !== 'string') return [x];
    if (fill === null && missing === null) return [x];
    if (fill !== null && typeof fill !== 'string')
      return e.refuse(`${fill} put among text gives a column of two types`);
    const hole = strings([1], [missing ?? e.target.missingText]);
    return [g.where(g.equal(x, hole), strings([1], [fill ?? e.target.missingText]), x)];
  }
  if (typeof missing === 'string') return [x];
  if (typeof fill === 'string')
    return e.refuse(`${JSON.stringify(fill)} put among numbers gives a column of two types`);
  const numbers = g.cast(x, 'float64');
  const hole = missing === null || Number.isNaN(missing) ? g.isNaN(numbers) : g.equal(numbers, missing);
  return [g.where(hole, fill === null ? NaN : Number(fill), numbers)];
};

/** The operators of `runtime/own/categories.ts` in ONNX operators. */
export const categoryExpansions: Expansions = {
  Lookup: lookup,
  OneHotSlots: oneHotSlots,
  FillMissing: fillMissing,
};
