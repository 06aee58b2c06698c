import { rule } from './rule.js';
import { latin1, pickle } from './sample.js';

export default rule({
  id: 'outside-reference',
  title: 'it refers to what is not in it',
  severity: 'medium',
  verdict: 'unknown',
  meaning:
    'A persistent id or an extension code stands for an object that only the loading program has; a list of packages beside a model may name one that is installed from elsewhere than a package index. What that is, the file does not say.',
  cwe: 'CWE-829',
  advice: 'Find out which program wrote it, and what it puts there.',
  bad: {
    'a persistent id': () => latin1('Psomewhere\n.'),
  },
  good: {
    'a text': () => pickle('\x8c\x09somewhere'),
  },
});
