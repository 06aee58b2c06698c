import type { Tensor } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import { badInput, dense, float, int, integers, list, optional, text, unsupported, type Inputs } from '../common.js';
import { reshaped } from '../shape.js';
import {
  scalar,
  singles,
  standard,
  standards,
  without,
  withoutAttributes,
  withoutOutputs,
  type Call,
} from './standard.js';

// What onnxruntime's optimisers put in the place of several operators, as those operators again.
// Source: onnxruntime/docs/ContribOperators.md

// ---- activations and products -----------------------------------------------------------------------

const gelu: Operator = (site) => {
  const run = standard(site, 'Gelu');
  return (inputs) => run(dense(inputs, 0));
};

const biasGelu: Operator = (site) => {
  const [run, add] = [standard(site, 'Gelu'), standard(site, 'Add')];
  return (inputs) => run(add(dense(inputs, 0), dense(inputs, 1)));
};

const fastGelu: Operator = (site) => {
  const [run, add] = [standard(site, 'Gelu', { approximate: 'tanh' }), standard(site, 'Add')];
  return (inputs) => {
    const bias = optional(inputs, 1);
    return run(bias ? add(dense(inputs, 0), bias) : dense(inputs, 0));
  };
};

const quickGelu: Operator = (site) => {
  const [sigmoid, mul] = [standard(site, 'Sigmoid'), standard(site, 'Mul')];
  const alpha = scalar(float(site, 'alpha', 1.702));
  return (inputs) => mul(dense(inputs, 0), sigmoid(mul(dense(inputs, 0), alpha)));
};

/** The activation that is fused behind a product, by its name. */
function activation(site: Site, parameters: readonly number[]): Call {
  const name = text(site, 'activation', '');
  const [alpha, beta] = parameters;
  const given: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    ...{ Relu: {}, Sigmoid: {}, Tanh: {}, Softplus: {}, Softsign: {} },
    ...{ LeakyRelu: { alpha }, Elu: { alpha }, ThresholdedRelu: { alpha } },
    ...{ HardSigmoid: { alpha, beta }, Selu: { alpha, gamma: beta } },
  };
  if (name === '') return (x) => x!;
  if (name === 'Clip') {
    const [min, max] = [standard(site, 'Min'), standard(site, 'Max')];
    return (x) => max(min(x, scalar(beta)), scalar(alpha));
  }
  if (!Object.hasOwn(given, name)) throw unsupported(`the activation ${JSON.stringify(name)}`);
  const known = Object.entries(given[name]).filter(([, value]) => value !== undefined);
  return standard(site, name, Object.fromEntries(known));
}

const fusedGemm: Operator = (site) => {
  const { alpha, beta, transA, transB } = site.attributes;
  const gemm = standard(site, 'Gemm', { alpha: alpha ?? 1, beta: beta ?? 1, transA: transA ?? 0, transB: transB ?? 0 });
  const named = ['activation_alpha', 'activation_beta'].map((name) => site.attributes[name] as number);
  const act = activation(site, named);
  return (inputs) => act(gemm(dense(inputs, 0), dense(inputs, 1), optional(inputs, 2)));
};

const fusedConv: Operator = (site) => {
  const conv = standard(site, 'Conv', site.attributes);
  const add = standard(site, 'Add');
  const act = activation(site, list(site, 'activation_params') ?? []);
  return (inputs) => {
    const y = conv(dense(inputs, 0), dense(inputs, 1), optional(inputs, 2));
    const more = optional(inputs, 3);
    return act(more ? add(y, more) : y);
  };
};

const fusedMatMul: Operator = (site) => {
  withoutAttributes(site, { transBatchA: 0, transBatchB: 0 });
  const [matmul, mul] = [standard(site, 'MatMul'), standard(site, 'Mul')];
  const alpha = float(site, 'alpha', 1);
  const turned = (x: Tensor, name: string): Tensor => {
    const rank = x.shape.length;
    if (int(site, name, 0) === 0 || rank < 2) return x;
    const perm = [...x.shape.keys()].slice(0, rank - 2);
    return standard(site, 'Transpose', { perm: [...perm, rank - 1, rank - 2] })(x);
  };
  return (inputs) => {
    const y = matmul(turned(dense(inputs, 0), 'transA'), turned(dense(inputs, 1), 'transB'));
    return alpha === 1 ? y : mul(y, scalar(alpha));
  };
};

// ---- normalisation ----------------------------------------------------------------------------------

/** Sums of embeddings or of a residual connection, normalised: over the mean and variance, or over the squares only. */
function skipNormalization(op: 'LayerNormalization' | 'RMSNormalization'): Operator {
  const layer = op === 'LayerNormalization';
  return (site) => {
    const normal = standards(site, op, layer ? 3 : 1, { axis: -1, epsilon: float(site, 'epsilon', 1e-5) });
    const add = standard(site, 'Add');
    if (!layer) withoutOutputs(site, { 1: 'mean', 2: 'inv_std_var' });
    return (inputs) => {
      const bias = optional(inputs, layer ? 4 : 3);
      const sum = add(dense(inputs, 0), dense(inputs, 1));
      const whole = bias ? add(sum, bias) : sum;
      const [y, ...more] = normal(whole, dense(inputs, 2), layer ? optional(inputs, 3) : undefined);
      return [y, more[0] ?? y, more[1] ?? y, whole];
    };
  };
}

const simplified: Operator = (site) => {
  withoutOutputs(site, { 1: 'inv_std_var' });
  const normal = standard(site, 'RMSNormalization', {
    axis: int(site, 'axis', -1),
    epsilon: float(site, 'epsilon', 1e-5),
  });
  return (inputs) => normal(dense(inputs, 0), dense(inputs, 1));
};

const embedLayerNormalization: Operator = (site) => {
  const normal = standard(site, 'LayerNormalization', { axis: -1, epsilon: float(site, 'epsilon', 1e-12) });
  const [add, gather] = [standard(site, 'Add'), standard(site, 'Gather', { axis: 0 })];
  withoutAttributes(site, { mask_index_type: 0 });
  return (inputs) => {
    const ids = dense(inputs, 0);
    const [batch = 0, length = 0] = ids.shape;
    const given = optional(inputs, 8);
    const order = Int32Array.from({ length: batch * length }, (_, i) => i % length);
    const positions = given ?? { dtype: 'int32', shape: [batch, length], data: order };
    const segments = optional(inputs, 1);
    const words = gather(dense(inputs, 2), ids);
    const placed = add(words, gather(dense(inputs, 3), positions));
    const sum = segments ? add(placed, gather(dense(inputs, 4), segments)) : placed;
    return [normal(sum, dense(inputs, 5), dense(inputs, 6)), lengths(optional(inputs, 7), batch, length), sum];
  };
};

/** How many places of each row are not masked; none without a mask, as onnxruntime has it. */
function lengths(mask: Tensor | undefined, batch: number, length: number): Tensor {
  const kept = mask && integers(mask);
  const count = (b: number): number => kept!.slice(b * length, (b + 1) * length).filter((x) => x === 1).length;
  return { dtype: 'int32', shape: [batch], data: Int32Array.from({ length: batch }, (_, b) => (kept ? count(b) : 0)) };
}

// ---- attention --------------------------------------------------------------------------------------

/** What is added to the scores of masked places; [batch, 1, 1 or queries, keys]. */
function maskOf(site: Site, mask: Tensor, batch: number, queries: number, keys: number): Tensor {
  const filter = float(site, 'mask_filter_value', -10000);
  const given = integers(mask);
  const { shape } = mask;
  const rows = shape.length === 3 ? queries : 1;
  const data = new Float32Array(batch * rows * keys);
  const kept = (b: number, q: number, k: number): boolean => {
    if (shape.length === 3) return given[(b * queries + q) * keys + k] > 0;
    if (shape.length === 2) return given[b * keys + k] > 0;
    return k < given[b] && (given.length === batch || k >= given[batch + b]);
  };
  const wanted = shape.length === 1 ? [batch, 2 * batch] : [batch * rows * keys];
  if (shape.length > 3 || shape.length === 0 || !wanted.includes(given.length))
    throw unsupported(`a mask of the shape [${shape.join(', ')}]`);
  for (let b = 0, i = 0; b < batch; b++)
    for (let q = 0; q < rows; q++) for (let k = 0; k < keys; k++, i++) data[i] = kept(b, q, k) ? 0 : filter;
  return singles([batch, 1, rows, keys], data);
}

/** Attention over heads that lie side by side: q, k and v are [batch, length, heads · size]. */
export function attended(site: Site): (qkv: readonly Tensor[], mask?: Tensor, bias?: Tensor) => Tensor {
  const heads = int(site, 'num_heads', 0);
  if (heads < 1) throw badInput(`${heads} heads`);
  const scale = float(site, 'scale', 0);
  const run = standard(site, 'Attention', {
    ...{ q_num_heads: heads, kv_num_heads: heads, is_causal: int(site, 'unidirectional', 0) },
    ...(scale === 0 ? {} : { scale }),
  });
  const add = standard(site, 'Add');
  return ([q, k, v], mask, bias) => {
    const masked = mask && maskOf(site, mask, q.shape[0], q.shape[1], k.shape[1]);
    return run(q, k, v, masked && bias ? add(masked, bias) : (masked ?? bias));
  };
}

/** The parts of the last axis, of these widths. */
export function parts(site: Site, x: Tensor, widths: readonly number[]): readonly Tensor[] {
  const split: Tensor = { dtype: 'int64', shape: [widths.length], data: BigInt64Array.from(widths, BigInt) };
  return standards(site, 'Split', widths.length, { axis: -1 })(x, split);
}

/** Of the projections of q, k and v that lie side by side. */
export function widthsOf(site: Site, width: number): readonly number[] {
  return list(site, 'qkv_hidden_sizes') ?? [width / 3, width / 3, width / 3];
}

export const noState = { 4: 'past', 6: 'past_sequence_length' };

const attention: Operator = (site) => {
  withoutAttributes(site, { do_rotary: 0, past_present_share_buffer: 0 });
  withoutOutputs(site, { 1: 'present' });
  const [matmul, add, core] = [standard(site, 'MatMul'), standard(site, 'Add'), attended(site)];
  return (inputs) => {
    without(site, inputs, noState);
    const weights = dense(inputs, 1);
    const bias = optional(inputs, 2);
    const product = matmul(dense(inputs, 0), weights);
    const qkv = parts(site, bias ? add(product, bias) : product, widthsOf(site, weights.shape[1]));
    return core(qkv, optional(inputs, 3), optional(inputs, 5));
  };
};

const multiHeadAttention: Operator = (site) => {
  withoutOutputs(site, { 1: 'present_key', 2: 'present_value', 3: 'qk' });
  const [add, core] = [standard(site, 'Add'), attended(site)];
  return (inputs: Inputs) => {
    without(site, inputs, { 6: 'past_key', 7: 'past_value', 8: 'past_sequence_length', 9: 'cache_indirection' });
    const given = [0, 1, 2].map((i) => optional(inputs, i));
    if (given.some((x) => x?.shape.length !== 3))
      throw unsupported('queries, keys and values of other than three dimensions');
    const qkv = given as Tensor[];
    const bias = optional(inputs, 3);
    const biases =
      bias &&
      parts(
        site,
        reshaped(bias, [bias.data.length]),
        qkv.map((x) => x.shape[2]),
      );
    return core(biases ? qkv.map((x, i) => add(x, biases[i])) : qkv, optional(inputs, 4), optional(inputs, 5));
  };
};

export const transformerOperators: OperatorTable = {
  'com.microsoft:Gelu': gelu,
  'com.microsoft:BiasGelu': biasGelu,
  'com.microsoft:FastGelu': fastGelu,
  'com.microsoft:QuickGelu': quickGelu,
  'com.microsoft:FusedGemm': fusedGemm,
  'com.microsoft:FusedConv': fusedConv,
  'com.microsoft:FusedMatMul': fusedMatMul,
  'com.microsoft:SkipLayerNormalization': skipNormalization('LayerNormalization'),
  'com.microsoft:SkipSimplifiedLayerNormalization': skipNormalization('RMSNormalization'),
  SimplifiedLayerNormalization: simplified,
  'com.microsoft:EmbedLayerNormalization': embedLayerNormalization,
  'com.microsoft:Attention': attention,
  'com.microsoft:MultiHeadAttention': multiHeadAttention,
};
