import { rule } from './rule.js';
import { latin1, pickle, utf8, zip } from './sample.js';

/** A TorchScript archive whose one method is `code`. */
const script = (code: string): Uint8Array =>
  zip({
    'a/data.pkl': pickle('N'),
    'a/constants.pkl': pickle(')'),
    'a/version': latin1('3\n'),
    'a/code/__torch__.py': utf8(
      `class M(Module):\n  def forward(self: __torch__.M, x: Tensor) -> Tensor:\n    return ${code}\n`,
    ),
  });

export default rule({
  id: 'torchscript-operator',
  title: 'its graph uses an operator that reaches beyond it',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'TorchScript code and exported programs compute with operators. This one maps or writes files, calls Python, or sends data to other machines; a model needs none of that to answer.',
  cwe: 'CWE-829',
  advisories: ['CVE-2025-32434'],
  advice: 'Do not run it.',
  bad: { 'a file as a tensor': () => script('torch.from_file("/etc/passwd", False, 10)') },
  good: { 'a relu': () => script('torch.relu(x)') },
});
