import { rule } from './rule.js';
import { global, pickle, text } from './sample.js';

export default rule({
  id: 'unknown-call',
  title: 'it calls something that nobody vouches for',
  severity: 'medium',
  verdict: 'unknown',
  meaning:
    'While the file is loaded, something is called that is itself the result of a call, or a method by its name. What it does depends on the object, and is not known here.',
  cwe: 'CWE-502',
  advice: 'Look at the call. If it is a method of your team’s own class, vouch for `Class.method` in a policy file.',
  bad: {
    'a method of an object, called': () =>
      pickle(`${global('builtins', 'getattr')}${global('sklearn.svm._classes', 'SVC')})\x81${text('predict')}\x86R)R`),
  },
  good: {
    'the same method, kept': () =>
      pickle(`${global('builtins', 'getattr')}${global('sklearn.svm._classes', 'SVC')})\x81${text('predict')}\x86R`),
  },
});
