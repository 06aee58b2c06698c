import type { OperatorTable } from '../../operator.js';
import { attentionOperators } from './attention.js';
import { convOperators } from './conv.js';
import { imageOperators } from './image.js';
import { lossOperators } from './loss.js';
import { normaliseOperators } from './normalise.js';
import { poolOperators } from './pool.js';
import { quantiseOperators } from './quantise.js';
import { recurrentOperators } from './recurrent.js';
import { signalOperators } from './signal.js';

/** Neural networks: convolutions, pools, normalisations, recurrence, attention, images, signals, quantisation. */
export const neuralOperators: OperatorTable = {
  ...attentionOperators,
  ...convOperators,
  ...imageOperators,
  ...lossOperators,
  ...normaliseOperators,
  ...poolOperators,
  ...quantiseOperators,
  ...recurrentOperators,
  ...signalOperators,
};
