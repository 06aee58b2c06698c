import { rule } from './rule.js';
import { latin1, pickle } from './sample.js';

export default rule({
  id: 'limit-reached',
  title: 'it asks for more work or memory than a model needs',
  severity: 'medium',
  verdict: 'incomplete',
  meaning:
    'A named limit was reached before the file’s end: bytes after decompression, members, nesting, opcodes, time. Limits exist because small files can ask for any amount of work. Reaching one does not prove an attack, and what lies behind was not looked at.',
  cwe: 'CWE-400',
  advice:
    'Ask why it is so large. If that has a good reason, raise the limit that is named (in the policy file, under "limits") and scan again.',
  bad: {
    'tuples that double': () => latin1(`\x80\x02N\x85${'2\x86'.repeat(60)}.`),
    'memoised at four billion': () => latin1('\x80\x02Nr\xfe\xff\xff\xff.'),
    'bytes by a number': () => latin1('\x80\x02cbuiltins\nbytearray\n\x8a\x05\xff\xff\xff\xff\x7f\x85R.'),
    'an integer of 70,000 bytes': () => latin1(`\x80\x02\x8b\x70\x11\x01\0${'\x01'.repeat(70_000)}.`),
  },
  good: {
    'tuples that share a little': () => latin1(`\x80\x02N\x85${'2\x86'.repeat(20)}.`),
    'a few zero bytes': () => latin1('\x80\x02cbuiltins\nbytearray\nK\x40\x85R.'),
    'an integer of 200 bytes': () => pickle(`\x8a\xc8${'\x01'.repeat(200)}`),
  },
});
