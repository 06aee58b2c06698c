import { describe } from 'vitest';
import { judgeSamples, survives } from '../../../test/support/judging.js';

describe('tensors, trees and the rest', async () => {
  await judgeSamples('others');
  await survives(
    'others',
    ['good.safetensors', 'good.gguf', 'good.tflite', 'xgboost.ubj', 'catboost.cbm', 'good.pmml'],
    40,
    30,
  );
});
