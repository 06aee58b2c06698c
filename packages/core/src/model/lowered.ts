import { BrineError } from '../errors.js';
import type { Estimator } from '../estimators/index.js';
import { GraphBuilder } from '../graph/builder.js';
import { fuseDense } from '../graph/fuse-dense.js';
import { fuseRows } from '../graph/fuse-rows.js';
import type { Graph } from '../graph/graph.js';
import { byBlocks } from '../runtime/blocks.js';
import { plan, type Plan } from '../runtime/plan.js';
import { prepare, type ModelInput, type Prepared } from './input.js';
import { outputShape, type ModelOutput, type OutputShape } from './output.js';

/** A method made ready for inputs of one kind. */
interface Ready {
  readonly plan: Plan;
  readonly output: OutputShape;
}

/** Lowered graphs that a model keeps: inputs of ever-changing columns must not fill the memory (CWE-770). */
const KEPT_PLANS = 64;

/** Bytes of one step of an estimator (distances of many rows to many): graphs that we wrote are no bombs. */
const LOWERED_BYTES = 4 * 2 ** 30;

/** An estimator's methods as graphs, lowered and planned when first called with an input of some type. */
export class LoweredMethods {
  readonly #estimator: Estimator;
  readonly #ready = new Map<string, Promise<Ready>>();
  /** What the last call used: the next one mostly wants the same, and need not wait a turn for it. */
  #last: { readonly method: string; readonly key: string; readonly ready: Ready } | undefined;

  constructor(estimator: Estimator) {
    this.#estimator = estimator;
  }

  async run(method: string, input: ModelInput): Promise<ModelOutput> {
    const prepared = prepare(input, this.#estimator.takes);
    const last = this.#last;
    if (last?.method === method && last.key === prepared.key)
      return last.ready.output.assemble(last.ready.plan.run(prepared.values));
    const key = `${method} ${prepared.key}`;
    let ready = this.#ready.get(key);
    if (!ready) {
      if (this.#ready.size >= KEPT_PLANS) this.#ready.delete(this.#ready.keys().next().value!);
      ready = this.#prepare(method, prepared);
      this.#ready.set(key, ready);
      ready.catch(() => this.#ready.delete(key));
    }
    const found = await ready;
    this.#last = { method, key: prepared.key, ready: found };
    return found.output.assemble(found.plan.run(prepared.values));
  }

  async #prepare(method: string, prepared: Prepared): Promise<Ready> {
    const { graph, output } = lower(this.#estimator, method, prepared);
    const fused = fuseRows(fuseDense(graph));
    return { plan: byBlocks(fused, await plan(fused, { bytes: LOWERED_BYTES })), output };
  }
}

/** The graph of one method for inputs of one type. */
export function lower(estimator: Estimator, method: string, prepared: Prepared): { graph: Graph; output: OutputShape } {
  const g = new GraphBuilder();
  const data = prepared.declare(g);
  try {
    const output = outputShape(estimator.run(method, data, g));
    const outputs = output.values.map((value, i) => ({
      name: output.values.length === 1 ? method : `${method}_${i}`,
      value,
    }));
    return { graph: g.finish(outputs), output };
  } catch (error) {
    // What lowering trips over is in the file or the input, and both are the caller's to hear of.
    if (error instanceof BrineError) throw error;
    if (error instanceof RangeError || error instanceof TypeError)
      throw new BrineError('BAD_STATE', `${estimator.name}.${method}: ${error.message}`, {}, { cause: error });
    throw error;
  }
}
