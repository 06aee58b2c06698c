import { BrineError } from '../../errors.js';
import type { GraphBuilder, V } from '../../graph/builder.js';
import type { Tensor } from '../../graph/tensor.js';
import { PyDict } from '../../pickle/values.js';
import { columnsOf, fromColumns, toDense, type Column, type Data } from '../data.js';
import { estimator, takes, type ColumnType, type Fitted } from '../estimator.js';
import { asNumber, flag, integers, labels, list, number, optional, sequenceOf, text, type Field } from '../fields.js';
import { labelText } from '../python_text.js';
import { encodeSelected, selectionOf, selectionState, selectionWidth } from './selected_one_hot.js';
import { countedNames, countedState, countsOf, encodeCounted, onlyCounted } from './counted_one_hot.js';

const modules = ['sklearn.preprocessing._encoders', 'sklearn.preprocessing.data'];

/** Per feature, a list of integers or None; None as a whole where the encoder does not group. */
const perFeature: Field<(number[] | undefined)[]> = (value, at) =>
  value === undefined || value === null
    ? []
    : sequenceOf(value).map((item, i) =>
        item === null ? undefined : integers(item, { owner: at.owner, path: `${at.path}[${i}]` }),
      );

/** `drop_idx_`: per feature the dropped category or None; a scalar None drops nothing. */
const dropped: Field<(number | undefined)[]> = (value) =>
  value === undefined || value === null ? [] : sequenceOf(value).map((x) => asNumber(x));

// ---- what both encoders share -----------------------------------------------------------------------

const shared = {
  categories_: list(labels),
  handle_unknown: optional(text, 'error'),
  _infrequent_enabled: optional(flag, false),
  _infrequent_indices: perFeature,
  _default_to_infrequent_mappings: perFeature,
};
type Shared = Fitted<typeof shared>;

const groups = (m: Shared, feature: number): readonly number[] | undefined =>
  m._infrequent_enabled ? m._infrequent_indices[feature] : undefined;

/**
 * The code of every category of a feature once infrequent ones are grouped: the group is the last code. A missing one
 * that has a code of its own is not among those that are grouped.
 */
function groupedCodes(m: Shared, feature: number, missing?: number): number[] {
  const all = m.categories_[feature].data.length;
  const mapping = m._infrequent_enabled ? m._default_to_infrequent_mappings[feature] : undefined;
  if (mapping === undefined) return Array.from({ length: all }, (_, i) => i);
  const n = missing === all - 1 ? missing : all;
  // A code is a column of the output, and columns are made: it must be one of as many as there are categories.
  if (mapping.length !== n || mapping.some((code) => !(code >= 0 && code < n)))
    throw new BrineError('BAD_STATE', `the codes of feature ${feature} are not those of ${n} grouped categories`, {
      path: `${m.estimator.path === '' ? '' : `${m.estimator.path}.`}_default_to_infrequent_mappings[${feature}]`,
    });
  return mapping;
}

const isFloat = (t: Tensor): boolean => t.dtype === 'float64';

/** The labels that the codes after grouping stand for; the group answers `infrequent_sklearn`. */
function groupedLabels(m: Shared, feature: number): unknown[] {
  const all = Array.from(m.categories_[feature].data as ArrayLike<unknown>, (x) =>
    m.categories_[feature].dtype === 'bool' ? x === 1 : x,
  );
  const infrequent = groups(m, feature);
  if (!infrequent) return all;
  return [...all.filter((_, i) => !infrequent.includes(i)), 'infrequent_sklearn'];
}

/** Labels of any types as the narrowest tensor, keeping the categories' own type where nothing was added. */
function labelTensor(values: readonly unknown[], like: Tensor): Tensor {
  const shape = [values.length];
  if (values.every((x) => typeof x === 'string')) return { dtype: 'string', shape, data: values };
  if (like.dtype === 'float64' && values.every((x) => typeof x === 'number'))
    return { dtype: 'float64', shape, data: Float64Array.from(values) };
  if (like.dtype === 'int64' && values.every((x) => typeof x === 'bigint'))
    return { dtype: 'int64', shape, data: BigInt64Array.from(values) };
  return { dtype: 'object', shape, data: values.map((x) => (typeof x === 'bigint' ? Number(x) : x)) };
}

function inputColumns(m: Shared, data: Data, g: GraphBuilder): Column[] {
  const columns = columnsOf(data, g);
  if (columns.length !== m.categories_.length)
    throw new BrineError(
      'BAD_INPUT',
      `the input has ${columns.length} columns, ${m.estimator.name} expects ${m.categories_.length}`,
    );
  return columns;
}

/** Categories of text want text, with or without a missing one; mixed ones take what comes. */
export function categoryColumns(m: { readonly categories_: readonly Tensor[] }): ColumnType[] {
  const some = (x: unknown): boolean => x !== null && x !== undefined && !Number.isNaN(x);
  return m.categories_.map(({ dtype, data }) => {
    if (dtype !== 'string' && dtype !== 'object') return 'number';
    const values = (data as readonly unknown[]).filter(some);
    return dtype === 'string' || (values.length > 0 && values.every((x) => typeof x === 'string')) ? 'text' : 'any';
  });
}

const what = (m: Shared, column: Column, i: number): string =>
  `${m.estimator.name}, column ${column.name === undefined ? i : JSON.stringify(column.name)}`;

// ---- OneHotEncoder ----------------------------------------------------------------------------------

const oneHotState = {
  ...shared,
  ...countedState,
  ...selectionState,
  drop_idx_: dropped,
  _drop_idx_after_grouping: optional(dropped),
  sparse: optional(flag, true),
  sparse_output: optional(flag),
  feature_name_combiner: optional(text, 'concat'),
};
type OneHot = Fitted<typeof oneHotState>;

/** What one feature becomes: the output column of each category, and of an unknown one. */
interface Slots {
  /** Per category (before grouping), its column within the feature's; -1 for none. */
  readonly slots: readonly number[];
  readonly width: number;
  /** -1 for no column; undefined where unknown categories are refused. */
  readonly unknown: number | undefined;
}

/**
 * The dropped code of a feature after grouping. 1.1 and 1.2 grouped before they stored `drop_idx_`; later versions
 * store the category there and the code apart.
 */
function droppedCode(m: OneHot, feature: number): number | undefined {
  return (m._drop_idx_after_grouping ?? m.drop_idx_)[feature];
}

function slotsOf(m: OneHot, feature: number): Slots {
  const codes = groupedCodes(m, feature);
  const count = codes.reduce((a, c) => Math.max(a, c + 1), 0);
  const drop = droppedCode(m, feature);
  const place = (code: number): number => (drop === undefined || code < drop ? code : code === drop ? -1 : code - 1);
  const group = groups(m, feature)?.[0];
  // 'warn' was forgotten there until 1.8: zeros, as 'ignore' gives.
  const grouped =
    m.handle_unknown === 'infrequent_if_exist' || (m.handle_unknown === 'warn' && m.version.atLeast(1, 8));
  return {
    slots: codes.map(place),
    width: drop === undefined ? count : count - 1,
    unknown: m.handle_unknown === 'error' ? undefined : grouped && group !== undefined ? place(codes[group]) : -1,
  };
}

function encodeOneHot(m: OneHot, data: Data, g: GraphBuilder): V {
  const selection = selectionOf(m);
  if (selection === undefined) return encodeAll(m, data, g);
  return encodeSelected(m, selection, data, m.sparse_output ?? m.sparse, g, (chosen) => encodeAll(m, chosen, g));
}

function encodeAll(m: OneHot, data: Data, g: GraphBuilder): V {
  const counts = countsOf(m);
  const { slots, width } = counts === undefined ? encodeNamed(m, data, g) : encodeCounted(m, counts, data, g);
  const encoded = g.own(
    'OneHotSlots',
    slots,
    { width },
    { dtype: 'float64', shape: [slots[0]?.shape[0] ?? null, width], layout: 'csr' },
  );
  return (m.sparse_output ?? m.sparse) ? encoded : g.dense(encoded);
}

function encodeNamed(m: OneHot, data: Data, g: GraphBuilder): { readonly slots: V[]; readonly width: number } {
  let start = 0;
  const slots = inputColumns(m, data, g).map((column, i) => {
    const { slots: own, width, unknown } = slotsOf(m, i);
    const begin = start;
    start += width;
    const at = (slot: number): number => (slot < 0 ? -1 : begin + slot);
    const attributes = {
      keys: m.categories_[i],
      values: { dtype: 'int32' as const, shape: [own.length], data: Int32Array.from(own, at) },
      otherwise: unknown === undefined ? undefined : at(unknown),
      who: what(m, column, i),
    };
    return g.own('Lookup', [column.value], attributes, { dtype: 'int32', shape: column.value.shape });
  });
  return { slots, width: start };
}

function decodeOneHot(m: OneHot, data: Data, g: GraphBuilder): Data {
  if (selectionOf(m) !== undefined)
    throw new BrineError('UNSUPPORTED', `${m.estimator.name} cannot be inverted where it encoded some columns only`);
  if (onlyCounted(m) !== undefined)
    throw new BrineError('UNSUPPORTED', `${m.estimator.name} cannot be inverted where it counted its categories`);
  const x = toDense(data, g);
  let start = 0;
  const columns = m.categories_.map((categories, i): Column => {
    const { width } = slotsOf(m, i);
    const all = groupedLabels(m, i);
    const drop = droppedCode(m, i);
    const kept = all.filter((_, code) => code !== drop);
    const sub = g.columns(
      x,
      Array.from({ length: width }, (_, k) => start + k),
    );
    start += width;
    // A row of zeros is the dropped category, or an unknown one that was ignored.
    const grouped = m.handle_unknown === 'infrequent_if_exist' || m.handle_unknown === 'warn';
    const ignores = m.handle_unknown === 'ignore' || (grouped && groups(m, i) === undefined);
    const zero =
      drop === undefined
        ? null
        : ignores && groups(m, i)
          ? Array.from(categories.data as ArrayLike<unknown>)[drop]
          : all[drop];
    if (width === 0)
      return {
        name: undefined,
        value: g.flatten(g.repeatRows(x, labelTensor([zero], categories))),
      };
    const empty = g.equal(g.sum(sub, 1, false), 0);
    const index = g.argmax(sub);
    if (drop === undefined && !ignores) {
      const message = `${m.estimator.name}: a row without any category cannot be inverted`;
      const checked = g.own('Require', [index, g.not(empty)], { message }, { dtype: 'int64', shape: index.shape });
      return { name: undefined, value: g.label(labelTensor(kept, categories), checked) };
    }
    const code = g.where(
      empty,
      g.constant({ dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(kept.length)) }),
      index,
    );
    return { name: undefined, value: g.label(labelTensor([...kept, zero], categories), code) };
  });
  return fromColumns(columns, g);
}

function oneHotNames(m: OneHot, input: readonly string[]): string[] {
  if (selectionOf(m) !== undefined)
    throw new BrineError('NO_METHOD', `${m.estimator.name} has no feature names where it encodes some columns only`);
  const counts = onlyCounted(m);
  if (counts !== undefined) return countedNames(counts, input);
  return m.categories_.flatMap((categories, i) => {
    const drop = droppedCode(m, i);
    return groupedLabels(m, i)
      .filter((_, code) => code !== drop)
      .map((label) => `${input[i] ?? `x${i}`}_${labelText(label, isFloat(categories))}`);
  });
}

const oneHotEncoder = estimator('OneHotEncoder', oneHotState, {
  modules,
  input: 'data',
  features: (m) => {
    const selection = selectionOf(m);
    if (selection !== undefined) return selectionWidth(selection);
    const counts = countsOf(m);
    return counts === undefined ? m.categories_.length : counts.starts.length - 1;
  },
  columns: (m) => {
    const selection = selectionOf(m);
    if (selection !== undefined) return 'mask' in selection ? selection.mask.map(() => 'number' as const) : undefined;
    return (
      countsOf(m)
        ?.starts.slice(1)
        .map(() => 'number' as const) ?? categoryColumns(m)
    );
  },
  methods: { transform: encodeOneHot, inverse_transform: decodeOneHot },
  names: oneHotNames,
});

// ---- OrdinalEncoder ---------------------------------------------------------------------------------

const missingIndices: Field<Map<number, number>> = (value) => {
  const out = new Map<number, number>();
  if (value instanceof PyDict)
    for (const [feature, index] of value.entries()) out.set(asNumber(feature) ?? -1, asNumber(index) ?? -1);
  return out;
};

/** A number, or NaN for None. */
const code: Field<number> = (value, at) => (value === undefined || value === null ? NaN : number(value, at));

const ordinalState = {
  ...shared,
  unknown_value: code,
  encoded_missing_value: code,
  _missing_indices: missingIndices,
};
type Ordinal = Fitted<typeof ordinalState>;

/** The number that each category becomes. */
function ordinalValues(m: Ordinal, feature: number): number[] {
  const missing = m._missing_indices.get(feature);
  const values = groupedCodes(m, feature, missing).slice();
  if (missing !== undefined && missing < m.categories_[feature].data.length) values[missing] = m.encoded_missing_value;
  return values;
}

function encodeOrdinal(m: Ordinal, data: Data, g: GraphBuilder): V {
  const codes = inputColumns(m, data, g).map((column, i) => {
    const values = ordinalValues(m, i);
    const attributes = {
      keys: m.categories_[i],
      values: { dtype: 'float64' as const, shape: [values.length], data: Float64Array.from(values) },
      otherwise: m.handle_unknown === 'error' ? undefined : m.unknown_value,
      who: what(m, column, i),
    };
    return g.column(g.own('Lookup', [column.value], attributes, { dtype: 'float64', shape: column.value.shape }));
  });
  return g.concat(codes);
}

function decodeOrdinal(m: Ordinal, x: V, g: GraphBuilder): Data {
  const columns = m.categories_.map((categories, i): Column => {
    const given = g.flatten(g.columns(x, [i]));
    // Fractions are cut off, as numpy's cast to int does.
    const codes = g.where(g.isNaN(given), given, g.cast(g.cast(given, 'int64'), 'float64'));
    const own = groupedLabels(m, i);
    const missing = m._missing_indices.get(i);
    const keys = own.map((_, k) => k);
    const found = [...own];
    // With infrequent ones grouped, scikit-learn looks the missing one up beyond the end, and fails.
    if (missing !== undefined && missing < own.length) {
      keys.push(m.encoded_missing_value);
      found.push(own[missing]);
    }
    // Both may be NaN; the category that was missing wins, as in scikit-learn.
    if (m.handle_unknown === 'use_encoded_value') {
      keys.push(m.unknown_value);
      found.push(null);
    }
    const values = labelTensor(found, categories);
    const attributes = {
      keys: { dtype: 'float64' as const, shape: [keys.length], data: Float64Array.from(keys) },
      values,
      otherwise: undefined,
      who: `${m.estimator.name}, column ${i}`,
    };
    return {
      name: undefined,
      value: g.own('Lookup', [codes], attributes, { dtype: values.dtype, shape: codes.shape }),
    };
  });
  return fromColumns(columns, g);
}

const ordinalEncoder = estimator('OrdinalEncoder', ordinalState, {
  modules,
  input: 'data',
  features: (m) => m.categories_.length,
  columns: categoryColumns,
  finite: 'nan',
  names: 'same',
  methods: { transform: encodeOrdinal, inverse_transform: takes('dense', decodeOrdinal) },
});

export const encoders = [oneHotEncoder, ordinalEncoder];
