import { BrineError } from '../../errors.js';
import type { GraphBuilder, V } from '../../graph/builder.js';
import { columnsOf, type Data } from '../data.js';
import type { Fitted } from '../estimator.js';
import { flag, integers, optional } from '../fields.js';

/**
 * How OneHotEncoder counted categories up to 0.19, and in the legacy mode of 0.20 and 0.21: features are integers from
 * zero, and one of n values takes n columns, of which `n_values='auto'` keeps those that occurred
 * (sklearn/preprocessing/data.py of 0.19, `_legacy_transform` of 0.20).
 */
export const countedState = {
  feature_indices_: optional(integers),
  active_features_: optional(integers),
  _legacy_mode: optional(flag, false),
  _feature_indices_: optional(integers),
  _active_features_: optional(integers),
};
type Counted = Fitted<typeof countedState>;

/** Columns before those that never occurred are left out: more are not made (CWE-770). */
const MAX_COLUMNS = 2 ** 22;

export interface Counts {
  /** Where each feature's columns begin, and behind the last one the number of all. */
  readonly starts: readonly number[];
  /** Of the columns, those that are kept; undefined for all. */
  readonly active: readonly number[] | undefined;
}

/** Undefined where the encoder knows its categories by name. */
export function countsOf(m: Counted): Counts | undefined {
  const starts = m._legacy_mode ? m._feature_indices_ : m.feature_indices_;
  if (starts === undefined) return undefined;
  const active = m._legacy_mode ? m._active_features_ : m.active_features_;
  const width = starts[starts.length - 1] ?? 0;
  const rising = starts.length > 1 && starts[0] === 0 && starts.every((at, i) => i === 0 || at >= starts[i - 1]);
  const within = active?.every((at, i) => at >= 0 && at < width && (i === 0 || at > active[i - 1])) ?? true;
  if (!rising || !within || width > MAX_COLUMNS)
    throw new BrineError('BAD_STATE', `${m.estimator.name}: the columns of its features are not in order`, {
      path: m.estimator.path,
    });
  return { starts, active };
}

/** Undefined too in legacy mode where only those that occurred are kept: `categories_` names just these. */
export function onlyCounted(m: Counted): Counts | undefined {
  const counts = countsOf(m);
  return m._legacy_mode && counts?.active !== undefined ? undefined : counts;
}

/** The codes of each feature's columns, and how many columns there are. */
export function encodeCounted(
  m: Counted & { readonly handle_unknown: string },
  { starts, active }: Counts,
  data: Data,
  g: GraphBuilder,
): { readonly slots: V[]; readonly width: number } {
  const columns = columnsOf(data, g);
  if (columns.length !== starts.length - 1)
    throw new BrineError(
      'BAD_INPUT',
      `the input has ${columns.length} columns, ${m.estimator.name} expects ${starts.length - 1}`,
    );
  const places = new Map(active?.map((at, place) => [at, place]));
  const slots = columns.map((column, i) => {
    const count = starts[i + 1] - starts[i];
    const who = `${m.estimator.name}, column ${column.name === undefined ? i : JSON.stringify(column.name)}`;
    // Fractions are cut off, as numpy's cast to int does.
    const whole = g.cast(g.cast(column.value, 'int64'), 'float64');
    const message = `${who}: categories are counted from zero, so that no value may be negative`;
    const { shape } = column.value;
    const checked = g.own('Require', [whole, g.not(g.less(whole, 0))], { message }, { dtype: 'float64', shape });
    const attributes = {
      keys: { dtype: 'float64' as const, shape: [count], data: Float64Array.from({ length: count }, (_, k) => k) },
      values: {
        dtype: 'int32' as const,
        shape: [count],
        data: Int32Array.from({ length: count }, (_, k) =>
          active === undefined ? starts[i] + k : (places.get(starts[i] + k) ?? -1),
        ),
      },
      otherwise: m.handle_unknown === 'error' ? undefined : -1,
      who,
    };
    return g.own('Lookup', [checked], attributes, { dtype: 'int32', shape });
  });
  return { slots, width: active?.length ?? starts[starts.length - 1] };
}

/** `x0_3` for the value 3 of the first feature. */
export function countedNames({ starts, active }: Counts, input: readonly string[]): string[] {
  const all = active ?? Array.from({ length: starts[starts.length - 1] }, (_, at) => at);
  return all.map((at) => {
    let i = 0;
    while (starts[i + 1] <= at) i++;
    return `${input[i] ?? `x${i}`}_${at - starts[i]}`;
  });
}
