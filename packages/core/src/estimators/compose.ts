import { BrineError } from '../errors.js';
import type { GraphBuilder } from '../graph/builder.js';
import { PyDict, PyGlobal, PyInstance, type PyValue } from '../pickle/values.js';
import { PandasIndex } from '../python/pandas/pandas-index.js';
import { PySlice } from '../python/values.js';
import { NdArray } from '../python/ndarray.js';
import { matrix, namesOf, toMatrix, type Data } from './data.js';
import { estimator, type ColumnType, type Estimator, type Fitted } from './estimator.js';
import {
  asNumber,
  asText,
  badState,
  flag,
  list,
  number,
  optional,
  raw,
  record,
  sequenceOf,
  text,
  type Field,
} from './fields.js';
import { elements, toFloat64 } from '../python/elements.js';
import { stack } from './stack.js';

/** Which columns a transformer gets: by position or name, one (as a vector) or several (as a table). */
interface Selection {
  readonly one: boolean;
  readonly positions: readonly number[];
  readonly names: readonly string[] | undefined;
}

interface Branch {
  readonly name: string;
  readonly estimator: Estimator | null;
  readonly dropped: boolean;
  readonly columns: PyValue;
  readonly path: string;
}

const branch: Field<Branch> = (value, at) => {
  const [name, step, columns] = sequenceOf(value);
  const label = asText(name);
  if (label === undefined || step === undefined || columns === undefined)
    throw badState(at, 'a (name, transformer, columns) tuple', value);
  const common = { name: label, columns, path: at.path };
  if (step === 'drop') return { ...common, estimator: null, dropped: true };
  if (step === 'passthrough' || step === null) return { ...common, estimator: null, dropped: false };
  if (!(step instanceof PyInstance)) throw badState(at, 'an estimator', step);
  return { ...common, estimator: at.owner.bind(step, `${at.path}[1]`), dropped: false };
};

/** `_transformer_to_input_indices` (since 1.0): what each selection came to when it was fitted. */
const positionsByName: Field<Map<string, number[]>> = (value) => {
  const out = new Map<string, number[]>();
  if (value instanceof PyDict)
    for (const [key, item] of value.entries()) {
      const name = asText(key);
      if (name !== undefined)
        out.set(
          name,
          sequenceOf(item).map((x) => asNumber(x) ?? -1),
        );
    }
  return out;
};

/** How output names are made: with the transformer's name before them, as they are, or (since 1.6) by a template. */
const nameRule: Field<boolean | string> = (value, at) => {
  if (value === undefined || value === null) return true;
  const template = asText(value);
  // Before 1.6 any text was as good as True.
  if (template !== undefined) return at.owner.version.atLeast(1, 6) ? template : template !== '';
  if (value instanceof PyGlobal || value instanceof PyInstance)
    throw new BrineError('UNSUPPORTED', `${at.owner.name} names its output by a Python function`, { path: at.path });
  return flag(value, at);
};

/** `"{feature_name}-{transformer_name}".format(…)`, with nothing but these two fields. */
function formatted(template: string, transformer: string, feature: string): string {
  return template.replace(/\{\{|\}\}|\{(\w*)\}/g, (all, field: string | undefined) => {
    if (all === '{{' || all === '}}') return all[0];
    if (field === 'transformer_name') return transformer;
    if (field === 'feature_name') return feature;
    throw new BrineError('UNSUPPORTED', `the output names are made by ${JSON.stringify(template)}`);
  });
}

const state = {
  transformers_: list(branch),
  _transformer_to_input_indices: positionsByName,
  transformer_weights: optional(record(number), new Map<string, number>()),
  sparse_output_: optional(flag),
  verbose_feature_names_out: nameRule,
  _feature_names_in: optional(raw),
  _df_columns: optional(raw),
  _n_features: optional(number),
  remainder: optional(text),
};
type ColumnTransformer = Fitted<typeof state>;

/** The names at fitting: `feature_names_in_` since 1.0, `_feature_names_in` or `_df_columns` before. */
function fittedNames(m: ColumnTransformer): readonly string[] | undefined {
  const known = m.estimator.featureNames;
  if (known) return known;
  for (const old of [m._feature_names_in, m._df_columns]) {
    const values = old === undefined || old === null ? [] : sequenceOf(indexValues(old)).map(asText);
    if (values.length > 0 && values.every((n) => n !== undefined)) return values;
  }
  return undefined;
}

/** A pandas Index as its values. */
function indexValues(value: PyValue): PyValue {
  return value instanceof PandasIndex ? value.asColumn().values() : value;
}

function slicePositions(s: PySlice, width: number): number[] {
  const step = asNumber(s.step) ?? 1;
  if (step === 0) throw new BrineError('BAD_STATE', 'a slice with step 0');
  const clamp = (x: number | undefined, fallback: number): number =>
    x === undefined
      ? fallback
      : Math.min(Math.max(x < 0 ? x + width : x, step < 0 ? -1 : 0), step < 0 ? width - 1 : width);
  const start = clamp(asNumber(s.start), step < 0 ? width - 1 : 0);
  const stop = clamp(asNumber(s.stop), step < 0 ? -1 : width);
  const out: number[] = [];
  for (let i = start; step > 0 ? i < stop : i > stop; i += step) out.push(i);
  return out;
}

/** What a column specification selects of `width` columns. */
function select(m: ColumnTransformer, b: Branch): Selection {
  const spec = b.columns;
  const names = fittedNames(m);
  const width = m.nFeatures ?? m._n_features ?? names?.length;
  const at = { owner: m.estimator, path: `${b.path}[2]` };
  const recorded = m._transformer_to_input_indices.get(b.name);
  const position = (name: string): number => {
    const i = names?.indexOf(name) ?? -1;
    if (i < 0)
      throw new BrineError('BAD_STATE', `the column ${JSON.stringify(name)} was not there at fitting`, {
        path: at.path,
      });
    return i;
  };
  const found = (one: boolean, positions: readonly number[]): Selection => {
    const checked = positions.map((p) => (p < 0 && width !== undefined ? p + width : p));
    if (!checked.every((p) => Number.isInteger(p) && p >= 0 && (width === undefined || p < width)))
      throw badState(at, `columns of ${width ?? 'the input'}`, spec);
    return { one, positions: checked, names: names ? checked.map((p) => names[p]) : undefined };
  };
  const single = asText(spec);
  if (single !== undefined) return found(true, [position(single)]);
  const index = typeof spec === 'boolean' ? undefined : asNumber(spec);
  if (index !== undefined && !(spec instanceof NdArray)) return found(true, [index]);
  if (recorded) return found(false, recorded);
  if (spec instanceof PySlice) {
    const [from, to] = [asText(spec.start), asText(spec.stop)];
    if (from === undefined && to === undefined) return found(false, slicePositions(spec, width ?? 0));
    // Slices by name include their end.
    const first = from === undefined ? 0 : position(from);
    const last = to === undefined ? (width ?? 0) - 1 : position(to);
    return found(
      false,
      Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i),
    );
  }
  if (spec instanceof NdArray && spec.dtype.type === 'b')
    return found(
      false,
      Array.from(toFloat64(spec), (x, i) => (x === 0 ? -1 : i)).filter((i) => i >= 0),
    );
  const items = spec instanceof NdArray ? elements(spec) : sequenceOf(indexValues(spec));
  if (items.length > 0 && items.every((x) => typeof x === 'boolean'))
    return found(
      false,
      items.flatMap((x, i) => (x ? [i] : [])),
    );
  return found(
    false,
    items.map((item) => {
      const name = asText(item);
      const n = asNumber(item);
      if (name !== undefined) return position(name);
      if (n === undefined) throw badState(at, 'column names or positions', item);
      return n;
    }),
  );
}

/** The selected columns of the input: by name where both sides know names, else by position. */
function pick(m: ColumnTransformer, data: Data, s: Selection, g: GraphBuilder): Data {
  const have = namesOf(data);
  if (data.kind === 'list') throw new BrineError('BAD_INPUT', 'the input is a list, a table is needed');
  let positions = s.positions;
  if (have && s.names && data.kind === 'frame') {
    positions = s.names.map((n) => have.indexOf(n));
    const missing = s.names.filter((n) => !have.includes(n));
    if (missing.length > 0)
      throw new BrineError('BAD_INPUT', `the input has no column ${missing.map((n) => JSON.stringify(n)).join(', ')}`);
  } else {
    const width = data.kind === 'frame' ? data.columns.length : data.value.shape[1];
    const expected = m.nFeatures ?? m._n_features;
    if (width !== undefined && width !== null && expected !== undefined && width !== expected)
      throw new BrineError('BAD_INPUT', `the input has ${width} columns, ${m.estimator.name} expects ${expected}`);
  }
  if (data.kind === 'frame') {
    const columns = positions.map((p) => data.columns[p]);
    return s.one ? { kind: 'list', value: columns[0].value } : { kind: 'frame', columns };
  }
  const value = g.columns(data.value, positions);
  if (s.one) return { kind: 'list', value: g.flatten(g.dense(value)) };
  return matrix(value, have ? positions.map((p) => have[p]) : s.names);
}

/** The branches in the order of the output; those without columns give nothing. */
function branches(m: ColumnTransformer): { branch: Branch; selection: Selection }[] {
  return m.transformers_
    .filter((b) => !b.dropped)
    .map((b) => ({ branch: b, selection: select(m, b) }))
    .filter(({ selection }) => selection.positions.length > 0);
}

const columnTransformer = estimator('ColumnTransformer', state, {
  modules: ['sklearn.compose._column_transformer'],
  input: 'data',
  picks: true,
  inputNames: fittedNames,
  columns: (m) => {
    const width = m.nFeatures ?? m._n_features ?? fittedNames(m)?.length;
    if (width === undefined) return undefined;
    const types = new Array<ColumnType>(width).fill('any');
    for (const { branch: b, selection } of branches(m)) {
      const inner = b.estimator?.takes === 'list' ? ['text' as const] : b.estimator?.columns;
      selection.positions.forEach((p, i) => {
        const type = inner?.[i] ?? 'any';
        // Two transformers may read one column: what one needs, the other must live with.
        if (type !== 'any') types[p] = type;
      });
    }
    return types;
  },
  methods: {
    transform: (m, data, g) => {
      const parts = branches(m).map(({ branch: b, selection }) => {
        const input = pick(m, data, selection, g);
        const out = b.estimator ? b.estimator.transform(input, g) : input;
        const weight = m.transformer_weights.get(b.name);
        return weight === undefined ? out : matrix(g.mul(toMatrix(out, g), weight));
      });
      if (parts.length === 0) throw new BrineError('BAD_STATE', 'every column is dropped', { path: m.estimator.path });
      const stacked = stack(parts, g);
      return m.sparse_output_ === false && stacked.kind === 'matrix'
        ? matrix(g.dense(stacked.value), stacked.names)
        : stacked;
    },
  },
  names: (m, input) => {
    const named = branches(m).map(({ branch: b, selection }) => {
      const chosen = selection.positions.map((p) => input[p] ?? `x${p}`);
      return { prefix: b.name, names: b.estimator ? b.estimator.outputNames(chosen) : chosen };
    });
    const rule = m.verbose_feature_names_out;
    if (rule === false) return named.flatMap(({ names }) => names);
    const template = rule === true ? '{transformer_name}__{feature_name}' : rule;
    return named.flatMap(({ prefix, names }) => names.map((n) => formatted(template, prefix, n)));
  },
});

export const composers = [columnTransformer];
