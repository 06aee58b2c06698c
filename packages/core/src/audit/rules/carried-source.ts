import { rule } from './rule.js';
import { latin1, pickle, utf8, zip } from './sample.js';

/** What torch.package writes. */
const torchPackage = (members: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zip({
    'a/.data/extern_modules': latin1('torch\n'),
    'a/.data/version': latin1('6\n'),
    'a/model/model.pkl': pickle('N'),
    ...members,
  });

export default rule({
  id: 'carried-source',
  title: 'it carries Python source code, which runs when it is loaded',
  severity: 'medium',
  verdict: 'unknown',
  meaning:
    'The file brings modules of Python source along. Loading an object from it imports them, and importing runs them.',
  cwe: 'CWE-829',
  advice: 'Read the source, or have its author publish it as a package that you can review and pin.',
  bad: { 'a package of torch with a module': () => torchPackage({ 'a/acme.py': utf8('class Model:\n    pass\n') }) },
  good: { 'a package without one': () => torchPackage({}) },
});
