import type { Expansions } from './expansion.js';

/** The operators of `runtime/own/forest.ts` in ONNX operators. */
export const forestExpansions: Expansions = {};
