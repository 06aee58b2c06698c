import { GraphBuilder, type V } from '../graph/builder.js';
import { denseOf } from '../graph/expand/dense.js';
import { expand } from '../graph/expand/index.js';
import { narrow } from '../graph/expand/narrow.js';
import { float64, isCsr, isTensor, type Tensor, type Value } from '../graph/tensor.js';
import { sameValue } from './operators/same-value.testing.js';
import { plan } from './plan.js';

/** What the tests of expansions write for a missing text. */
export const MISSING = 'nan';

export interface Comparison {
  readonly rtol?: number;
  readonly atol?: number;
  readonly allowApproximate?: boolean;
}

export type Build = (g: GraphBuilder, inputs: readonly V[]) => V | readonly V[];

/** Runs a graph of own operators as it is and expanded; why the results differ, or undefined. For tests. */
export async function difference(
  inputs: readonly Value[],
  build: Build,
  { rtol = 1e-12, atol = 1e-14, allowApproximate = false }: Comparison = {},
): Promise<string | undefined> {
  const g = new GraphBuilder();
  const given = inputs.map((value, i) => {
    if (!isTensor(value) && !isCsr(value)) throw new Error('tensors and sparse matrices only');
    const layout = isCsr(value) ? 'csr' : 'dense';
    return g.input(`x${i}`, { dtype: value.dtype, shape: [null, ...value.shape.slice(1)], layout });
  });
  const made = build(g, given);
  const results: readonly V[] = 'id' in made ? [made] : made;
  const graph = g.finish(results.map((value, i) => ({ name: `y${i}`, value })));
  const { graph: onnx } = expand(graph, { trees: 'v5', missingText: MISSING, allowApproximate });
  const wanted = (await plan(graph)).run(inputs).map(plain);
  const got = (await plan(onnx)).run(inputs.map(plain)).map(plain);
  for (let i = 0; i < wanted.length; i++) {
    const why = sameValue(got[i], wanted[i], rtol, atol);
    if (why !== undefined) return `output ${i}: ${why}`;
  }
  return undefined;
}

/** Dense, and without types that ONNX has not. */
function plain(value: Value): Tensor {
  if (isCsr(value)) return denseOf(value);
  if (!isTensor(value)) throw new Error('not a tensor');
  return narrow(value, MISSING) ?? value;
}

/** Numbers in 0 … 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A matrix of normal numbers, nearly. */
export function normal(random: () => number, rows: number, columns: number): Tensor {
  const one = (): number => random() + random() + random() + random() - 2;
  return float64([rows, columns], Float64Array.from({ length: rows * columns }, one));
}
