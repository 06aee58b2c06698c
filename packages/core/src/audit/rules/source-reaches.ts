import { rule } from './rule.js';
import { latin1, pickle, utf8, zip } from './sample.js';

/** What torch.package writes. */
const torchPackage = (source: string): Uint8Array =>
  zip({
    'a/.data/extern_modules': latin1('torch\n'),
    'a/.data/version': latin1('6\n'),
    'a/model/model.pkl': pickle('N'),
    'a/acme.py': utf8(source),
  });

export default rule({
  id: 'source-reaches',
  title: 'the Python source it carries runs programs, reaches files or the network',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'Python source inside the file imports or calls what runs code, starts programs or reaches files and networks, and it runs when the file is loaded.',
  cwe: 'CWE-506',
  advice: 'Do not load it; read the source that is named.',
  bad: { 'a command': () => torchPackage("import os\nos.system('id')\n") },
  good: { 'a layer': () => torchPackage('import torch\nclass Model(torch.nn.Module):\n    pass  # os.system\n') },
});
