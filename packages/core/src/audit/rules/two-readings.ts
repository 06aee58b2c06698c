import { rule } from './rule.js';
import { latin1 } from './sample.js';

const wrapped = (home: string): string => `c${home}.numpy_pickle\nNumpyArrayWrapper\n0`;

export default rule({
  id: 'two-readings',
  title: 'two programs would read it differently',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'What one loader skips as the bytes of an array, another takes for opcodes and runs. The same file is harmless to one and an attack on the other.',
  cwe: 'CWE-436',
  advisories: ['CVE-2024-34997', 'GHSA-m62q-453p-gv66'],
  advice: 'Do not load it, in either way.',
  bad: {
    'wrappers of two joblibs': () => latin1(`${wrapped('joblib')}${wrapped('sklearn.externals.joblib')}N.`),
  },
  good: {
    'wrappers of one': () => latin1(`${wrapped('joblib')}${wrapped('joblib')}N.`),
  },
});
