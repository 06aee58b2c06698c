import { describe, expect, it } from 'vitest';
import { PyDict, PyFloat, PyGlobal, PyInstance, PySet, PyTuple, type PyValue } from '../pickle/values.js';
import { Dtype, NdArray, NumpyScalar } from '../python/ndarray.js';
import { PyDictInstance } from '../python/values.js';
import { sameInAllParts } from './same-parts.js';

const double = (order: '<' | '>' = '<'): Dtype => new Dtype('f', 8, order);
const array = (
  numbers: readonly number[],
  more: { dtype?: Dtype; shape?: number[]; fortran?: boolean } = {},
): NdArray =>
  new NdArray(
    more.dtype ?? double(),
    more.shape ?? [numbers.length],
    more.fortran ?? false,
    new Uint8Array(Float64Array.from(numbers).buffer),
  );

/** What a change is made to: a model with something of everything, two attributes being one object. */
interface Parts {
  name: string;
  made: 'new' | 'call';
  entries: [PyValue, PyValue][];
}

function parts(): Parts {
  const shared = array([1, 2, 3, 4]);
  return {
    name: 'Model',
    made: 'new',
    entries: [
      ['one', shared],
      ['two', shared],
      ['three', new PyFloat(-0)],
      ['four', new PyTuple([1, 'a', null, true, 2n ** 70n])],
      ['five', new PySet('set', [1, 2])],
      ['six', new NumpyScalar(double(), new Uint8Array(8))],
      ['seven', [new Uint8Array([1, 2]), new PyGlobal('m', 'n')]],
      ['eight', new NdArray(new Dtype('O', 8, '|'), [1], false, ['x'])],
    ],
  };
}

function model({ name, made, entries }: Parts): PyInstance {
  const value = new PyInstance(made, new PyGlobal('library', name), new PyTuple([]));
  value.state = PyDict.from(entries);
  return value;
}

const set =
  (key: string, value: PyValue) =>
  (p: Parts): void => {
    const entry = p.entries.find(([k]) => k === key)!;
    entry[1] = value;
  };

describe('sameInAllParts', () => {
  it('is true of what was made anew in the same way', async () => {
    expect(await sameInAllParts(model(parts()), model(parts()))).toBe(true);
  });

  it.each<[string, (p: Parts) => void]>([
    ['a class', (p) => (p.name = 'Other')],
    ['a way of making', (p) => (p.made = 'call')],
    ['an attribute more', (p) => p.entries.push(['nine', 1])],
    ['an attribute less', (p) => p.entries.pop()],
    ['an order', (p) => p.entries.reverse()],
    ['no sharing', set('two', array([1, 2, 3, 4]))],
    ['a sign of zero', set('three', new PyFloat(0))],
    ['an int for a float', set('three', 0)],
    ['an item', set('four', new PyTuple([1, 'b', null, true, 2n ** 70n]))],
    ['a list for a tuple', set('four', [1, 'a', null, true, 2n ** 70n])],
    ['a frozen set', set('five', new PySet('frozenset', [1, 2]))],
    ['a scalar', set('six', new NumpyScalar(double(), new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1])))],
    ['a byte', set('seven', [new Uint8Array([1, 3]), new PyGlobal('m', 'n')])],
    ['a name', set('seven', [new Uint8Array([1, 2]), new PyGlobal('m', 'o')])],
    ['an object in an array', set('eight', new NdArray(new Dtype('O', 8, '|'), [1], false, ['y']))],
    ['None for something', set('one', null)],
  ])('tells %s', async (_, change) => {
    const other = parts();
    change(other);
    expect(await sameInAllParts(model(parts()), model(other))).toBe(false);
    expect(await sameInAllParts(model(other), model(parts()))).toBe(false);
  });

  it.each<[string, NdArray]>([
    ['one bit', array([1, 2, 3, 4 + Number.EPSILON * 4])],
    ['a shape', array([1, 2, 3, 4], { shape: [2, 2] })],
    ['an order of memory', array([1, 2, 3, 4], { fortran: true })],
    ['an order of bytes', array([1, 2, 3, 4], { dtype: double('>') })],
    ['a type', array([1, 2, 3, 4], { dtype: new Dtype('i', 8, '<') })],
    ['a subclass', new NdArray(double(), [4], false, array([1, 2, 3, 4]).data, 'numpy.matrix')],
  ])('tells %s of an array', async (_, other) => {
    expect(await sameInAllParts(array([1, 2, 3, 4]), other)).toBe(false);
  });

  it('says nothing of classes that it does not know', async () => {
    const ordered = (): PyDict => new PyDictInstance(new PyGlobal('collections', 'OrderedDict'));
    expect(await sameInAllParts(ordered(), ordered())).toBe(false);
  });

  it('ends where objects hold themselves, and is not fooled by how', async () => {
    const ring = (length: number): PyValue[] => {
      const first: PyValue[] = [];
      let last = first;
      for (let i = 1; i < length; i++) last.push((last = []));
      last.push(first);
      return first;
    };
    expect(await sameInAllParts(ring(3), ring(3))).toBe(true);
    expect(await sameInAllParts(ring(3), ring(6))).toBe(false);
  });
});
