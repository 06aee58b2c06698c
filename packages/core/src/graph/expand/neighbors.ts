import type { Expansions } from './expansion.js';

/** The operators of `runtime/own/neighbors.ts` in ONNX operators. */
export const neighborExpansions: Expansions = {};
