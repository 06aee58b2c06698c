import { isFloat, type Tensor, type Value } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import { badInput, dense, int, integers, list, optional, text, texts, unsupported, type Inputs } from '../common.js';
import type { Floats } from '../../kernels/gemm.js';
import { multiply } from '../matmul.js';
import { convert } from '../reduce.js';
import { softplus } from '../unary.js';

type Fn = (x: number) => number;
const sigmoid: Fn = (x) => 1 / (1 + Math.exp(-x));

const activations: Readonly<Record<string, ((alpha: number, beta: number) => Fn) | undefined>> = {
  Relu: () => (x) => Math.max(0, x),
  Tanh: () => Math.tanh,
  Sigmoid: () => sigmoid,
  Affine: (a, b) => (x) => a * x + b,
  LeakyRelu: (a) => (x) => (x < 0 ? a * x : x),
  ThresholdedRelu: (a) => (x) => (x > a ? x : 0),
  ScaledTanh: (a, b) => (x) => a * Math.tanh(b * x),
  HardSigmoid: (a, b) => (x) => Math.min(1, Math.max(0, a * x + b)),
  Elu: (a) => (x) => (x < 0 ? a * Math.expm1(x) : x),
  Softsign: () => (x) => x / (1 + Math.abs(x)),
  Softplus: () => softplus,
};
const defaults: Readonly<Record<string, readonly [number, number] | undefined>> = {
  LeakyRelu: [0.01, 0],
  ThresholdedRelu: [1, 0],
  ScaledTanh: [1, 1],
  HardSigmoid: [0.2, 0.5],
  Elu: [1, 0],
  Affine: [1, 0],
};

/** One time step of one direction: gates [batch, g · hidden] in, state changed in place. */
type Cell = (step: Step) => void;

interface Step {
  /** W · x of this step plus both biases where they may be added at once: [g · hidden] of one batch entry. */
  readonly x: Float64Array;
  /** R · h (without bias), same layout. */
  readonly h: Float64Array;
  readonly bias: Float64Array | undefined;
  readonly recurrentBias: Float64Array | undefined;
  readonly hidden: Float64Array;
  readonly cell: Float64Array;
  readonly size: number;
  readonly peephole: Float64Array | undefined;
  readonly f: readonly Fn[];
  readonly clip: Fn;
  /** R, for cells that need it again with another state. */
  recurrent(state: Float64Array, gate: number, out: Float64Array): void;
}

interface Kind {
  readonly gates: number;
  readonly activations: readonly string[];
  readonly make: (site: Site) => Cell;
}

const b = (v: Float64Array | undefined, i: number): number => (v ? v[i] : 0);

const rnnCell: Cell = (s) => {
  for (let i = 0; i < s.size; i++) s.hidden[i] = s.f[0](s.clip(s.x[i] + s.h[i] + b(s.bias, i) + b(s.recurrentBias, i)));
};

/** Gates z, r, h. With linear_before_reset the reset gate works on R · h + its bias, else on h itself. */
const gruCell = (site: Site): Cell => {
  const linear = int(site, 'linear_before_reset', 0) !== 0;
  return (s) => {
    const n = s.size;
    const z = new Float64Array(n);
    const r = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      z[i] = s.f[0](s.clip(s.x[i] + s.h[i] + b(s.bias, i) + b(s.recurrentBias, i)));
      r[i] = s.f[0](s.clip(s.x[n + i] + s.h[n + i] + b(s.bias, n + i) + b(s.recurrentBias, n + i)));
    }
    const inner = new Float64Array(n);
    if (linear) for (let i = 0; i < n; i++) inner[i] = r[i] * (s.h[2 * n + i] + b(s.recurrentBias, 2 * n + i));
    else {
      s.recurrent(
        s.hidden.map((v, i) => v * r[i]),
        2,
        inner,
      );
      for (let i = 0; i < n; i++) inner[i] += b(s.recurrentBias, 2 * n + i);
    }
    for (let i = 0; i < n; i++) {
      const candidate = s.f[1](s.clip(s.x[2 * n + i] + inner[i] + b(s.bias, 2 * n + i)));
      s.hidden[i] = (1 - z[i]) * candidate + z[i] * s.hidden[i];
    }
  };
};

/** Gates i, o, f, c; peepholes i, o, f. */
const lstmCell = (site: Site): Cell => {
  const coupled = int(site, 'input_forget', 0) !== 0;
  return (s) => {
    const n = s.size;
    for (let k = 0; k < n; k++) {
      const gate = (g: number): number =>
        s.x[g * n + k] + s.h[g * n + k] + b(s.bias, g * n + k) + b(s.recurrentBias, g * n + k);
      const i = s.f[0](s.clip(gate(0) + b(s.peephole, k) * s.cell[k]));
      const f = coupled ? 1 - i : s.f[0](s.clip(gate(2) + b(s.peephole, 2 * n + k) * s.cell[k]));
      const c = s.f[1](s.clip(gate(3)));
      const next = f * s.cell[k] + i * c;
      const o = s.f[0](s.clip(gate(1) + b(s.peephole, n + k) * next));
      s.cell[k] = next;
      s.hidden[k] = o * s.f[2](next);
    }
  };
};

const kinds: Readonly<Record<'RNN' | 'GRU' | 'LSTM', Kind>> = {
  RNN: { gates: 1, activations: ['Tanh'], make: () => rnnCell },
  GRU: { gates: 3, activations: ['Sigmoid', 'Tanh'], make: gruCell },
  LSTM: { gates: 4, activations: ['Sigmoid', 'Tanh', 'Tanh'], make: lstmCell },
};

function activationsOf(site: Site, kind: Kind, directions: number): Fn[] {
  const names = texts(site, 'activations') ?? Array.from({ length: directions }, () => kind.activations).flat();
  const alphas = [...(list(site, 'activation_alpha') ?? [])];
  const betas = [...(list(site, 'activation_beta') ?? [])];
  return names.map((name) => {
    const make = activations[name];
    if (!make) throw unsupported(`the activation ${name}`);
    const [alpha, beta] = defaults[name] ?? [0, 0];
    // Parameters are given in the order of the functions that have any.
    const takes = defaults[name] !== undefined;
    return make(takes ? (alphas.shift() ?? alpha) : 0, takes && beta !== 0 ? (betas.shift() ?? beta) : beta);
  });
}

function floats(x: Tensor): Floats {
  if (!isFloat(x.dtype)) throw unsupported(`${x.dtype} input`);
  return x.data as Floats;
}

function recurrent(kind: Kind, lstm: boolean): Operator {
  return (site) => {
    const direction = text(site, 'direction', 'forward');
    const directions = direction === 'bidirectional' ? 2 : 1;
    const f = activationsOf(site, kind, directions);
    const limit = site.attributes['clip'] === undefined ? Infinity : Number(site.attributes['clip']);
    const clip: Fn = limit === Infinity ? (x) => x : (x) => Math.max(-limit, Math.min(limit, x));
    const layout = int(site, 'layout', 0);
    const cellOf = kind.make(site);
    return (inputs) => run(site, inputs, { kind, lstm, direction, directions, f, clip, layout, cellOf });
  };
}

interface Settings {
  readonly kind: Kind;
  readonly lstm: boolean;
  readonly direction: string;
  readonly directions: number;
  readonly f: readonly Fn[];
  readonly clip: Fn;
  readonly layout: number;
  readonly cellOf: Cell;
}

function run(site: Site, inputs: Inputs, s: Settings): Value[] {
  const x = dense(inputs, 0);
  const w = dense(inputs, 1);
  const r = dense(inputs, 2);
  const bias = optional(inputs, 3);
  const lengths = optional(inputs, 4);
  const size = r.shape[2];
  const gates = s.kind.gates * size;
  const [steps, batch] = s.layout === 0 ? [x.shape[0], x.shape[1]] : [x.shape[1], x.shape[0]];
  const features = x.shape[2];
  if (
    x.shape.length !== 3 ||
    w.shape[0] !== s.directions ||
    w.shape[1] !== gates ||
    w.shape[2] !== features ||
    r.shape[1] !== gates
  )
    throw badInput(`weights [${w.shape.join(', ')}] and [${r.shape.join(', ')}] for [${x.shape.join(', ')}]`);
  if (bias && bias.data.length !== s.directions * 2 * gates) throw badInput(`a bias of [${bias.shape.join(', ')}]`);
  const ends = lengths ? integers(lengths) : new Array<number>(batch).fill(steps);
  if (ends.length !== batch || ends.some((e) => e < 0 || e > steps))
    throw badInput('sequence lengths beyond the input');
  const total = steps * s.directions * batch * size;
  site.budget.allocate(total, 8);
  const y = new Float64Array(total);
  const finalHidden = initial(inputs, 5, s, batch, size);
  const finalCell = initial(inputs, 6, s, batch, size);
  const [source, weights, recurrentWeights] = [floats(x), floats(w), floats(r)];
  const peepholes = s.lstm ? optional(inputs, 7) : undefined;
  // W · x for all steps at once.
  site.budget.allocate(steps * batch * gates, 8);
  const projected = new Float64Array(steps * batch * gates);
  const h = new Float64Array(gates);

  for (let d = 0; d < s.directions; d++) {
    multiply(
      { m: steps * batch, k: features, n: gates, transB: true },
      source,
      0,
      weights,
      d * gates * features,
      projected,
      0,
    );
    const part = (t: Tensor | undefined, from: number, n: number): Float64Array | undefined =>
      t && Float64Array.from({ length: n }, (_, i) => Number(t.data[from + i]));
    const rOffset = d * gates * size;
    const settings = {
      bias: part(bias, d * 2 * gates, gates),
      recurrentBias: part(bias, d * 2 * gates + gates, gates),
      peephole: part(peepholes, d * 3 * size, 3 * size),
      f: s.f.slice((d * s.f.length) / s.directions),
      clip: s.clip,
      size,
      recurrent: (state: Float64Array, gate: number, out: Float64Array) => {
        multiply(
          { m: 1, k: size, n: size, transB: true },
          state,
          0,
          recurrentWeights,
          rOffset + gate * size * size,
          out,
          0,
        );
      },
    };
    const backward = s.direction === 'reverse' || d === 1;
    for (let n = 0; n < batch; n++) {
      const at = (d * batch + n) * size;
      const hidden = finalHidden.subarray(at, at + size);
      const cell = finalCell.subarray(at, at + size);
      for (let t = 0; t < ends[n]; t++) {
        site.budget.step();
        const time = backward ? ends[n] - 1 - t : t;
        const row = s.layout === 0 ? time * batch + n : n * steps + time;
        multiply({ m: 1, k: size, n: gates, transB: true }, hidden, 0, recurrentWeights, rOffset, h, 0);
        s.cellOf({ ...settings, x: projected.subarray(row * gates, (row + 1) * gates), h, hidden, cell });
        const to = s.layout === 0 ? (time * s.directions + d) * batch + n : (n * steps + time) * s.directions + d;
        y.set(hidden, to * size);
      }
    }
  }
  const shape = s.layout === 0 ? [steps, s.directions, batch, size] : [batch, steps, s.directions, size];
  const out = [convert(x.dtype, shape, y), finalState(x, finalHidden, s, batch, size)];
  return s.lstm ? [...out, finalState(x, finalCell, s, batch, size)] : out;
}

/** The initial state as [directions, batch, size]; layout 1 has the batch first. */
function initial(inputs: Inputs, i: number, s: Settings, batch: number, size: number): Float64Array {
  const out = new Float64Array(s.directions * batch * size);
  const given = i === 6 && !s.lstm ? undefined : optional(inputs, i);
  if (!given) return out;
  if (given.data.length !== out.length) throw badInput(`an initial state of [${given.shape.join(', ')}]`);
  const source = floats(given);
  for (let d = 0; d < s.directions; d++)
    for (let n = 0; n < batch; n++)
      for (let k = 0; k < size; k++)
        out[(d * batch + n) * size + k] = source[(s.layout === 0 ? d * batch + n : n * s.directions + d) * size + k];
  return out;
}

function finalState(x: Tensor, state: Float64Array, s: Settings, batch: number, size: number): Tensor {
  if (s.layout === 0) return convert(x.dtype, [s.directions, batch, size], state);
  const out = new Float64Array(state.length);
  for (let d = 0; d < s.directions; d++)
    for (let n = 0; n < batch; n++)
      out.set(state.subarray((d * batch + n) * size, (d * batch + n + 1) * size), (n * s.directions + d) * size);
  return convert(x.dtype, [batch, s.directions, size], out);
}

export const recurrentOperators = {
  RNN: recurrent(kinds.RNN, false),
  GRU: recurrent(kinds.GRU, false),
  LSTM: recurrent(kinds.LSTM, true),
} satisfies OperatorTable;
