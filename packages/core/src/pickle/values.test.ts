import { expect, it } from 'vitest';
import { PyDict, PyFloat, PyTuple, type PyValue } from './values.js';

const t = (...items: PyValue[]): PyTuple => new PyTuple(items);
const bytes = (...items: number[]): Uint8Array => Uint8Array.from(items);

it('holds keys equal that Python holds equal, and keeps the first of them', () => {
  const dict = PyDict.from([
    [1, 'int'],
    [new PyFloat(1), 'float'],
    [true, 'bool'],
    ['1', 'text'],
    [2n ** 70n, 'big'],
    [new PyFloat(2 ** 70), 'big float'],
    [new PyFloat(-0), 'zero'],
    [false, 'false'],
  ]);
  expect(dict.keys).toEqual([1, '1', 2n ** 70n, new PyFloat(-0)]);
  expect(dict.values).toEqual(['bool', 'text', 'big float', 'false']);
});

it('finds tuples and bytes by content', () => {
  const dict = PyDict.from([
    [t(1, 'a', t(bytes(1, 2), null)), 'x'],
    [bytes(1, 2), 'y'],
    [t(), 'empty'],
  ]);
  expect(dict.get(t(new PyFloat(1), 'a', t(bytes(1, 2), null)))).toBe('x');
  expect(dict.get(t(true, 'a', t(bytes(1, 2), null)))).toBe('x');
  expect(dict.get(bytes(1, 2))).toBe('y');
  expect(dict.get(t())).toBe('empty');
  expect(dict.has(t(1, 'a', t('12', null)))).toBe(false);
  expect(dict.has('1,2')).toBe(false);
  // what joins to the same text is not the same
  expect(PyDict.from([[t('a,s1:b'), 1]]).has(t('a', 'b'))).toBe(false);
  expect(PyDict.from([[t(null), 1]]).has(t('null'))).toBe(false);
});

it('keeps NaN keys apart unless they are one object', () => {
  const nan = new PyFloat(NaN);
  const dict = PyDict.from([
    [nan, 1],
    [new PyFloat(NaN), 2],
  ]);
  expect(dict.size).toBe(2);
  expect(dict.get(nan)).toBe(1);
});

it('settles late, and may be written to afterwards', () => {
  const dict = new PyDict();
  dict.setPairs(['a', 1, 'b', 2], 0, 4);
  dict.setPairs(['a', 3], 0, 2);
  dict.set('c', 4);
  expect([...dict.entries()]).toEqual([
    ['a', 3],
    ['b', 2],
    ['c', 4],
  ]);
  dict.setPairs(['b', 5, '__proto__', 6], 0, 4);
  expect(dict.get('b')).toBe(5);
  expect(dict.get('__proto__')).toBe(6);
  expect(dict.get('constructor')).toBeUndefined();
  const other = new PyDict();
  other.set('x', 1);
  expect(other.size).toBe(1);
});

it('takes tuples that share their parts a thousand levels deep', () => {
  const doubled = (leaf: PyValue): PyTuple => {
    let tuple = t(leaf);
    for (let i = 0; i < 1000; i++) tuple = t(tuple, tuple);
    return tuple;
  };
  const dict = PyDict.from([[doubled(1), 'found']]);
  expect(dict.get(doubled(1))).toBe('found');
  expect(dict.get(doubled(2))).toBeUndefined();
});
