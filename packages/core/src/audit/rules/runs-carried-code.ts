import { rule } from './rule.js';
import { latin1 } from './sample.js';

export default rule({
  id: 'runs-carried-code',
  title: 'it calls code that it carries along',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'The file holds the bytecode of a function (cloudpickle and dill save lambdas so) and calls it while it is being loaded. What the bytecode does is not bounded by anything.',
  cwe: 'CWE-502',
  advisories: ['GHSA-9m3x-qqw2-h32h'],
  advice: 'Do not load it. Code that a model needs for its predictions is carried, but not called, when it is loaded.',
  bad: {
    'a function, called': () => latin1('\x80\x02ccloudpickle.cloudpickle\n_make_function\n(NtR)R.'),
    'a function, mapped': () =>
      latin1('\x80\x02cbuiltins\nlist\n(cbuiltins\nmap\n(ccloudpickle.cloudpickle\n_make_function\n(NtR]K\x01atRtR.'),
  },
  good: {
    'a function, kept': () => latin1('\x80\x02ccloudpickle.cloudpickle\n_make_function\n(NtR.'),
  },
});
