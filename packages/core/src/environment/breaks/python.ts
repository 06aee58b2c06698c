import { compareVersions } from '../ranges.js';
import { MIGRATE, REINSTALL, NO_PYTHON, olderThan, lacksName, inOrder } from './break.js';

/** Of pickle itself, of Python and of code that travels along. */
export const pythonBreaks = inOrder([
  {
    id: 'empty-file',
    stage: 'load',
    error: /EOFError: Ran out of input/,
    cause: 'The file is empty, or ends right where an object should begin: mostly a download or a copy that failed.',
    fix: ['get the file again', '`brine info FILE` says what is there'],
  },
  {
    id: 'truncated',
    stage: 'load',
    error: /pickle data was truncated|pickle exhausted before end|unexpected end of data|Compressed file ended before/,
    cause: 'The file ends before what it announces.',
    fix: [
      'get the file again, and compare its size with the original’s',
      '`brine dis FILE` shows how far it can be read',
    ],
  },
  {
    id: 'pickle-protocol',
    stage: 'load',
    error: /unsupported pickle protocol: (\d)/,
    foresee: ({ protocol }, env) => {
      const python = env.get('Python');
      const since = protocol === 5 ? '3.8' : protocol === 4 ? '3.4' : protocol === 3 ? '3.0' : '0';
      return python !== undefined && protocol !== undefined && compareVersions(python, since) < 0
        ? `ValueError: unsupported pickle protocol: ${protocol}`
        : undefined;
    },
    cause: 'The pickle’s protocol is newer than this Python: 5 came with Python 3.8, 4 with 3.4.',
    fix: ['`brine convert FILE new.pkl --protocol 2` writes one that every Python reads', 'use a newer Python'],
  },
  {
    id: 'python2-text',
    stage: 'load',
    error: /UnicodeDecodeError: 'ascii' codec can't decode byte/,
    foresee: (facts, env) =>
      facts.python2Strings && !olderThan(env, 'Python', '3.0')
        ? "UnicodeDecodeError: 'ascii' codec can't decode byte"
        : undefined,
    cause: 'Python 2 wrote it, and its strings hold bytes; Python 3 reads them as ASCII unless told otherwise.',
    fix: [MIGRATE, 'pickle.load(file, encoding="latin1")', NO_PYTHON],
  },
  {
    id: 'cloudpickle',
    stage: 'load',
    error:
      /code\(\) argument \d+ must be|code expected at (?:most|least) \d+ arguments|code\(\) takes at (?:least|most)|an integer is required \(got type bytes\)|Can't get attribute '_(?:make_function|function_setstate|make_skeleton_class|class_setstate|builtin_type|fill_function|make_skel_func)'|unknown opcode/,
    foresee: ({ codeArguments }, env) => {
      const python = env.get('Python');
      if (python === undefined) return undefined;
      if (codeArguments.has(18) && compareVersions(python, '3.11') < 0)
        return 'TypeError: code expected at most 16 arguments, got 18';
      if (codeArguments.has(16) && compareVersions(python, '3.11') >= 0)
        return 'TypeError: code() argument 13 must be str, not int';
      return undefined;
    },
    cause:
      'It carries functions as bytecode (cloudpickle, dill), which only the Python minor version that wrote it can run.',
    fix: [REINSTALL, 'save the function in a module of your own instead, and import it'],
  },
  {
    id: 'main-name',
    stage: 'load',
    error: /Can't get attribute '(\w+)' on <module '__main__'|module '__main__' has no attribute '(\w+)'/,
    foresee: (facts) =>
      [...facts.names.values()]
        .filter((name) => name.module === '__main__')
        .map((name) => lacksName(facts, '__main__', name.name)),
    cause: 'It names a function or class of the script that saved it, which this program does not have.',
    fix: [
      'define `$1` in the program that loads it, before loading; better: in a module that both import',
      'brine opens the rest: `brine info FILE`, and `register()` teaches it the missing one',
    ],
  },
]);
