import { BrineError } from '../errors.js';
import type { V } from './builder.js';
import type { Attribute, Dim, ValueType } from './graph.js';
import type { DType, Tensor } from './tensor.js';

type Typed = ValueType & { readonly shape: readonly Dim[] };
type ConstantOf = (v: V) => Tensor | undefined;
interface Site {
  readonly op: string;
  readonly inputs: readonly (V | undefined)[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constantOf: ConstantOf;
  readonly steps: readonly string[];
}
type Infer = (site: Site) => Typed[];

/**
 * The result types of a node that a lowering adds. Only the operators that lowerings use are here; graphs
 * read from files are typed when they run.
 */
export function inferTypes(
  domain: string,
  op: string,
  inputs: readonly (V | undefined)[],
  attributes: Readonly<Record<string, Attribute>>,
  constantOf: ConstantOf,
  steps: readonly string[],
): Typed[] {
  const infer = domain === '' ? table[op] : undefined;
  if (!infer) throw new BrineError('UNSUPPORTED', `no type rule for the operator ${domain}:${op}`);
  return infer({ op, inputs, attributes, constantOf, steps });
}

function input(site: Site, i: number): V {
  const v = site.inputs[i];
  if (!v) throw misfit(site, `input ${i} is missing`);
  return v;
}

function misfit(site: Site, message: string): BrineError {
  const path = site.steps.join('/');
  return new BrineError('BAD_STATE', `${site.op}: ${message}`, path === '' ? {} : { path });
}

function describe(v: V): string {
  return `[${v.shape.map((d) => d ?? '?').join(', ')}]`;
}

function broadcast(site: Site, a: V, b: V): Dim[] {
  const rank = Math.max(a.shape.length, b.shape.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = dimAt(a, i - rank);
    const y = dimAt(b, i - rank);
    if (x === 1) return y;
    if (y === 1) return x;
    if (x === null) return y;
    if (y === null) return x;
    if (x !== y) throw misfit(site, `shapes ${describe(a)} and ${describe(b)} do not go together`);
    return x;
  });
}

function dimAt(v: V, fromEnd: number): Dim {
  const i = v.shape.length + fromEnd;
  return i < 0 ? 1 : v.shape[i]!;
}

const same: Infer = (s) => {
  const x = input(s, 0);
  return [{ dtype: x.dtype, shape: x.shape, layout: x.layout }];
};

function binary(result?: DType, keepsSparse = false): Infer {
  return (s) => {
    const a = input(s, 0);
    const b = input(s, 1);
    if (a.dtype !== b.dtype) throw misfit(s, `types ${a.dtype} and ${b.dtype} do not go together`);
    const layout = keepsSparse && a.layout === 'csr' ? 'csr' : 'dense';
    if (layout === 'dense' && (a.layout === 'csr' || b.layout === 'csr')) throw misfit(s, 'does not take sparse input');
    return [{ dtype: result ?? a.dtype, shape: broadcast(s, a, b), layout }];
  };
}

const predicate: Infer = (s) => [{ dtype: 'bool', shape: input(s, 0).shape, layout: 'dense' }];

function axisOf(site: Site, v: V, fallback: number): number {
  const axis = site.attributes['axis'] ?? fallback;
  if (typeof axis !== 'number' || axis < -v.shape.length || axis >= v.shape.length)
    throw misfit(site, `axis ${JSON.stringify(axis)} of ${describe(v)}`);
  return axis < 0 ? axis + v.shape.length : axis;
}

function without(shape: readonly Dim[], axis: number, keep: boolean): Dim[] {
  const out = [...shape];
  if (keep) out[axis] = 1;
  else out.splice(axis, 1);
  return out;
}

const reduction: Infer = (s) => {
  const x = input(s, 0);
  const axes = s.inputs[1] && s.constantOf(s.inputs[1]);
  if (axes?.data.length !== 1) throw misfit(s, 'wants one constant axis');
  let axis = Number(axes.data[0]);
  if (axis < 0) axis += x.shape.length;
  if (!(axis >= 0 && axis < x.shape.length)) throw misfit(s, `axis ${axis} of ${describe(x)}`);
  return [{ dtype: x.dtype, shape: without(x.shape, axis, s.attributes['keepdims'] !== 0), layout: 'dense' }];
};

const indexOfExtreme: Infer = (s) => {
  const x = input(s, 0);
  return [
    { dtype: 'int64', shape: without(x.shape, axisOf(s, x, 0), s.attributes['keepdims'] !== 0), layout: 'dense' },
  ];
};

function inner(site: Site, a: V, b: V, left: Dim, right: Dim): void {
  if (left !== null && right !== null && left !== right)
    throw misfit(site, `shapes ${describe(a)} and ${describe(b)} do not multiply: ${left} against ${right}`);
}

const table: Readonly<Record<string, Infer | undefined>> = {
  Add: binary(),
  Sub: binary(),
  Mul: binary(undefined, true),
  Div: binary(undefined, true),
  Pow: binary(),
  Min: binary(),
  Max: binary(),
  Mod: binary(),
  Neg: same,
  Abs: same,
  Exp: same,
  Log: same,
  Sqrt: same,
  Floor: same,
  Ceil: same,
  Round: same,
  Reciprocal: same,
  Sign: same,
  Sin: same,
  Cos: same,
  Tan: same,
  Asin: same,
  Acos: same,
  Atan: same,
  Sinh: same,
  Cosh: same,
  Asinh: same,
  Acosh: same,
  Atanh: same,
  Erf: same,
  Tanh: same,
  Sigmoid: same,
  Relu: same,
  Softplus: same,
  Softmax: same,
  LogSoftmax: same,
  Identity: same,
  CumSum: same,
  Equal: binary('bool'),
  Less: binary('bool'),
  LessOrEqual: binary('bool'),
  Greater: binary('bool'),
  GreaterOrEqual: binary('bool'),
  And: binary('bool'),
  Or: binary('bool'),
  Not: predicate,
  IsNaN: predicate,
  IsInf: predicate,
  Cast: (s) => {
    const x = input(s, 0);
    return [{ dtype: s.attributes['to'] as DType, shape: x.shape, layout: x.layout }];
  },
  Where: (s) => {
    const [c, a, b] = [input(s, 0), input(s, 1), input(s, 2)];
    if (a.dtype !== b.dtype) throw misfit(s, `types ${a.dtype} and ${b.dtype} do not go together`);
    const both = { ...a, shape: broadcast(s, a, b) };
    return [{ dtype: a.dtype, shape: broadcast(s, c, both), layout: 'dense' }];
  },
  Transpose: (s) => {
    const x = input(s, 0);
    const perm = s.attributes['perm'] as readonly number[] | undefined;
    const shape = perm ? perm.map((p) => x.shape[p] ?? null) : [...x.shape].reverse();
    return [{ dtype: x.dtype, shape, layout: 'dense' }];
  },
  Reshape: (s) => {
    const x = input(s, 0);
    const wanted = s.inputs[1] && s.constantOf(s.inputs[1]);
    if (!wanted) throw misfit(s, 'wants a constant shape');
    const shape: Dim[] = Array.from(wanted.data as ArrayLike<bigint>, (d, i) =>
      d === 0n ? (x.shape[i] ?? null) : d < 0n ? null : Number(d),
    );
    // One unknown is settled where everything else is known.
    const total = x.shape.every((d) => d !== null) ? x.shape.reduce<number>((a, d) => a * d, 1) : null;
    const unknown = shape.indexOf(null);
    if (total !== null && unknown >= 0) {
      const rest = shape.reduce<number>((a, d) => a * (d ?? 1), 1);
      shape[unknown] = rest === 0 ? 0 : total / rest;
    }
    return [{ dtype: x.dtype, shape, layout: 'dense' }];
  },
  Concat: (s) => {
    const parts = s.inputs.map((_, i) => input(s, i));
    const first = parts[0];
    const axis = axisOf(s, first, 1);
    const shape = [...first.shape];
    for (const part of parts.slice(1)) {
      if (part.dtype !== first.dtype) throw misfit(s, `types ${first.dtype} and ${part.dtype} do not go together`);
      const a = shape[axis]!;
      const b = part.shape[axis] ?? null;
      shape[axis] = a === null || b === null ? null : a + b;
    }
    return [{ dtype: first.dtype, shape, layout: parts.some((p) => p.layout === 'csr') ? 'csr' : 'dense' }];
  },
  Gather: (s) => {
    const x = input(s, 0);
    const indices = input(s, 1);
    const axis = axisOf(s, x, 0);
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return [{ dtype: x.dtype, shape, layout: x.layout }];
  },
  GatherElements: (s) => [{ dtype: input(s, 0).dtype, shape: input(s, 1).shape, layout: 'dense' }],
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceMax: reduction,
  ReduceMin: reduction,
  ReduceProd: reduction,
  ReduceSumSquare: reduction,
  ReduceL1: reduction,
  ReduceL2: reduction,
  ReduceLogSumExp: reduction,
  ArgMax: indexOfExtreme,
  ArgMin: indexOfExtreme,
  TopK: (s) => {
    const x = input(s, 0);
    const k = s.inputs[1] && s.constantOf(s.inputs[1]);
    const shape = [...x.shape];
    shape[axisOf(s, x, -1)] = k ? Number(k.data[0]) : null;
    return [
      { dtype: x.dtype, shape, layout: 'dense' },
      { dtype: 'int64', shape, layout: 'dense' },
    ];
  },
  MatMul: (s) => {
    const [a, b] = [input(s, 0), input(s, 1)];
    if (a.shape.length < 2 || b.shape.length < 2)
      throw misfit(s, `wants matrices, got ${describe(a)} and ${describe(b)}`);
    inner(s, a, b, dimAt(a, -1), dimAt(b, -2));
    const lead = a.shape.length >= b.shape.length ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
    return [{ dtype: a.dtype, shape: [...lead, dimAt(a, -2), dimAt(b, -1)], layout: 'dense' }];
  },
  Gemm: (s) => {
    const [a, b] = [input(s, 0), input(s, 1)];
    const transposed = s.attributes['transB'] === 1;
    inner(s, a, b, dimAt(a, -1), dimAt(b, transposed ? -1 : -2));
    return [{ dtype: a.dtype, shape: [dimAt(a, -2), dimAt(b, transposed ? -2 : -1)], layout: 'dense' }];
  },
  OneHot: (s) => {
    const depth = s.inputs[1] && s.constantOf(s.inputs[1]);
    return [
      {
        dtype: input(s, 2).dtype,
        shape: [...input(s, 0).shape, depth ? Number(depth.data[0]) : null],
        layout: 'dense',
      },
    ];
  },
};
