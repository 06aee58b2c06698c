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
  id: 'unknown-operator',
  title: 'its graph uses operators that nobody vouches for',
  severity: 'medium',
  verdict: 'unknown',
  meaning:
    'The graph uses operators that its framework does not have: they come from a library that must be loaded beside it. What they do is not in the file.',
  cwe: 'CWE-829',
  advice: 'Find out which library has them, and whether you trust it.',
  bad: { 'an operator of another library': () => script('ops.acme.relu(x)') },
  good: { 'a relu': () => script('torch.relu(x)') },
});
