import type { Expansions } from './expansion.js';

/** The operators of `runtime/own/kernel-program.ts` in ONNX operators. */
export const kernelProgramExpansions: Expansions = {};
