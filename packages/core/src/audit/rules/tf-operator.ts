import { rule } from './rule.js';
import { latin1 } from './sample.js';

/** A GraphDef of one node: field 1 of 2 + name + 2 + operator bytes. */
const graph = (op: string): Uint8Array =>
  latin1(`\n${String.fromCharCode(op.length + 5)}\n\x01x\x12${String.fromCharCode(op.length)}${op}`);

export default rule({
  id: 'tf-operator',
  title: 'its graph uses an operator that reaches files, the network or Python',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'A TensorFlow graph is a program. Among its operators are some that read and write files, open connections or call Python; they run when the model answers, some when it is loaded, and may stand in functions or in graphs that constants hold.',
  cwe: 'CWE-829',
  advice: 'Do not run it outside of a sandbox.',
  bad: { ReadFile: () => graph('ReadFile'), 'a Python function': () => graph('EagerPyFunc') },
  good: { Relu: () => graph('Relu') },
});
