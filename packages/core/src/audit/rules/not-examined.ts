import { rule } from './rule.js';
import { latin1, pickle } from './sample.js';

export default rule({
  id: 'not-examined',
  title: 'its content is of a kind that is not examined here',
  severity: 'medium',
  verdict: 'unknown',
  meaning:
    'The content is of no format that is known here, or of one that is recognised and not read. It was tried as everything that it might be, and nothing was found; that is not the same as being harmless.',
  advice: 'Find out which program reads it, and check it with a tool that knows the format.',
  bad: {
    'bytes of no format': () => latin1('\x01\x02\x03\x04\x05\x06\x07\x08'.repeat(40)),
  },
  good: {
    'a pickle': () => pickle('N'),
  },
});
