import { formatNames } from '../../formats/identify/index.js';
import type { Examiner } from '../examiner.js';
import { noteTargets } from './targets.js';

/** Of a text so much is searched: configurations are short (CWE-400). */
const MAX_TEXT = 1 << 20;

/** Text beside models and instead of them: YAML from which a program makes objects. */
export const examiner: Examiner = {
  formats: ['text'],
  async examine(source, context) {
    const { format, why } = context.identity;
    noteTargets(new TextDecoder().decode(await source.read(0, Math.min(source.size, MAX_TEXT))), context);
    if (context.members.length === 0) context.report('not-a-model', `this is ${formatNames[format]}: ${why}`);
  },
};
