import { rule } from './rule.js';
import { global, pickle } from './sample.js';

export default rule({
  id: 'dangerous-name',
  title: 'it holds a name that can run code, reach files or the network',
  severity: 'high',
  verdict: 'dangerous',
  meaning:
    'Loading the file imports something that no model has a use for, and keeps it where other code may call it: a function that runs programs, say, in the place of a method. It is not called while the file is loaded as far as can be seen.',
  cwe: 'CWE-502',
  advice: 'Do not load it. A file that only looks strange for a reason has an author who can say what the name is for.',
  bad: {
    'os.system, not called': () => pickle(global('os', 'system')),
    'a name behind a dot': () => pickle(global('pathlib', 'os.system')),
  },
  good: {
    'a harmless class': () => pickle(`${global('sklearn.linear_model._base', 'LinearRegression')})\x81`),
  },
});
