import type { Expansions } from './expansion.js';

/** The operators of `runtime/own/kernel-machine.ts` in ONNX operators. */
export const kernelMachineExpansions: Expansions = {};
