import { BrineError } from '../../errors.js';
import type { GraphBuilder, V } from '../../graph/builder.js';
import { NdArray } from '../../python/ndarray.js';
import { columnsOf, finiteNumbers, toDense, type Column, type Data } from '../data.js';
import type { Fitted } from '../estimator.js';
import { inFloat32 } from '../precision.js';
import { globalName, integers, mask, optional, raw, sequenceOf } from '../fields.js';

/**
 * `categorical_features` of OneHotEncoder up to 0.21: only some columns are encoded, and come first; the others follow as
 * they are (sklearn/preprocessing/data.py of 0.19 and base.py of 0.21, `_transform_selected`).
 */
export const selectionState = { categorical_features: raw, dtype: optional(globalName, 'numpy.float64') };
type Selecting = Fitted<typeof selectionState>;

type Selection = { readonly mask: readonly boolean[] } | { readonly indices: readonly number[] };

/** Undefined where all columns are encoded. */
export function selectionOf(m: Selecting): Selection | undefined {
  const value = m.categorical_features;
  if (value === undefined || value === null || value === 'all') return undefined;
  const at = { owner: m.estimator, path: `${m.estimator.path}.categorical_features` };
  if (value instanceof NdArray)
    return value.dtype.type === 'b' ? { mask: mask(value, at) } : { indices: integers(value, at) };
  const items = sequenceOf(value);
  if (items.length > 0 && items.every((item) => typeof item === 'boolean')) return { mask: items };
  return { indices: items.length === 0 ? [] : integers(value, at) };
}

/** The number of columns that go in, where a mask tells. */
export const selectionWidth = (s: Selection): number | undefined => ('mask' in s ? s.mask.length : undefined);

/** Of each column, whether it is encoded; counted from the end where an index is negative. */
function chosenOf(s: Selection, width: number, who: string): boolean[] {
  if ('mask' in s) {
    if (s.mask.length !== width)
      throw new BrineError('BAD_INPUT', `the input has ${width} columns, ${who} expects ${s.mask.length}`);
    return [...s.mask];
  }
  const chosen = new Array<boolean>(width).fill(false);
  for (const index of s.indices) {
    const at = index < 0 ? index + width : index;
    if (!(at >= 0 && at < width))
      throw new BrineError('BAD_INPUT', `the input has ${width} columns, ${who} encodes column ${index}`);
    chosen[at] = true;
  }
  return chosen;
}

/** Since 0.20 what is not encoded has the encoder's dtype, too. */
function inDtype(m: Selecting, x: V, g: GraphBuilder): V {
  if (m.version.before(0, 20)) return x;
  const [, name = ''] = /(\w+)$/.exec(m.dtype) ?? [];
  if (name === 'float64' || name === 'float') return x;
  if (name === 'float32') return inFloat32(x, g);
  if (name === 'int' || name === 'int64') return g.cast(g.cast(x, 'int64'), 'float64');
  if (name === 'int32') return g.cast(g.cast(x, 'int32'), 'float64');
  throw new BrineError('UNSUPPORTED', `${m.estimator.name} answers columns that it does not encode as ${m.dtype}`);
}

/** What `encode` makes of the chosen columns, then the others. `sparse`: in one CSR matrix. */
export function encodeSelected(
  m: Selecting,
  selection: Selection,
  data: Data,
  sparse: boolean,
  g: GraphBuilder,
  encode: (chosen: Data) => V,
): V {
  const columns = columnsOf(data, g);
  const who = m.estimator.name;
  const chosen = chosenOf(selection, columns.length, who);
  const some = (wanted: boolean): Column[] => columns.filter((_, i) => chosen[i] === wanted);
  const numbers = (of: Column[]): V => finiteNumbers(toDense({ kind: 'frame', columns: of }, g), who, g);
  if (!chosen.includes(true)) return numbers(columns);
  const encoded = encode({ kind: 'frame', columns: some(true) });
  if (!chosen.includes(false)) return encoded;
  const rest = inDtype(m, numbers(some(false)), g);
  return g.concat([encoded, sparse ? g.sparse(rest) : rest]);
}
