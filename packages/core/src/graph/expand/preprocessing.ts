import type { Expansions } from './expansion.js';

/** The operators of `runtime/own/preprocessing.ts` in ONNX operators. */
export const preprocessingExpansions: Expansions = {};
