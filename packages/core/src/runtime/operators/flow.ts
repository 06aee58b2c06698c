import type { OperatorTable } from '../operator.js';
import { controlOperators } from './control.js';
import { sequenceOperators } from './sequence.js';

/** Control flow, sequences and optionals. */
export const flowOperators: OperatorTable = { ...controlOperators, ...sequenceOperators };
