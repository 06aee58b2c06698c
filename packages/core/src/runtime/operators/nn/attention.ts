import { isFloat, type Tensor, type TypedArray, type Value } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import {
  badInput,
  dense,
  float,
  int,
  integers,
  optional,
  text,
  unsupported,
  type Inputs,
  type Numbers,
} from '../common.js';
import { body } from '../control.js';
import { concatenated } from '../gather.js';
import { convert } from '../reduce.js';
import { reshaped, transposed } from '../shape.js';
import { sigmoid } from '../unary.js';

function floats(x: Tensor): Numbers {
  if (!isFloat(x.dtype)) throw unsupported(`${x.dtype} input`);
  return x.data as Numbers & TypedArray;
}

/** [batch, sequence, heads · size] as [batch, heads, sequence, size]; four dimensions stay as they are. */
function heads(site: Site, x: Tensor, count: number): Tensor {
  if (x.shape.length === 4) return x;
  const [batch, length, width] = x.shape;
  if (x.shape.length !== 3 || count < 1 || width % count !== 0)
    throw badInput(`${count} heads in [${x.shape.join(', ')}]`);
  return transposed(site, reshaped(x, [batch, length, count, width / count]), [0, 2, 1, 3]);
}

interface Scored {
  readonly batch: number;
  readonly heads: number;
  readonly queries: number;
  readonly keys: number;
  readonly data: Float64Array;
}

/** Q · Kᵀ · scale per head; several query heads may share one of keys. */
function scores(site: Site, q: Tensor, k: Tensor, scale: number): Scored {
  const [batch, hq, queries, size] = q.shape as [number, number, number, number];
  const [kBatch, hk, keys, kSize] = k.shape as [number, number, number, number];
  if (kBatch !== batch || kSize !== size || hk === 0 || hq % hk !== 0)
    throw badInput(`queries [${q.shape.join(', ')}] over keys [${k.shape.join(', ')}]`);
  site.budget.allocate(batch * hq * queries * keys, 8);
  const data = new Float64Array(batch * hq * queries * keys);
  const [a, b] = [floats(q), floats(k)];
  const share = hq / hk;
  let o = 0;
  for (let n = 0; n < batch; n++)
    for (let h = 0; h < hq; h++) {
      const kFrom = (n * hk + Math.floor(h / share)) * keys * size;
      for (let i = 0; i < queries; i++) {
        const qFrom = ((n * hq + h) * queries + i) * size;
        for (let j = 0; j < keys; j++, o++) {
          let sum = 0;
          for (let d = 0; d < size; d++) sum += a[qFrom + d] * b[kFrom + j * size + d];
          data[o] = sum * scale;
        }
      }
    }
  return { batch, heads: hq, queries, keys, data };
}

/** Softmax over keys; a row of which everything is masked is zero. */
function softmaxRows(s: Scored): void {
  for (let from = 0; from < s.data.length; from += s.keys) {
    let top = -Infinity;
    for (let j = from; j < from + s.keys; j++) top = Math.max(top, s.data[j]);
    let sum = 0;
    for (let j = from; j < from + s.keys; j++) sum += s.data[j] = top === -Infinity ? 0 : Math.exp(s.data[j] - top);
    if (sum !== 0) for (let j = from; j < from + s.keys; j++) s.data[j] /= sum;
  }
}

/** Probabilities · V: [batch, heads, queries, size]. */
function weighted(s: Scored, v: Tensor): { data: Float64Array; shape: number[] } {
  const [, hv, keys, size] = v.shape as [number, number, number, number];
  if (keys !== s.keys || s.heads % hv !== 0) throw badInput(`values [${v.shape.join(', ')}] for ${s.keys} keys`);
  const source = floats(v);
  const out = new Float64Array(s.batch * s.heads * s.queries * size);
  const share = s.heads / hv;
  for (let r = 0; r < s.batch * s.heads * s.queries; r++) {
    const head = Math.floor(r / s.queries);
    const from = (Math.floor(head / s.heads) * hv + Math.floor((head % s.heads) / share)) * keys * size;
    for (let j = 0; j < keys; j++) {
      const p = s.data[r * keys + j];
      if (p === 0) continue;
      for (let d = 0; d < size; d++) out[r * size + d] += p * source[from + j * size + d];
    }
  }
  return { data: out, shape: [s.batch, s.heads, s.queries, size] };
}

/** What is added to the scores: 0 where a query may look, -∞ where not, or the mask's own numbers. */
function addBias(site: Site, s: Scored, inputs: Inputs): void {
  const mask = optional(inputs, 3);
  const past = optional(inputs, 4);
  const valid = optional(inputs, 6);
  const causal = int(site, 'is_causal', 0) !== 0;
  const left = int(site, 'left_window_size', -1);
  const right = int(site, 'right_window_size', -1);
  const lengths = valid ? integers(valid) : undefined;
  const at = mask ? maskReader(mask, s) : undefined;
  let o = 0;
  for (let n = 0; n < s.batch; n++) {
    // How many keys come before the first query.
    const before = past ? past.shape[2] : lengths ? lengths[n] - s.queries : 0;
    for (let h = 0; h < s.heads; h++)
      for (let i = 0; i < s.queries; i++) {
        let any = false;
        const row = o;
        for (let j = 0; j < s.keys; j++, o++) {
          const ahead = j - (i + before);
          const hidden =
            (causal && ahead > 0) ||
            (left >= 0 && -ahead > left) ||
            (right >= 0 && ahead > right) ||
            (lengths !== undefined && j >= lengths[n]);
          const bias = hidden ? -Infinity : at ? at(n, h, i, j) : 0;
          if (bias !== -Infinity) any = true;
          s.data[o] = bias === -Infinity ? -Infinity : s.data[o] + bias;
        }
        if (!any) s.data.fill(-Infinity, row, o);
      }
  }
}

/** The mask as numbers to add, broadcast from the right; keys beyond it are hidden. */
function maskReader(mask: Tensor, s: Scored): (n: number, h: number, i: number, j: number) => number {
  const shape = [...new Array<number>(Math.max(0, 4 - mask.shape.length)).fill(1), ...mask.shape];
  const [a, b, c, d] = shape as [number, number, number, number];
  const fits = (size: number, whole: number): boolean => size === 1 || size === whole;
  if (shape.length !== 4 || !fits(a, s.batch) || !fits(b, s.heads) || !fits(c, s.queries) || d > s.keys)
    throw badInput(`a mask of [${mask.shape.join(', ')}]`);
  const values = mask.data as ArrayLike<number>;
  const bool = mask.dtype === 'bool';
  return (n, h, i, j) => {
    if (j >= d && d !== 1) return -Infinity;
    const v = values[(((a === 1 ? 0 : n) * b + (b === 1 ? 0 : h)) * c + (c === 1 ? 0 : i)) * d + (d === 1 ? 0 : j)];
    return bool ? (v !== 0 ? 0 : -Infinity) : v;
  };
}

const attention: Operator = (site) => {
  const qHeads = int(site, 'q_num_heads', 0);
  const kHeads = int(site, 'kv_num_heads', 0);
  const softcap = float(site, 'softcap', 0);
  const mode = int(site, 'qk_matmul_output_mode', 0);
  return (inputs) => {
    const given = dense(inputs, 0);
    const q = heads(site, given, qHeads);
    let k = heads(site, dense(inputs, 1), kHeads);
    let v = heads(site, dense(inputs, 2), kHeads);
    const [pastKey, pastValue] = [optional(inputs, 4), optional(inputs, 5)];
    if (pastKey) k = concatenated(site, [pastKey, k], 2);
    if (pastValue) v = concatenated(site, [pastValue, v], 2);
    const scale = site.attributes['scale'] === undefined ? 1 / Math.sqrt(q.shape[3]) : float(site, 'scale', 1);
    const s = scores(site, q, k, scale);
    const shown = site.node.outputs.length > 3;
    let exposed = shown && mode === 0 ? s.data.slice() : undefined;
    if (softcap > 0) for (let i = 0; i < s.data.length; i++) s.data[i] = softcap * Math.tanh(s.data[i] / softcap);
    if (shown && mode === 1) exposed = s.data.slice();
    addBias(site, s, inputs);
    if (shown && mode === 2) exposed = s.data.slice();
    softmaxRows(s);
    if (shown && mode === 3) exposed = s.data.slice();
    const { data, shape } = weighted(s, v);
    let y = convert(given.dtype, shape, data);
    if (given.shape.length === 3)
      y = reshaped(transposed(site, y, [0, 2, 1, 3]), [shape[0], shape[2], shape[1] * shape[3]]);
    const out: Value[] = [y, k, v];
    if (exposed) out.push(convert(given.dtype, [s.batch, s.heads, s.queries, s.keys], exposed));
    return out;
  };
};

/** Attention whose scores and probabilities pass through graphs of the file's own. */
const flexAttention: Operator = (site) => {
  const scoreMod = site.attributes['score_mod'] === undefined ? undefined : body(site, 'score_mod');
  const probMod = site.attributes['prob_mod'] === undefined ? undefined : body(site, 'prob_mod');
  return (inputs) => {
    const [q, k, v] = [dense(inputs, 0), dense(inputs, 1), dense(inputs, 2)];
    const scale = site.attributes['scale'] === undefined ? 1 / Math.sqrt(q.shape[3]) : float(site, 'scale', 1);
    let s = scores(site, q, k, scale);
    const dtype = q.dtype === 'float64' ? 'float64' : 'float32';
    const through = (graph: ReturnType<typeof body> | undefined): void => {
      if (!graph) return;
      const [out] = graph.run([convert(dtype, [s.batch, s.heads, s.queries, s.keys], s.data)], inputs);
      s = { ...s, data: Float64Array.from((out as Tensor).data as ArrayLike<number>) };
    };
    through(scoreMod);
    softmaxRows(s);
    through(probMod);
    const { data, shape } = weighted(s, v);
    return convert(q.dtype, shape, data);
  };
};

const rotaryEmbedding: Operator = (site) => {
  const count = int(site, 'num_heads', 0);
  const interleaved = int(site, 'interleaved', 0) !== 0;
  const given = int(site, 'rotary_embedding_dim', 0);
  return (inputs) => {
    const x = dense(inputs, 0);
    const [cos, sin] = [floats(dense(inputs, 1)), floats(dense(inputs, 2))];
    const ids = optional(inputs, 3);
    const wide = heads(site, x, count);
    const [batch, h, length, size] = wide.shape as [number, number, number, number];
    const half = (given === 0 ? size : given) / 2;
    if (dense(inputs, 1).shape.slice(-1)[0] !== half)
      throw badInput(`a cache of [${dense(inputs, 1).shape.join(', ')}] for ${half} pairs`);
    const places = ids ? integers(ids) : undefined;
    const rows = cos.length / half;
    const source = floats(wide);
    const out = Float64Array.from(source as ArrayLike<number>);
    for (let n = 0; n < batch; n++)
      for (let k = 0; k < h; k++)
        for (let t = 0; t < length; t++) {
          const place = places ? places[n * length + t] : n * length + t;
          if (!(place >= 0 && place < rows)) throw badInput(`position ${place} of ${rows}`);
          const from = ((n * h + k) * length + t) * size;
          for (let i = 0; i < half; i++) {
            const [a, b] = interleaved ? [from + 2 * i, from + 2 * i + 1] : [from + i, from + half + i];
            const [c, s] = [cos[place * half + i], sin[place * half + i]];
            out[a] = c * source[a] - s * source[b];
            out[b] = s * source[a] + c * source[b];
          }
        }
    const y = convert(x.dtype, wide.shape, out);
    return x.shape.length === 4 ? y : reshaped(transposed(site, y, [0, 2, 1, 3]), x.shape);
  };
};

/** A recurrence over time with a matrix as its state, in the four rules that the specification names. */
const linearAttention: Operator = (site) => {
  const rule = text(site, 'update_rule', 'gated_delta');
  if (!['linear', 'gated', 'delta', 'gated_delta'].includes(rule)) throw badInput(`an unknown update_rule: ${rule}`);
  const [hq, hk] = [int(site, 'q_num_heads', 0), int(site, 'kv_num_heads', 0)];
  const [gated, delta] = [rule.startsWith('gated'), rule.endsWith('delta')];
  return (inputs) => {
    const query = dense(inputs, 0);
    const [q, k, v] = [heads(site, query, hq), heads(site, dense(inputs, 1), hk), heads(site, dense(inputs, 2), hk)];
    const past = optional(inputs, 3);
    const decay = gated ? dense(inputs, 4) : undefined;
    const beta = delta ? dense(inputs, 5) : undefined;
    const [batch, , length, dk] = q.shape as [number, number, number, number];
    const dv = v.shape[3];
    if (hq % hk !== 0 || k.shape[3] !== dk) throw badInput(`${hq} query heads over ${hk}`);
    const given = float(site, 'scale', 0);
    const scale = given === 0 ? 1 / Math.sqrt(dk) : given;
    const state = new Float64Array(batch * hk * dk * dv);
    if (past) state.set(past.data as ArrayLike<number>);
    const out = new Float64Array(batch * hq * length * dv);
    const [qs, ks, vs] = [floats(q), floats(k), floats(v)];
    const share = hq / hk;
    const perKey = decay !== undefined && decay.shape[2] === hk * dk && dk !== 1;
    for (let n = 0; n < batch; n++)
      for (let h = 0; h < hk; h++) {
        const s = state.subarray((n * hk + h) * dk * dv, (n * hk + h + 1) * dk * dv);
        for (let t = 0; t < length; t++) {
          site.budget.step();
          const row = n * length + t;
          const kFrom = ((n * hk + h) * length + t) * dk;
          const vFrom = ((n * hk + h) * length + t) * dv;
          if (decay)
            for (let i = 0; i < dk; i++) {
              const g = Math.exp(Number(decay.data[perKey ? row * hk * dk + h * dk + i : row * hk + h]));
              for (let j = 0; j < dv; j++) s[i * dv + j] *= g;
            }
          const rate = beta ? Number(beta.data[beta.shape[2] === 1 ? row : row * hk + h]) : 1;
          const write = new Float64Array(dv);
          for (let j = 0; j < dv; j++) {
            let known = 0;
            if (delta) for (let i = 0; i < dk; i++) known += s[i * dv + j] * ks[kFrom + i];
            write[j] = rate * (vs[vFrom + j] - known);
          }
          for (let i = 0; i < dk; i++) for (let j = 0; j < dv; j++) s[i * dv + j] += ks[kFrom + i] * write[j];
          for (let m = h * share; m < (h + 1) * share; m++) {
            const qFrom = ((n * hq + m) * length + t) * dk;
            const to = (row * hq + m) * dv;
            for (let i = 0; i < dk; i++)
              for (let j = 0; j < dv; j++) out[to + j] += scale * qs[qFrom + i] * s[i * dv + j];
          }
        }
      }
    return [
      convert(query.dtype, [batch, length, hq * dv], out),
      convert(past?.dtype ?? query.dtype, [batch, hk, dk, dv], state),
    ];
  };
};

const swiGlu: Operator = (site) => {
  const alpha = float(site, 'alpha', 1);
  return (inputs) => {
    const a = dense(inputs, 0);
    const [x, b] = [floats(a), floats(dense(inputs, 1))];
    if (x.length !== b.length) throw badInput('gate and value differ in shape');
    return convert(
      a.dtype,
      a.shape,
      Float64Array.from({ length: x.length }, (_, i) => x[i] * sigmoid(alpha * x[i]) * b[i]),
    );
  };
};

export const attentionOperators = {
  Attention: attention,
  'ai.onnx.preview:FlexAttention': flexAttention,
  RotaryEmbedding: rotaryEmbedding,
  LinearAttention: linearAttention,
  SwiGLU: swiGlu,
} satisfies OperatorTable;
