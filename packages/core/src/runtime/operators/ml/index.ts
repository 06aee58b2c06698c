import type { OperatorTable } from '../../operator.js';
import { encoderOperators } from './encoders.js';
import { featureOperators } from './features.js';
import { linearOperators } from './linear.js';
import { svmOperators } from './svm.js';
import { treeOperators } from './trees.js';

/** The domain ai.onnx.ml. */
export const mlOperators: OperatorTable = {
  ...encoderOperators,
  ...featureOperators,
  ...linearOperators,
  ...svmOperators,
  ...treeOperators,
};
