/**
 * Layers of a dense network, one after the other, by vectors: weights are packed once, and a few rows at a time go
 * through all layers without leaving the module's memory, nor the processor's cache.
 */
import type { DenseLayer } from '../../graph/dense-layer.js';
import { DEPTH, packColumns, packTransposed, type Floats } from './gemm-simd.js';
import {
  CONSTANT_BYTES,
  LEAST,
  multiplyPart,
  NO_BIAS,
  PANEL,
  ROWS,
  simdModule,
  ZERO,
  type Precision,
  type SimdModule,
} from './simd.js';

/** Packed weights and biases, in bytes of the module's memory. Pages that nobody writes to cost nothing. */
const WEIGHT_BYTES = 16 * 2 ** 20;
/** What goes into a layer and what comes out of it: both stay in the second-level cache. */
const SIDE_BYTES = 2 ** 18;
const MOST_ROWS = 20 * ROWS;

let module: SimdModule | undefined;
let tried = false;
/** Where the next network's weights may go, and how often all were thrown out because there was no place. */
let free = CONSTANT_BYTES;
let emptied = 0;

function start(): SimdModule | undefined {
  if (!tried) module = simdModule(WEIGHT_BYTES + 2 * SIDE_BYTES);
  tried = true;
  return module;
}

/** A place for so many bytes of weights. */
function take(bytes: number): number {
  if (free + bytes > CONSTANT_BYTES + WEIGHT_BYTES) {
    free = CONSTANT_BYTES;
    emptied++;
  }
  const at = free;
  free += bytes;
  return at;
}

const panelsOf = (columns: number, size: number): number => Math.ceil((columns * size) / PANEL);

/**
 * Makes the layers ready: a function of rows [n × inputs of the first] that writes [n × outputs of the last].
 * Sums are in the precision of the weights, in the order of the terms, in stretches of `DEPTH`.
 * @returns undefined where layers are too large, or the platform has no vectors
 */
export function denseNetwork(
  layers: readonly DenseLayer[],
  precision: Precision,
): ((x: Floats, n: number, out: Floats) => void) | undefined {
  const size = precision === 'f32' ? 4 : 8;
  const wide = PANEL / size;
  // Places from the beginning of the network's weights on.
  const plans: { layer: DenseLayer; panels: number; at: number; bias: number }[] = [];
  let bytes = 0;
  let widest = 0;
  for (const layer of layers) {
    const panels = panelsOf(layer.outputs, size);
    const at = bytes;
    bytes += panels * PANEL * layer.inputs;
    plans.push({ layer, panels, at, bias: bytes });
    bytes += panels * PANEL;
    widest = Math.max(widest, panels * PANEL, panelsOf(layer.inputs, size) * PANEL);
  }
  const rowsAtOnce = Math.min(MOST_ROWS, Math.floor(SIDE_BYTES / widest / ROWS) * ROWS);
  if (bytes > WEIGHT_BYTES || rowsAtOnce < ROWS) return undefined;
  const simd = start();
  if (!simd) return undefined;
  const memory = simd.views[precision];

  const packed = precision === 'f32' ? new Float32Array(bytes / size) : new Float64Array(bytes / size);
  for (const { layer, panels, at, bias } of plans) {
    const { inputs: k, outputs: m, weights } = layer;
    for (let from = 0; from < k; from += DEPTH) {
      const part = { first: 0, count: m, from, depth: Math.min(k - from, DEPTH), k };
      const to = at / size + from * panels * wide;
      if (layer.transposed) packTransposed(packed, to, weights, part, wide);
      else packColumns(packed, to, weights, part, wide, m);
    }
    packed.fill(-0, bias / size, bias / size + panels * wide);
    if (layer.bias) packed.set(layer.bias.subarray(0, m), bias / size);
  }
  const sides = [CONSTANT_BYTES + WEIGHT_BYTES, CONSTANT_BYTES + WEIGHT_BYTES + SIDE_BYTES] as const;
  const { inputs } = layers[0];
  const last = plans[plans.length - 1];
  let base = 0;
  let placed = -1;

  return (x, n, out) => {
    if (placed !== emptied) {
      base = take(bytes);
      placed = emptied;
      memory.set(packed, base / size);
    }
    for (let first = 0; first < n; first += rowsAtOnce) {
      const rows = Math.min(n - first, rowsAtOnce);
      memory.set(x.subarray(first * inputs, (first + rows) * inputs), sides[0] / size);
      let [source, target] = sides;
      let strideA = inputs * size;
      for (const { layer, panels, at, bias } of plans) {
        const { inputs: k, relu } = layer;
        const strideC = panels * PANEL;
        for (let from = 0; from < k; from += DEPTH) {
          const depth = Math.min(k - from, DEPTH);
          const end = from + depth === k;
          multiplyPart(simd, precision, {
            a: source + from * size,
            strideA,
            b: base + at + from * strideC,
            c: target,
            strideC,
            k: depth,
            rows,
            panels,
            bias: end ? base + bias : NO_BIAS[precision],
            stepBias: end ? PANEL : 0,
            least: end && relu ? ZERO : LEAST[precision],
            onto: from > 0 ? 1 : 0,
          });
        }
        [source, target] = [target, source];
        strideA = strideC;
      }
      const m = last.layer.outputs;
      const [at, step] = [source / size, strideA / size];
      if (memory instanceof Float32Array) takeSingle(memory, at, step, out as Float32Array, first * m, rows, m);
      else takeDouble(memory, at, step, out as Float64Array, first * m, rows, m);
    }
  };
}

/** Rows of `m` numbers, `step` apart, one after the other. Twice, since code that meets two types of array is slow. */
function takeSingle(from: Float32Array, at: number, step: number, out: Float32Array, to: number, n: number, m: number) {
  if (m === step) out.set(from.subarray(at, at + n * m), to);
  else for (let r = 0; r < n; r++) for (let c = 0; c < m; c++) out[to + r * m + c] = from[at + r * step + c];
}

function takeDouble(from: Float64Array, at: number, step: number, out: Float64Array, to: number, n: number, m: number) {
  if (m === step) out.set(from.subarray(at, at + n * m), to);
  else for (let r = 0; r < n; r++) for (let c = 0; c < m; c++) out[to + r * m + c] = from[at + r * step + c];
}
