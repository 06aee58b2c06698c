import { rule } from './rule.js';
import { global, latin1, pickle, text } from './sample.js';

export default rule({
  id: 'state-of-a-name',
  title: 'it changes a class or function of a library',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'The file sets attributes of something that it did not make: a class, a function or a module. Whatever uses that afterwards, in the same process, uses what the file put there.',
  cwe: 'CWE-915',
  advisories: ['modelscan#330'],
  advice: 'Do not load it. A process that did load it must be ended, for its libraries are no longer what they were.',
  bad: {
    'builtins of a function': () => latin1('\x80\x02cnumpy\nsize\n}X\x0c\x00\x00\x00__builtins__NsbN.'),
  },
  good: {
    'the state of an object': () =>
      pickle(`${global('sklearn.linear_model._base', 'LinearRegression')})\x81}${text('n_jobs')}Nsb`),
  },
});
