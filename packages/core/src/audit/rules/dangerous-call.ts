import { rule } from './rule.js';
import { global, latin1, pickle, text } from './sample.js';

export default rule({
  id: 'dangerous-call',
  title: 'loading it would run this',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'A pickle may name any function and call it with any arguments while it is being loaded. This one calls something that runs programs or code, imports modules, or reaches files or the network. No model needs that. Loading the file is enough: nothing has to be predicted with it.',
  cwe: 'CWE-502',
  advice: 'Do not load it. Keep it as evidence, find out where it came from, and look for other files of that origin.',
  bad: {
    'os.system by REDUCE': () => latin1("cos\nsystem\n(S'id'\ntR."),
    'os.system by STACK_GLOBAL': () => pickle(`${global('os', 'system')}${text('id')}\x85R`),
    'by OBJ, and dropped again': () => latin1("(cos\nsystem\nS'id'\no0N."),
    'by INST': () => latin1("(S'id'\nios\nsystem\n."),
    'broken behind the call': () => latin1("cos\nsystem\n(S'id'\ntR\xff\xff"),
    'through a partial': () =>
      pickle(`${global('functools', 'partial')}${global('os', 'system')}\x85R${text('id')}\x85R`),
    'through an import': () =>
      pickle(
        `${global('builtins', 'getattr')}${global('builtins', '__import__')}${text('os')}\x85R${text('system')}\x86R${text('id')}\x85R`,
      ),
  },
  good: {
    'a list': () => pickle(']K\x01a'),
    'the text os.system': () => pickle(`${text('os')}${text('system')}\x86`),
    'an OrderedDict': () => pickle(`${global('collections', 'OrderedDict')})R`),
  },
});
