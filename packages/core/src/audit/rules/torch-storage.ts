import { rule } from './rule.js';
import { global, latin1, pickle, text, zip } from './sample.js';

/** A PyTorch file whose pickle takes four floats from a storage of `bytes`. */
const torchFile = (bytes: number): Uint8Array =>
  zip({
    'a/data.pkl': pickle(`(${text('storage')}${global('torch', 'FloatStorage')}${text('0')}${text('cpu')}K\x04tQ`),
    'a/version': latin1('3\n'),
    'a/data/0': new Uint8Array(bytes),
  });

export default rule({
  id: 'torch-storage',
  title: 'it takes more numbers from a storage than there are',
  severity: 'high',
  verdict: 'dangerous',
  meaning:
    'The pickle says that a tensor’s storage has more bytes than the archive holds for it, or says two things about one storage. Loaders that believed such figures have read and written memory that was not theirs.',
  cwe: 'CWE-131',
  advisories: ['CVE-2026-24747'],
  advice: 'Do not load it.',
  bad: { 'a storage that is too short': () => torchFile(8) },
  good: { 'a storage of the size it says': () => torchFile(16) },
});
