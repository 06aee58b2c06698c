import { rule } from './rule.js';
import { latin1, utf8, zip } from './sample.js';

/** What torch.export writes, and AOTInductor adds to. */
const exported = (members: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zip({
    'model/archive_format': latin1('pt2'),
    'model/models/model.json': utf8('{"graph_module": {"graph": {"nodes": []}}}'),
    ...members,
  });

export default rule({
  id: 'native-code',
  title: 'it holds compiled code that loading it runs',
  severity: 'high',
  verdict: 'dangerous',
  meaning:
    'The file brings a compiled library along, which the program loads into itself. Such code can do whatever the program may, and nobody can tell what by reading the model.',
  cwe: 'CWE-829',
  advice: 'Compile the model yourself, from a file without compiled code.',
  bad: {
    'a library in an exported program': () => exported({ 'model/data/aotinductor/model/model.so': latin1('\x7fELF') }),
  },
  good: { 'an exported program': () => exported({}) },
});
