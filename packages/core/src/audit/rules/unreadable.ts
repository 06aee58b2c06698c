import { rule } from './rule.js';
import { latin1, pickle } from './sample.js';

export default rule({
  id: 'unreadable',
  title: 'it could not be read to its end',
  severity: 'medium',
  verdict: 'incomplete',
  meaning:
    'The file is damaged, cut short, encrypted or uses something that is not read here. What came before that was judged; what comes after is not known. Python may get further, or run what came before.',
  advice: 'Get a fresh copy. If that is the same, do not load it: nobody has looked at all of it.',
  bad: {
    'cut short': () => latin1('\x80\x04]K\x01'),
    'no content': () => new Uint8Array(0),
    'no opcode': () => pickle('N0\xff'),
  },
  good: {
    whole: () => pickle(']K\x01a'),
  },
});
