import { rule } from './rule.js';
import { latin1 } from './sample.js';

const body = '\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R.';

export default rule({
  id: 'broken-frame',
  title: 'its frames hide opcodes from some readers',
  severity: 'high',
  verdict: 'dangerous',
  meaning:
    'Protocol 4 puts opcodes into frames of a stated length. Readers differ in what they do where a frame ends within an opcode or beyond the file: one sees opcodes where another sees none. No writer makes such frames by accident.',
  cwe: 'CWE-436',
  advisories: ['cpython#154848'],
  advice: 'Do not load it. If it was damaged on its way, a fresh copy has whole frames.',
  bad: {
    'a frame that ends within an opcode': () => latin1(`\x80\x04\x95\x03\0\0\0\0\0\0\0${body}`),
    'a frame beyond the end': () => latin1(`\x80\x04\x95\xff\0\0\0\0\0\0\0${body}`),
  },
  good: {
    'a whole frame': () => latin1('\x80\x04\x95\x02\0\0\0\0\0\0\0N.'),
  },
});
