import type { OperatorTable } from '../../operator.js';
import { quantisedOperators } from './quantised.js';
import { transformerOperators } from './transformers.js';

/** Operators of onnxruntime's own that its optimisers and quantisers write, each as the standard ones it stands for. */
export const contribOperators: OperatorTable = { ...transformerOperators, ...quantisedOperators };
