import { BrineError } from '../../../errors.js';
import { allocate, type DType, type MapValue, type Tensor, type Value } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import { badInput, dense, float, int, list, make, text, texts, unsupported, type Inputs } from '../common.js';
import { floatText, parseNumber } from '../cast.js';

interface Column {
  readonly dtype: DType;
  readonly values: readonly unknown[];
}

function keysOf(site: Site, prefix: 'keys' | 'values'): Column | undefined {
  const t = site.attributes[`${prefix}_tensor`] as Tensor | undefined;
  if (t) return { dtype: t.dtype, values: Array.from(t.data as ArrayLike<unknown>) };
  const ints = list(site, `${prefix}_int64s`);
  if (ints) return { dtype: 'int64', values: ints.map((v) => BigInt(v)) };
  const floats = list(site, `${prefix}_floats`);
  if (floats) return { dtype: 'float32', values: floats };
  const strings = texts(site, `${prefix}_strings`);
  return strings && { dtype: 'string', values: strings };
}

function fallback(site: Site, dtype: DType): unknown {
  const t = site.attributes['default_tensor'] as Tensor | undefined;
  if (t) return t.data[0];
  if (dtype === 'string') return text(site, 'default_string', '_Unused');
  if (dtype === 'int64') return BigInt(int(site, 'default_int64', -1));
  if (dtype === 'float32') return float(site, 'default_float', -0);
  return dtype === 'float64' ? -0 : 0;
}

/** A key that a Map finds again: NaN equals NaN, -0 equals 0. */
function encoder(from: Column, to: Column, site: Site): Operator {
  if (from.values.length !== to.values.length)
    throw new BrineError('CORRUPT', `${from.values.length} keys for ${to.values.length} values`);
  const map = new Map<unknown, unknown>(from.values.map((key, i) => [key, to.values[i]]));
  // Only since version 4 does a NaN among the keys match NaN.
  if (site.opset < 4) map.delete(NaN);
  const missing = fallback(site, to.dtype);
  return () => (inputs) => {
    const x = dense(inputs, 0);
    if (x.dtype !== from.dtype) throw badInput(`${x.dtype} input, where the keys are ${from.dtype}`);
    const data = make(site, to.dtype, x.shape) as unknown[];
    for (let i = 0; i < x.data.length; i++) data[i] = map.has(x.data[i]) ? map.get(x.data[i]) : missing;
    return { dtype: to.dtype, shape: x.shape, data };
  };
}

const labelEncoder: Operator = (site) => {
  const classes = texts(site, 'classes_strings');
  if (classes) {
    // Version 1: strings to their place, or back.
    const places: Column = { dtype: 'int64', values: classes.map((_, i) => BigInt(i)) };
    return bothWays({ dtype: 'string', values: classes }, places, site);
  }
  const from = keysOf(site, 'keys');
  const to = keysOf(site, 'values');
  if (!from || !to) throw new BrineError('CORRUPT', 'a LabelEncoder without keys or values');
  return encoder(from, to, site)(site);
};

function bothWays(strings: Column, ints: Column, site: Site): ReturnType<Operator> {
  const there = encoder(strings, ints, site)(site);
  const back = encoder(ints, strings, site)(site);
  return (inputs) => (dense(inputs, 0).dtype === 'string' ? there : back)(inputs);
}

const categoryMapper: Operator = (site) => {
  const strings = texts(site, 'cats_strings') ?? [];
  const ints = (list(site, 'cats_int64s') ?? []).map((v) => BigInt(v));
  return bothWays({ dtype: 'string', values: strings }, { dtype: 'int64', values: ints }, site);
};

function mapInput(inputs: Inputs): MapValue[] {
  const x = inputs[0];
  if (x && 'map' in x) return [x];
  if (x && 'sequence' in x && x.sequence.every((v) => 'map' in v)) return [...x.sequence];
  throw badInput('a map is needed');
}

const dictVectorizer: Operator = (site) => {
  const strings = texts(site, 'string_vocabulary');
  const ints = list(site, 'int64_vocabulary')?.map((v) => BigInt(v));
  const vocabulary: readonly (string | bigint)[] = strings && strings.length > 0 ? strings : (ints ?? []);
  return (inputs) => {
    const maps = mapInput(inputs);
    const first = [...(maps[0]?.map.values() ?? [])][0];
    const dtype: DType = typeof first === 'bigint' ? 'int64' : typeof first === 'string' ? 'string' : 'float32';
    const out = allocate(dtype, maps.length * vocabulary.length) as unknown[];
    if (dtype === 'string') out.fill('');
    maps.forEach(({ map }, r) => {
      vocabulary.forEach((key, c) => {
        const v = map.get(key);
        if (v !== undefined) out[r * vocabulary.length + c] = v;
      });
    });
    return { dtype, shape: [maps.length, vocabulary.length], data: out };
  };
};

const castMap: Operator = (site) => {
  const to = text(site, 'cast_to', 'TO_FLOAT');
  const dense = text(site, 'map_form', 'DENSE') === 'DENSE';
  const width = int(site, 'max_map', 1);
  return (inputs) => {
    const maps = mapInput(inputs);
    const dtype: DType = to === 'TO_STRING' ? 'string' : to === 'TO_INT64' ? 'int64' : 'float32';
    const convert = (v: unknown): unknown => {
      if (dtype === 'string') return typeof v === 'number' ? floatText(v, 'float32') : String(v);
      const n = typeof v === 'string' ? parseNumber(v) : Number(v);
      return dtype === 'int64' ? BigInt(Math.trunc(n)) : n;
    };
    const rows = maps.map(({ map }) => {
      const entries = [...map].sort((a, b) => (a[0] < b[0] ? -1 : 1));
      if (dense) return entries.map(([, v]) => convert(v));
      site.budget.allocate(width * maps.length, 8);
      const row: unknown[] = new Array<unknown>(width).fill(dtype === 'string' ? '0' : dtype === 'int64' ? 0n : 0);
      for (const [key, v] of entries) {
        const at = Number(key);
        if (!(at >= 0 && at < width)) throw badInput(`the key ${String(key)} in a map of ${width}`);
        row[at] = convert(v);
      }
      return row;
    });
    const n = rows[0]?.length ?? 0;
    if (rows.some((r) => r.length !== n)) throw badInput('maps of different lengths');
    const data = allocate(dtype, rows.length * n) as unknown[];
    rows.flat().forEach((v, i) => (data[i] = v));
    return { dtype, shape: [rows.length, n], data };
  };
};

/** Probabilities as one map per row. Read where files have it; never written. */
const zipMap: Operator = (site) => {
  const strings = texts(site, 'classlabels_strings') ?? [];
  const ints = (list(site, 'classlabels_int64s') ?? []).map((v) => BigInt(v));
  const keys: readonly (string | bigint)[] = strings.length > 0 ? strings : ints;
  return (inputs) => {
    const x = dense(inputs, 0);
    const n = keys.length;
    const rows = x.shape.length === 1 ? 1 : x.shape[0];
    if (x.shape.length > 2 || x.data.length !== rows * n)
      throw badInput(`scores [${x.shape.join(', ')}] for ${n} labels`);
    if (x.dtype !== 'float32' && x.dtype !== 'float64') throw unsupported(`${x.dtype} input`);
    const source = x.data as Float32Array;
    const sequence: Value[] = Array.from({ length: rows }, (_, r) => ({
      map: new Map(keys.map((key, c) => [key, source[r * n + c]])),
    }));
    return { sequence };
  };
};

export const encoderOperators = {
  'ai.onnx.ml:LabelEncoder': labelEncoder,
  'ai.onnx.ml:CategoryMapper': categoryMapper,
  'ai.onnx.ml:DictVectorizer': dictVectorizer,
  'ai.onnx.ml:CastMap': castMap,
  'ai.onnx.ml:ZipMap': zipMap,
} satisfies OperatorTable;
