import { describe, expect, it } from 'vitest';
import { audit } from './index.js';
import { global, pickle, text } from './rules/sample.js';

const verdictOf = async (opcodes: string): Promise<string> => (await audit(pickle(opcodes))).verdict;
const long = (word: string): string => `X${String.fromCharCode(word.length)}\0\0\0${word}`;

describe('pipelines of pycaret', () => {
  const pipeline = (state: string): string =>
    `${global('pycaret.internal.pipeline', 'Pipeline')})\x81}(${text('steps')}]${state}ub`;
  const held = `${global('joblib.memory', 'NotMemorizedFunc')})\x81}${text('func')}${global('pycaret.internal.pipeline', '_fit_one')}sb`;

  it('as it saves them are clean', async () => {
    expect(await verdictOf(pipeline(`${text('_memory')}N${text('_memory_fit')}${held}`))).toBe('clean');
  });
  it.each([
    ['a folder for a cache', `${text('_memory')}${text('/tmp/x')}`],
    ['no word of a cache', ''],
  ])('with %s are dangerous', async (_, state) => {
    expect(await verdictOf(pipeline(state))).toBe('dangerous');
  });
});

describe('what pybind11 evaluates', () => {
  const evaluated = (code: string): string => `${global('builtins', 'eval')}${long(code)}\x85R`;
  const importing = (module: string): string => evaluated(`__import__('importlib').import_module('${module}')`);

  it('is an import of a module', async () => {
    expect(await verdictOf(importing('sklearn.svm'))).toBe('clean');
    expect(await verdictOf(importing('onedal._onedal_py_host'))).toBe('unknown');
  });
  it.each([
    ['a dangerous module', importing('os')],
    ['what is in one', `${global('builtins', 'getattr')}${importing('sklearn.utils')}${text('os')}\x86R`],
    ['anything else', evaluated("__import__('importlib').import_module('sklearn').os")],
    [
      'more than one module',
      evaluated("__import__('importlib').import_module('a')or __import__('importlib').import_module('b')"),
    ],
    [
      'with names of its own',
      `${global('builtins', 'eval')}${long("__import__('importlib').import_module('sklearn')")}}\x86R`,
    ],
  ])('is dangerous where it reaches %s', async (_, opcodes) => {
    expect(await verdictOf(opcodes)).toBe('dangerous');
  });
});

describe('Keras models of SciKeras', () => {
  const unpack = global('scikeras._saving_utils', 'unpack_keras_model');
  const dtype = `${global('numpy', 'dtype')}${text('u1')}\x89\x88\x87R`;
  const array = (bytes: string): string =>
    `${global('numpy.core.multiarray', '_reconstruct')}${global('numpy', 'ndarray')}K\x00\x85C\x01b\x87R(K\x01K${String.fromCharCode(bytes.length)}\x85${dtype}\x89C${String.fromCharCode(bytes.length)}${bytes}tb`;

  it('of something else are dangerous', async () => {
    expect(await verdictOf(`${unpack}${array('abcdefgh')}\x85R`)).toBe('dangerous');
    expect(await verdictOf(`${global('scikeras._saving_utils', 'unpack_keras_optimizer')}}\x85R`)).toBe('dangerous');
  });
  it('are examined as the archives that they are', async () => {
    const { findings, verdict } = await audit(pickle(`${unpack}${array('PK\x03\x04abcd')}\x85R`));
    expect(verdict).toBe('incomplete');
    expect(findings.some(({ rule }) => rule === 'dangerous-call')).toBe(false);
  });
});
