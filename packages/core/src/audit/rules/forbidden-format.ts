import { rule } from './rule.js';

export default rule({
  id: 'forbidden-format',
  title: 'it is of a format that the policy forbids',
  severity: 'high',
  verdict: 'dangerous',
  meaning: 'The policy file of whoever scans says that files of this format may not be let in.',
  advice: 'Ask for the model in another format. For pickles, skops and ONNX hold the same without code.',
  bad: {},
  good: {},
});
