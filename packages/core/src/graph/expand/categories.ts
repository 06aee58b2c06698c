import type { Expansions } from './expansion.js';

/** The operators of `runtime/own/categories.ts` in ONNX operators. */
export const categoryExpansions: Expansions = {};
