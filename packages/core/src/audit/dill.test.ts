import { describe, expect, it } from 'vitest';
import { audit } from './index.js';
import { base64, global, pickle, text } from './rules/sample.js';

const verdictOf = async (opcodes: string): Promise<string> => (await audit(pickle(opcodes))).verdict;

const setattr = global('builtins', 'setattr');
const cls = `${global('dill._dill', '_create_type')}(${global('builtins', 'type')}${text('A')}${global('builtins', 'object')}\x85}tR`;
const cell = `${global('dill._dill', '_create_cell')}N\x85R`;
/** What dill writes: `getattr(dill._dill, '_setattr', setattr)`. */
const own = `${global('builtins', 'getattr')}${global('dill', '_dill')}${text('_setattr')}${setattr}\x87R`;

// dill 0.4.0, Python 3.11: a function that calls itself, out of `outer()`; and a class with a docstring.
const recursive = base64(
  'gASVqQEAAAAAAACMCmRpbGwuX2RpbGyUjBBfY3JlYXRlX2Z1bmN0aW9ulJOUKGgAjAxfY3JlYXRlX2NvZGWUk5QoQwCUSwFLAEsASwFLBEsTQzCVAZcAfABkAWsCAAAAAHICZAFuDQIAiQF8AGQCegoAAKYBAACrAQAAAAAAAAAAUwCUTksASwGHlCmMAW6UhZSMES9ob21lL21lL21vZGVsLnB5lIwDcmVjlIwSb3V0ZXIuPGxvY2Fscz4ucmVjlEsKQyD4gACYQZhxmkSYRJBxkHGgY6BjqCGoQakjoWikaNAQLpRoBWgLhZQpdJRSlGNfX2J1aWx0aW5fXwpfX21haW5fXwpoC05oAIwMX2NyZWF0ZV9jZWxslJOUToWUUpSFlHSUUpR9lH2UKIwPX19hbm5vdGF0aW9uc19flH2UjAxfX3F1YWxuYW1lX1+UaAx1hpRijAhidWlsdGluc5SMB2dldGF0dHKUk5SMBGRpbGyUjAVfZGlsbJSTlIwIX3NldGF0dHKUaB6MB3NldGF0dHKUk5SHlFKUaBSMDWNlbGxfY29udGVudHOUaBeHlFIwLg==',
);
const described = base64(
  'gASVLAIAAAAAAACMCmRpbGwuX2RpbGyUjAxfY3JlYXRlX3R5cGWUk5QoaACMCl9sb2FkX3R5cGWUk5SMBHR5cGWUhZRSlIwFUGxhaW6UaASMBm9iamVjdJSFlFKUhZR9lCiMCl9fbW9kdWxlX1+UjAhfX21haW5fX5SMB19fZG9jX1+UjAZBIGRvYy6UjAhfX2luaXRfX5RoAIwQX2NyZWF0ZV9mdW5jdGlvbpSTlChoAIwMX2NyZWF0ZV9jb2RllJOUKEMAlEsBSwBLAEsBSwJLA0MUlwBkAXwAXwAAAAAAAAAAAGQAUwCUTksBhpSMAXiUhZSMBHNlbGaUhZSMES9ob21lL21lL21vZGVsLnB5lGgSjA5QbGFpbi5fX2luaXRfX5RLBUMMgACYcZgEnAaYBpgGlGgXKSl0lFKUY19fYnVpbHRpbl9fCl9fbWFpbl9fCmgSTk50lFKUfZR9lCiMD19fYW5ub3RhdGlvbnNfX5R9lIwMX19xdWFsbmFtZV9flGgfdYaUYowBZpRoFChoFihoF0sBSwBLAEsBSwFLA0MQlwB8AGoAAAAAAAAAAABTAJROhZRoG2gchZRoHmgrjAdQbGFpbi5mlEsGQwiAAJgEnAaQHZRoFykpdJRSlGNfX2J1aWx0aW5fXwpfX21haW5fXwpoK05OdJRSlH2UfZQoaCd9lGgpaC91hpRidXSUUpSMCGJ1aWx0aW5zlIwHc2V0YXR0cpSTlGg6aCloCIeUUjAu',
);

describe('what dill sets', () => {
  it.each([
    ['a recursive function', recursive],
    ['a class', described],
  ])('in %s is carried code', async (_, file) => {
    expect((await audit(file)).verdict).toBe('unknown');
  });

  it.each([
    ['the name of a class it made', `${setattr}${cls}${text('__qualname__')}${text('A')}\x87R0N`],
    ['the content of a cell it made', `${own}${cell}${text('cell_contents')}K\x01\x87R0N`],
  ])('%s', async (_, opcodes) => {
    expect(await verdictOf(opcodes)).toBe('unknown');
  });

  it.each([
    ['on a class that is imported', `${setattr}${global('sklearn.svm._classes', 'SVC')}${text('fit')}N\x87R0N`],
    ['on a module', `${setattr}${global('sklearn', 'svm')}${text('SVC')}N\x87R0N`],
    ['with dill’s own function', `${own}${global('sklearn.svm._classes', 'SVC')}${text('fit')}N\x87R0N`],
    ['a class’s class', `${setattr}${cls}${text('__class__')}${cls}\x87R0N`],
    ['a name that is not said', `${setattr}${cls}${cell}N\x87R0N`],
    [
      'and then hands it on',
      `${setattr}q\x00${cls}${text('__qualname__')}${text('A')}\x87R0${global('builtins', 'map')}h\x00]]]\x87\x85R`,
    ],
    ['and then keeps it', `${setattr}q\x00${cls}${text('__qualname__')}${text('A')}\x87R0h\x00`],
    [
      'and then hands on dill’s own',
      `${own}q\x00${cell}${text('cell_contents')}K\x01\x87R0${global('builtins', 'map')}h\x00]\x86R`,
    ],
    ['and never calls it', setattr],
    ['and never calls dill’s own', own],
    ['a method that runs', `${setattr}${cls}q\x01${text('__setstate__')}${cell}\x87R0h\x01)\x81}b`],
    [
      'a name, of a class whose method runs',
      `${global('dill._dill', '_create_type')}(${global('builtins', 'type')}${text('A')}${global('builtins', 'object')}\x85}${text('__setstate__')}${cell}st` +
        `Rq\x01${setattr}h\x01${text('__qualname__')}${text('A')}\x87R0h\x01)\x81}b`,
    ],
  ])('%s is dangerous', async (_, opcodes) => {
    expect(await verdictOf(opcodes)).toBe('dangerous');
  });
});

describe('modules’ specifications', () => {
  const loader = `${global('_frozen_importlib_external', 'SourceFileLoader')}${text('a')}${text('/a.py')}\x86R`;
  it('are unknown where they are only made', async () => {
    expect(await verdictOf(loader)).toBe('unknown');
  });
  it('are dangerous where they load', async () => {
    expect(await verdictOf(`${global('builtins', 'getattr')}${loader}${text('load_module')}\x86R)R`)).toBe('dangerous');
    expect(await verdictOf(global('_frozen_importlib_external', 'SourceFileLoader.load_module'))).toBe('dangerous');
  });
});

describe('types that dill calls by a word', () => {
  const type = (word: string): string => `${global('dill._dill', '_load_type')}${text(word)}\x85R`;
  it.each(['slice', 'bytearray'])('%s is what builtins calls so', async (word) => {
    const { findings } = await audit(pickle(`${type(word)}K\x01\x85R`));
    expect(findings.filter(({ rule }) => rule === 'unknown-name')).toEqual([]);
  });
  it('eval is dangerous', async () => {
    expect(await verdictOf(`${type('eval')}${text('1')}\x85R`)).toBe('dangerous');
  });
});

describe('Keras models in pickles', () => {
  const unpack = global('keras.saving.pickle_utils', 'deserialize_model_from_bytecode');
  it.each([
    ['no archive', `${unpack}C\x04abcd\x85R`],
    ['no bytes', `${unpack}${text('model.keras')}\x85R`],
    ['nothing', unpack],
    ['another caller', `${global('builtins', 'map')}${unpack}]\x86R`],
  ])('of %s are dangerous', async (_, opcodes) => {
    expect(await verdictOf(opcodes)).toBe('dangerous');
  });
  it('are not clean where their bytes are broken off', async () => {
    expect(['incomplete', 'dangerous']).toContain(await verdictOf(`${unpack}C\x08PK\x03\x04abcd\x85R`));
  });
});
