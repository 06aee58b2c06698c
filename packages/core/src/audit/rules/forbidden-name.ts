import { rule } from './rule.js';

export default rule({
  id: 'forbidden-name',
  title: 'it holds a name that the policy forbids',
  severity: 'high',
  verdict: 'dangerous',
  meaning: 'The policy file of whoever scans says that this name may not occur.',
  advice: 'Whoever wrote the policy knows why. Nothing is known against the name as such.',
  bad: {},
  good: {},
});
