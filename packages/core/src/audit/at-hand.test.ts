import { describe, expect, it } from 'vitest';
import { audit } from './index.js';
import { global, pickle, text } from './rules/sample.js';

const verdictOf = async (opcodes: string): Promise<string> => (await audit(pickle(opcodes))).verdict;
const rulesOf = async (opcodes: string): Promise<string[]> =>
  (await audit(pickle(opcodes))).findings.map(({ rule }) => rule);

/** A function of the file whose globals are `globals`. */
const made = (globals: string, more = 'N'): string =>
  `${global('dill._dill', '_create_function')}(N${globals}${text('f')}${more}NNtR`;
const system = global('posix', 'system');
const fn = made('}');
const word = text('id');

describe('what carried code has at hand', () => {
  it.each([
    ['a program’s runner among the globals', made(`}${text('run')}${system}s`)],
    ['a decorator among the globals', made(`}${text('wraps')}${global('functools', 'wraps')}s`)],
    ['the dict of its module, as dill says it', made(global('acme.models', '__dict__'))],
    ['the builtins, as dill says them', made(`}${text('__builtins__')}${global('builtins', '__dict__')}s`)],
    ['an evaluator as a default', made('}', `${global('builtins', 'eval')}\x85`)],
    [
      'a program’s runner that comes later',
      `}q\x01${global('dill._dill', '_setitems')}h\x01}${text('run')}${system}s\x86R0${made('h\x01')}`,
    ],
  ])('%s is carried code', async (_, opcodes) => {
    expect(await verdictOf(opcodes)).toBe('unknown');
    expect(await rulesOf(opcodes)).not.toContain('dangerous-name');
  });

  it('is told', async () => {
    const { findings } = await audit(pickle(made(`}${text('run')}${system}s`)));
    expect(findings.map(({ message }) => message)).toContain(
      'code in the file has posix.system at hand, which runs programs',
    );
  });

  it.each([
    ['called', `${fn}0${system}${word}\x85R`],
    ['called after it was put among globals', `${made(`}${text('run')}${system}q\x07s`)}0h\x07${word}\x85R`],
    ['kept beside the function', `${fn}${system}\x86`],
    ['kept in an object', `${fn}0${global('sklearn.svm._classes', 'SVC')})\x81}${text('C')}${system}sb`],
    ['handed on', `${fn}0${global('builtins', 'map')}${system}]${word}a\x86R`],
    ['handed on behind many', `${fn}0${global('builtins', 'map')}(${system}(${'K\x01'.repeat(400)}ltR`],
    ['put into a partial', `${fn}0${global('functools', 'partial')}${system}\x85R`],
    [
      'taken from the function’s own attributes',
      `${global('builtins', 'getattr')}${made(`}${text('run')}${system}s`)}${text('run')}\x86R`,
    ],
    [
      'taken from a class',
      `${global('builtins', 'getattr')}${global('dill._dill', '_create_type')}(${global('builtins', 'type')}${text('A')})}${text('run')}${system}stR${text('run')}\x86R`,
    ],
    [
      'put into a dict that is kept',
      `}q\x01${global('dill._dill', '_setitems')}h\x01}${text('run')}${system}s\x86R0h\x01`,
    ],
    ['before the file breaks off', `${fn}0${system}\xff`],
    [
      'a module’s dict, filled',
      `${fn}0${global('dill._dill', '_setitems')}${global('builtins', '__dict__')}}${text('len')}${fn}s\x86R`,
    ],
    ['a module’s dict, set item by item', `${fn}0${global('acme', '__dict__')}${text('len')}Ns`],
    [
      'a module’s dict, as the globals of a function that cloudpickle fills',
      `${global('cloudpickle.cloudpickle', '_function_setstate')}${made(global('acme', '__dict__'))}}}${text('__globals__')}}s\x86\x86R`,
    ],
    [
      'a library’s class, filled',
      `${fn}0${global('cloudpickle.cloudpickle', '_class_setstate')}${global('sklearn.svm._classes', 'SVC')}}${text('fit')}${fn}s}\x86\x86R`,
    ],
  ])('%s is dangerous', async (_, opcodes) => {
    expect(await verdictOf(opcodes)).toBe('dangerous');
  });
});

describe('a class that the file carries', () => {
  const cls = (name: string, value: string, base = '', meta = global('builtins', 'type')): string =>
    `${global('dill._dill', '_create_type')}(${meta}${text('A')}(${base}t}${text(name)}${value}stR`;
  const property = `${global('builtins', 'property')}${fn}\x85R`;
  const hooked = (name: string): string => `${cls(name, fn)})\x81`;

  it.each([
    ['append', `${hooked('append')}K\x01a`],
    ['extend', `${hooked('extend')}(K\x01K\x02e`],
    ['add', `${hooked('add')}(K\x01\x90`],
    ['__setitem__', `${hooked('__setitem__')}K\x01K\x02s`],
    ['__setitem__ of many', `${hooked('__setitem__')}(K\x01K\x02u`],
    ['__setstate__', `${hooked('__setstate__')}}b`],
    ['__getattr__', `${hooked('__getattr__')}}b`],
    ['__setstate__ of its base', `${cls('x', 'N', cls('__setstate__', fn))})\x81}b`],
    ['__hash__, as a key', `}${hooked('__hash__')}K\x01s`],
    ['__hash__, as one of many keys', `}(K\x01K\x01${hooked('__hash__')}K\x01u`],
    ['__hash__, in a set', `\x8f(${hooked('__hash__')}\x90`],
    ['__hash__, in a frozen set that is dropped', `(${hooked('__hash__')}\x910N`],
    ['__hash__, within a tuple', `}${hooked('__hash__')}\x85K\x01s`],
    ['__iter__', `${global('builtins', 'list')}${hooked('__iter__')}\x85R`],
    ['__del__', hooked('__del__')],
    ['__new__', hooked('__new__')],
    ['a property that is read', `${global('builtins', 'getattr')}${cls('x', property)})\x81${text('x')}\x86R`],
    ['a property that is set', `${cls('x', property)})\x81N}${text('x')}K\x01s\x86b`],
    ['__init_subclass__', cls('x', 'N', cls('__init_subclass__', fn))],
    ['__set_name__', cls('x', hooked('__set_name__'))],
    ['the metaclass’s __new__', cls('x', 'N', '', cls('__new__', fn, global('builtins', 'type')))],
  ])('runs its %s', async (_, opcodes) => {
    expect(await rulesOf(opcodes)).toContain('runs-carried-code');
    expect(await verdictOf(opcodes)).toBe('dangerous');
  });

  it.each([
    ['an item, without a method for it', `${cls('x', fn, global('builtins', 'list'))})\x81K\x01a`],
    ['a hash that is None', `}${cls('__hash__', 'N')})\x81K\x01s`],
    ['a property', `${cls('x', property)})\x81}${text('a')}K\x01sb`],
    ['a class method', cls('x', `${global('builtins', 'classmethod')}${fn}\x85R`)],
    ['a bound method', `${global('builtins', 'getattr')}${cls('x', fn)})\x81${text('x')}\x86R`],
    ['a metaclass that does nothing', cls('x', 'N', '', cls('x', fn, global('builtins', 'type')))],
    ['a way to be saved', `${cls('__reduce__', fn)})\x81}b`],
  ])('with %s runs nothing', async (_, opcodes) => {
    expect(await verdictOf(opcodes)).toBe('unknown');
  });

  it('with a property that runs programs is dangerous', async () => {
    expect(await verdictOf(cls('x', `${global('builtins', 'property')}${system}\x85R`))).toBe('dangerous');
  });
});

describe('what dill writes as text', () => {
  const call = (name: string, ...args: string[]): string =>
    `${global('dill._dill', name)}(${args.map(text).join('')}tR`;
  it.each(['Ellipsis', 'NotImplemented', 'range(0, 3)', 'range(3, -1, -1)'])('%s is data', async (word) => {
    expect(await verdictOf(call('_eval_repr', word))).not.toBe('dangerous');
  });
  it.each(['__import__("os")', 'range(0, exit())', 'Ellipsis if exit() else 1'])('%s is dangerous', async (word) => {
    expect(await verdictOf(call('_eval_repr', word))).toBe('dangerous');
  });
  const descriptor = (type: string, name: string, shown: string): string =>
    `${global('dill._dill', '_getattr')}${global('builtins', type)}${text(name)}${text(shown)}\x87R`;
  it('the method of a type is one', async () => {
    expect(await verdictOf(descriptor('str', 'upper', "<method 'upper' of 'str' objects>"))).not.toBe('dangerous');
  });
  it.each([
    ['another type', descriptor('str', 'system', "<method 'system' of 'os' objects>")],
    ['another name', descriptor('str', 'upper', "<method 'lower' of 'str' objects>")],
    ['more text', descriptor('str', 'upper', "<method 'upper' of 'str' objects>'+exit()")],
    ['hidden', descriptor('object', '__subclasses__', "<method '__subclasses__' of 'object' objects>")],
  ])('of %s is dangerous', async (_, opcodes) => {
    expect(await verdictOf(opcodes)).toBe('dangerous');
  });
});
