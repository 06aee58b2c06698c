import { rule } from './rule.js';
import { latin1 } from './sample.js';

export default rule({
  id: 'carried-code',
  title: 'it carries code of its own, which runs when it is used',
  severity: 'medium',
  verdict: 'unknown',
  meaning:
    'Functions and classes of a script or notebook are saved by cloudpickle and dill with their bytecode. Loading the file makes them and runs none; the first prediction may. What the code refers to is listed as far as it can be seen.',
  cwe: 'CWE-913',
  advice:
    'Load it only if you trust its author. To let such files in without that, have the functions put into a module that is installed and reviewed.',
  bad: {
    'a lambda': () => latin1('\x80\x02ccloudpickle.cloudpickle\n_make_function\n(NtR.'),
    'a class of its own': () => latin1('\x80\x02cbuiltins\ntype\n(X\x01\x00\x00\x00A)}tR.'),
  },
  good: {
    'the type of None': () => latin1('\x80\x02cbuiltins\ntype\n(NtR.'),
  },
});
