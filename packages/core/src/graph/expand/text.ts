import type { Expansions } from './expansion.js';

/** The operators of `runtime/own/text.ts` in ONNX operators. */
export const textExpansions: Expansions = {};
