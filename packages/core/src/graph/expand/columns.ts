import type { Expansions } from './expansion.js';

/** The operators of `runtime/own/columns.ts` in ONNX operators. */
export const columnExpansions: Expansions = {};
