import type { Expansions } from './expansion.js';

/** The operators of `runtime/own/decomposition.ts` in ONNX operators. */
export const decompositionExpansions: Expansions = {};
