import { describe } from 'vitest';
import { judgeSamples, survives } from '../../../test/support/judging.js';

describe('ONNX files', async () => {
  await judgeSamples('onnx');
  await survives('onnx', ['ml.onnx', 'external-in-branch.onnx'], 200, 200);
});
