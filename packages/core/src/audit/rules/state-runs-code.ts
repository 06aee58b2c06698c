import { rule } from './rule.js';
import { global, pickle, text } from './sample.js';

const uniform = `${global('scipy.stats._continuous_distns', 'uniform_gen')})\x81`;
const scipysOwn =
  '\ndef _parse_args(self,  loc=0, scale=1):\n    return (), loc, scale\n' +
  '\ndef _parse_args_rvs(self,  loc=0, scale=1, size=None):\n    return self._argcheck_rvs( loc, scale, size=size)\n' +
  "\ndef _parse_args_stats(self,  loc=0, scale=1, moments='mv'):\n    return (), loc, scale, moments\n";
const long = (word: string): string => `X${String.fromCharCode(word.length & 255, word.length >> 8)}\0\0${word}`;

export default rule({
  id: 'state-runs-code',
  title: 'it gives a harmless class a state that is executed',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'The distributions of scipy.stats keep the text of three small functions in their state, and execute it when they are loaded. In this file that text, or the form of the state, is not what scipy writes: the author of the file put something else in its place. No other name is needed for it.',
  cwe: 'CWE-94',
  advice: 'Do not load it. A file that scipy itself has saved never looks like this.',
  bad: {
    'text of its own': () => pickle(`${uniform}}${text('_parse_arg_template')}${text('print(1)')}sb`),
    'pairs instead of a dict': () =>
      pickle(`${uniform}${text('_parse_arg_template')}${text('print(1)')}\x86K\x01K\x02\x86\x86b`),
  },
  good: {
    'scipy’s own text': () => pickle(`${uniform}}${text('_parse_arg_template')}${long(scipysOwn)}sb`),
    'a state without it': () => pickle(`${uniform}}${text('name')}${text('uniform')}sb`),
  },
});
