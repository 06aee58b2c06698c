import type { Node } from '../graph/graph.js';
import type { Tensor } from '../graph/tensor.js';
import { exactInverse } from './edges.js';
import type { Hints, Mapping } from './hints.js';
import { integersOf, isLastAxis } from './widths.js';

/** A node as hints go back through it. */
export interface Crossing {
  readonly node: Node;
  /** The hints of input i, to be added to. */
  into(i: number): Hints;
  constant(i: number): Tensor | undefined;
  /** Figures of one kind that are worth taking of one column. */
  readonly most: number;
  /** Columns of input i, or of the output (-1). */
  width(i: number): number | undefined;
}

/** Hands what is known of a node's result back to its inputs. */
export type Carry = (at: Crossing, out: Hints) => void;

const same = (c: number): number => c;

const through: Carry = (at, out) => {
  at.into(0).take(out, same);
};

/** To every input that is no constant. */
const spread: Carry = (at, out) => {
  at.node.inputs.forEach((_, i) => {
    if (at.constant(i) === undefined) at.into(i).take(out, same);
  });
};

/** Each column's number of a constant that goes with all of them, or with each. */
export function perColumn(constant: Tensor): ((c: number) => number) | undefined {
  const { data, shape } = constant;
  if (data.length === 1) return () => Number(data[0]);
  if (data.length !== shape[shape.length - 1]) return undefined;
  return (c) => Number(data[c]);
}

interface Arithmetic {
  readonly forward: (x: number, k: number) => number;
  readonly back: (y: number, k: number) => number;
  readonly rising: (k: number) => boolean;
}

/** y = x ∘ k, by operator; `swapped` where the constant comes first. */
const arithmetic: Readonly<Record<string, Arithmetic>> = {
  Add: { forward: (x, k) => x + k, back: (y, k) => y - k, rising: () => true },
  Sub: { forward: (x, k) => x - k, back: (y, k) => y + k, rising: () => true },
  Mul: { forward: (x, k) => x * k, back: (y, k) => y / k, rising: (k) => k > 0 },
  Div: { forward: (x, k) => x / k, back: (y, k) => y * k, rising: (k) => k > 0 },
};
const swapped: Readonly<Record<string, Arithmetic>> = {
  Add: arithmetic['Add'],
  Mul: arithmetic['Mul'],
  Sub: { forward: (x, k) => k - x, back: (y, k) => k - y, rising: () => false },
};

/** Rows of a constant that every row is compared with: the means of classes. */
function means(at: Crossing, constant: Tensor, into: Hints): void {
  const width = constant.shape[constant.shape.length - 1] ?? 0;
  if (at.node.op !== 'Sub' || width !== at.width(0) || constant.data.length > MAX_MEANS) return;
  for (let i = 0; i < constant.data.length; i++) into.column(i % width).values.add(Number(constant.data[i]));
}
const MAX_MEANS = 100_000;

/** Where the middle of a scaled column lies, and what is usual around it. */
const STANDARD = [-2, -1, 0, 1, 2];

const affine: Carry = (at, out) => {
  const { op } = at.node;
  const second = at.constant(1);
  const constant = second ?? at.constant(0);
  const input = second ? 0 : 1;
  const rule = (second ? arithmetic : swapped)[op];
  const factor = constant && perColumn(constant);
  if (!factor || !rule) {
    if (constant) means(at, constant, at.into(input));
    else spread(at, out);
    return;
  }
  // Scaled columns: nothing later in the graph may say what is usual, but the scale itself does.
  const width = at.width(-1);
  if (constant.data.length > 1 && constant.data.length === width)
    for (let c = 0; c < width; c++) {
      const hints = out.column(c);
      if (hints.values.size === 0 && (op === 'Div' || op === 'Mul')) for (const x of STANDARD) hints.values.add(x);
      else if (hints.values.size === 0) hints.values.add(0);
    }
  const back: Mapping = (y, c, exact) => {
    const k = factor(c);
    const x = rule.back(y, k);
    return exact && Number.isFinite(x) ? exactInverse((v) => rule.forward(v, k), y, x, rule.rising(k)) : x;
  };
  at.into(input).take(out, same, back);
};

/** A monotonous function of each number. */
function monotone(back: (y: number) => number): Carry {
  return (at, out) => {
    at.into(0).take(out, same, (y) => back(y));
  };
}

const concat: Carry = (at, out) => {
  if (!isLastAxis(at.node)) {
    spread(at, out);
    return;
  }
  let from = 0;
  for (let i = 0; i < at.node.inputs.length; i++) {
    const width = at.width(i);
    if (width === undefined) return;
    const start = from;
    if (at.constant(i) === undefined)
      at.into(i).take(out, (c) => (c >= start && c < start + width ? c - start : undefined));
    from += width;
  }
};

const pick: Carry = (at, out) => {
  const indices = integersOf(at.constant(1)?.data);
  const width = at.width(0);
  const columns = isLastAxis(at.node) || at.node.op === 'ArrayFeatureExtractor';
  if (!columns || !indices) return;
  at.into(0).take(out, (c) => {
    const from = indices[c];
    return from !== undefined && from < 0 ? from + (width ?? 0) : from;
  });
};

const slice: Carry = (at, out) => {
  const [starts, axes, steps] = [1, 3, 4].map((i) => integersOf(at.constant(i)?.data));
  const axis = axes?.[0] ?? 0;
  if (!starts || starts.length !== 1 || (axis !== 1 && axis !== -1) || (steps && steps[0] !== 1)) return;
  const from = starts[0] < 0 ? starts[0] + (at.width(0) ?? 0) : starts[0];
  at.into(0).take(out, (c) => c + from);
};

/** [n, p] to another shape: only where the columns stay what they are. */
const reshape: Carry = (at, out) => {
  const [before, after] = [at.width(0), at.width(-1)];
  if (before === after || before === 1 || at.node.op !== 'Reshape') through(at, out);
};

const impute: Carry = (at, out) => {
  const hints = at.into(0);
  hints.take(out, same);
  const width = at.width(0) ?? 1;
  const fill = at.node.attributes['fill'];
  for (let c = 0; c < width; c++) {
    const column = hints.column(c);
    column.missing = true;
    if (typeof fill === 'number') column.values.add(fill);
    else if (typeof fill === 'string') column.categories.add(fill);
  }
};

/** What the operators of a graph do to hints; the others end them. */
export const carries: Readonly<Record<string, Carry>> = {
  ...Object.fromEntries(
    [
      ...['Identity', 'Cast', 'CastLike', 'Dropout', 'Squeeze', 'Unsqueeze', 'StringNormalizer', 'Clip', 'Round'],
      ...['brine:Finite', 'brine:Require', 'brine:Densify', 'brine:Sparsify', 'brine:Numbers', 'brine:RavelSingleRow'],
      ...['brine:ImputeNeighbors', 'ai.onnx.ml:Imputer'],
    ].map((op): [string, Carry] => [op, through]),
  ),
  Add: affine,
  Sub: affine,
  Mul: affine,
  Div: affine,
  Min: spread,
  Max: spread,
  'brine:ObjectColumns': (at, out) => {
    at.node.inputs.forEach((_, i) => {
      at.into(i).take(out, (c) => (c === i ? 0 : undefined));
    });
  },
  Where: (at, out) => {
    for (const i of [1, 2]) if (at.constant(i) === undefined) at.into(i).take(out, same);
  },
  Neg: monotone((y) => -y),
  Exp: monotone(Math.log),
  Log: monotone(Math.exp),
  Sqrt: monotone((y) => y * y),
  Reciprocal: monotone((y) => 1 / y),
  Concat: concat,
  'ai.onnx.ml:FeatureVectorizer': (at, out) => {
    concat(
      {
        ...at,
        node: { ...at.node, attributes: { axis: 1 } },
        into: (i) => at.into(i),
        constant: (i) => at.constant(i),
        width: (i) => at.width(i),
      },
      out,
    );
  },
  Gather: pick,
  'ai.onnx.ml:ArrayFeatureExtractor': pick,
  Slice: slice,
  Reshape: reshape,
  Flatten: reshape,
  'brine:FillMissing': impute,
  'ai.onnx.ml:Scaler': (at, out) => {
    const offset = integersOf(at.node.attributes['offset']) ?? [0];
    const scale = integersOf(at.node.attributes['scale']) ?? [1];
    const of = (list: readonly number[], c: number): number => list[list.length === 1 ? 0 : c] ?? 0;
    const width = at.width(-1) ?? 0;
    for (let c = 0; c < width; c++) for (const x of STANDARD) out.column(c).values.add(x);
    at.into(0).take(out, same, (y, c) => y / of(scale, c) + of(offset, c));
  },
};
