import type { Model } from '../model/model.js';
import { answererOf } from './answerer.js';
import { makeProbe } from './probe.js';
import { verifyAnswerers, type Blocks, type VerifyOptions, type VerifyReport } from './verify.js';

export interface VerifyModelsOptions extends VerifyOptions {
  /** Rows to give to both; without them, inputs are made from what the two tell of themselves. */
  readonly data?: Blocks;
  /** What to call the two in messages. */
  readonly names?: readonly [string, string];
}

/**
 * Do two models answer the same? Both are given the same rows, and what they have in common is compared: methods by
 * name, a graph's outputs by the names that converters give them.
 *
 *     const { same, methods } = await verifyModels(await open('model.joblib'), await open('model.onnx'));
 *
 * Throws NO_METHOD where they have nothing in common, BAD_INPUT where they take different things.
 */
export async function verifyModels(a: Model, b: Model, options: VerifyModelsOptions = {}): Promise<VerifyReport> {
  const [first, second] = options.names ?? ['the first', 'the second'];
  const blocks = options.data ?? (await makeProbe(a, b)).groups;
  return verifyAnswerers(answererOf(a, first), answererOf(b, second), blocks, options);
}
