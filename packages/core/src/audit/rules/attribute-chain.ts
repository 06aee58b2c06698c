import { rule } from './rule.js';
import { global, pickle, text } from './sample.js';

export default rule({
  id: 'attribute-chain',
  title: 'it reaches for what Python hides behind attributes',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'From any object, Python’s attributes lead to everything else: a function’s __globals__ hold its module’s imports, a class’s __subclasses__() every class there is. A file that takes such a step while it is being loaded goes around lists of forbidden names.',
  cwe: 'CWE-470',
  advice: 'Do not load it. Bound methods are saved in a similar way, but of plain names.',
  bad: {
    'the globals of a function': () =>
      pickle(`${global('builtins', 'getattr')}${global('sklearn.base', 'clone')}${text('__globals__')}\x86R`),
    'a format that reaches for globals': () =>
      pickle(`${global('builtins', 'getattr')}${text('{0.__init__.__globals__}')}${text('format')}\x86R`),
    'a name that a call makes': () =>
      pickle(`${global('builtins', 'getattr')}${global('numpy', 'ndarray')}${global('builtins', 'str')})R\x86R`),
  },
  good: {
    'a method of a class': () =>
      pickle(`${global('builtins', 'getattr')}${global('builtins', 'str')}${text('lower')}\x86R`),
    'an attrgetter of a plain name': () => pickle(`${global('operator', 'attrgetter')}${text('name')}\x85R`),
    'a bound method': () =>
      pickle(`${global('builtins', 'getattr')}${global('sklearn.svm._classes', 'SVC')})\x81${text('predict')}\x86R`),
  },
});
