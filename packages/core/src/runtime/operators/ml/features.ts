import { BrineError } from '../../../errors.js';
import { isBig, type BigArray, type Tensor, type TypedArray } from '../../../graph/tensor.js';
import type { Operator, OperatorTable } from '../../operator.js';
import { badInput, dense, float, int, list, make, text, texts, unsupported, type Numbers } from '../common.js';
import { gathered, concatenated } from '../gather.js';
import { int64Data, indicesOf } from '../move.js';
import { convert } from '../reduce.js';

/** A tensor's numbers as doubles. */
function doubles(x: Tensor): Numbers {
  if (x.dtype === 'string' || x.dtype === 'object') throw unsupported(`${x.dtype} input`);
  return isBig(x.dtype) ? Float64Array.from(x.data as BigArray, Number) : (x.data as Numbers & TypedArray);
}

const lastOf = (x: Tensor): number => (x.shape.length === 0 ? 1 : x.shape[x.shape.length - 1]);

const scaler: Operator = (site) => {
  const offset = list(site, 'offset') ?? [0];
  const scale = list(site, 'scale') ?? [1];
  return (inputs) => {
    const x = dense(inputs, 0);
    const source = doubles(x);
    const p = lastOf(x);
    for (const [name, v] of Object.entries({ offset, scale }))
      if (v.length !== 1 && v.length !== p) throw badInput(`${v.length} numbers in ${name} for ${p} columns`);
    const out = new Float64Array(source.length);
    for (let i = 0; i < out.length; i++)
      out[i] = (source[i] - offset[offset.length === 1 ? 0 : i % p]) * scale[scale.length === 1 ? 0 : i % p];
    return convert('float32', x.shape, out);
  };
};

const normalizer: Operator = (site) => {
  const norm = text(site, 'norm', 'MAX');
  if (norm !== 'MAX' && norm !== 'L1' && norm !== 'L2') throw new BrineError('CORRUPT', `an unknown norm: ${norm}`);
  return (inputs) => {
    const x = dense(inputs, 0);
    const source = doubles(x);
    const p = lastOf(x);
    const out = new Float64Array(source.length);
    for (let from = 0; from < out.length; from += p) {
      let size = norm === 'MAX' ? -Infinity : 0;
      for (let i = from; i < from + p; i++) {
        const v = source[i];
        size = norm === 'MAX' ? Math.max(size, v) : size + (norm === 'L1' ? Math.abs(v) : v * v);
      }
      if (norm === 'L2') size = Math.sqrt(size);
      for (let i = from; i < from + p; i++) out[i] = size === 0 ? source[i] : source[i] / size;
    }
    return convert('float32', x.shape, out);
  };
};

const binarizer: Operator = (site) => {
  const threshold = float(site, 'threshold', 0);
  return (inputs) => {
    const x = dense(inputs, 0);
    const source = doubles(x);
    const out = new Float64Array(source.length);
    for (let i = 0; i < out.length; i++) out[i] = source[i] > threshold ? 1 : 0;
    return isBig(x.dtype)
      ? { dtype: 'int64', shape: x.shape, data: int64Data(Int32Array.from(out)) }
      : convert(x.dtype, x.shape, out);
  };
};

const imputer: Operator = (site) => {
  const floats = list(site, 'imputed_value_floats') ?? [];
  const ints = list(site, 'imputed_value_int64s') ?? [];
  const values = floats.length > 0 ? floats : ints;
  const replaced = floats.length > 0 ? float(site, 'replaced_value_float', 0) : int(site, 'replaced_value_int64', 0);
  return (inputs) => {
    const x = dense(inputs, 0);
    const p = lastOf(x);
    if (values.length !== 1 && values.length !== p) throw badInput(`${values.length} values for ${p} columns`);
    const valueOf = (i: number): number => values[values.length === 1 ? 0 : i % p];
    if (isBig(x.dtype)) {
      const data = (x.data as BigInt64Array).slice();
      for (let i = 0; i < data.length; i++) if (data[i] === BigInt(replaced)) data[i] = BigInt(valueOf(i));
      return { ...x, data };
    }
    const source = doubles(x);
    const out = new Float64Array(source.length);
    for (let i = 0; i < out.length; i++) {
      const v = source[i];
      out[i] = v === replaced || (v !== v && replaced !== replaced) ? valueOf(i) : v;
    }
    return convert(x.dtype, x.shape, out);
  };
};

const extractor: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const at = dense(inputs, 1);
  const wide = x.shape.length === 1 ? { ...x, shape: [1, x.shape[0]] } : x;
  const flat = { ...at, shape: [at.data.length] };
  indicesOf(flat, lastOf(x));
  return gathered(site, wide, flat, -1);
};

const featureVectorizer: Operator = (site) => (inputs) => {
  const parts = inputs.map((_, i) => {
    const x = dense(inputs, i);
    const out = Float64Array.from({ length: x.data.length }, (_v, k) => Number(x.data[k]));
    const rows = x.shape.length <= 1 ? 1 : x.shape[0];
    return convert('float32', [rows, rows === 0 ? 0 : out.length / rows], out);
  });
  return concatenated(site, parts, 1);
};

const oneHot: Operator = (site) => {
  const ints = list(site, 'cats_int64s');
  const strings = texts(site, 'cats_strings');
  const zeros = int(site, 'zeros', 1) !== 0;
  const places = new Map<string | number, number>();
  const categories: readonly (string | number)[] = strings && strings.length > 0 ? strings : (ints ?? []);
  categories.forEach((c, i) => places.set(c, i));
  return (inputs) => {
    const x = dense(inputs, 0);
    const n = categories.length;
    const shape = [...x.shape, n];
    const data = make(site, 'float32', shape) as Float32Array;
    for (let i = 0; i < x.data.length; i++) {
      const v = x.data[i];
      const key = typeof v === 'string' ? v : Math.trunc(Number(v));
      const at = places.get(key);
      if (at !== undefined) data[i * n + at] = 1;
      else if (!zeros) throw badInput(`the category ${JSON.stringify(key)} is not among the ${n} known ones`);
    }
    return { dtype: 'float32', shape, data };
  };
};

export const featureOperators = {
  'ai.onnx.ml:Scaler': scaler,
  'ai.onnx.ml:Normalizer': normalizer,
  'ai.onnx.ml:Binarizer': binarizer,
  'ai.onnx.ml:Imputer': imputer,
  'ai.onnx.ml:ArrayFeatureExtractor': extractor,
  'ai.onnx.ml:FeatureVectorizer': featureVectorizer,
  'ai.onnx.ml:OneHotEncoder': oneHot,
} satisfies OperatorTable;
