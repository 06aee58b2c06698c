import { rule } from './rule.js';
import { global, pickle, text } from './sample.js';

const object = `${global('sklearn.linear_model._base', 'LinearRegression')})\x81`;

export default rule({
  id: 'hooked-state',
  title: 'it puts a function where unpickling will call it',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'Unpickling looks methods such as __setstate__, append and extend up on the object itself. A file that gives an object a state of that name, and then adds to the object, has the function called while it is loaded without an opcode that calls it.',
  cwe: 'CWE-502',
  advice: 'Do not load it. No library saves objects in this way.',
  bad: {
    'a state that is the method': () =>
      pickle(`${object}}${text('__setstate__')}${global('builtins', 'print')}sb}${text('a')}K\x01sb`),
  },
  good: {
    'a state of numbers': () => pickle(`${object}}${text('append')}K\x01sb`),
  },
});
