import { rule } from './rule.js';
import { base64 } from './sample.js';

export default rule({
  id: 'outside-file',
  title: 'it takes data from another file of its own choosing',
  severity: 'high',
  verdict: 'dangerous',
  meaning:
    'The file does not hold all of its data: it names another file, which reading it opens. So a model can read any file that the program may, and send its content on in its answers.',
  cwe: 'CWE-73',
  advisories: ['CVE-2025-9905', 'CVE-2022-25882', 'CVE-2024-27318'],
  advice: 'Do not load it. Ask for a file that is complete in itself.',
  bad: {
    'a link into another HDF5 file': () =>
      base64(
        'iUhERg0KGgoDCAgAAAAAAAAAAAD//////////8MAAAAAAAAAMAAAAAAAAAAGGmE3T0hEUgIgiSIKa4kiCmuJIgpriSIKa3gCEgAA' +
          'AAD/////////////////////CgIAAQAABhcAAAEIQAF4EAAAL2V0Yy9wYXNzd2QAL2EAAD0AAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
          'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADpe+rx',
      ),
  },
  good: {
    'a link within': () =>
      base64(
        'iUhERg0KGgoDCAgAAAAAAAAAAAD//////////8MAAAAAAAAAMAAAAAAAAAAGGmE3T0hEUgIgiSIKa4kiCmuJIgpriSIKa3gCEgAA' +
          'AAD/////////////////////CgIAAQAABgkAAAEIAQF4AgAvYQBLAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' +
          'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACNqzS8',
      ),
  },
});
