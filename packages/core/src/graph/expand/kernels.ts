import type { Expansions } from './expansion.js';

/** The operators of `runtime/own/kernels.ts` in ONNX operators. */
export const kernelExpansions: Expansions = {};
