import { describe, expect, it } from 'vitest';
import { collect } from '../../../bytes/compress.js';
import { BufferSource } from '../../../bytes/source.js';
import { openZip } from '../../../archive/zip.js';
import { PyDict, PyFloat, PyGlobal, PyInstance, PySet, PyTuple, type PyValue } from '../../../pickle/values.js';
import { checkedArray } from '../../../python/check.js';
import { parseDtype } from '../../../python/dtype.js';
import { Dtype } from '../../../python/ndarray.js';
import { toTagged } from '../../../python/json.js';
import { PyBoundMethod, PyComplex, PyPartial, PySlice } from '../../../python/values.js';
import { readSkopsFile } from '../read.js';
import { skopsFile, type SkopsWriteOptions } from './index.js';

const write = (value: PyValue, options: SkopsWriteOptions = {}): Promise<Uint8Array> =>
  skopsFile(value, options).then((file) => collect(file.chunks()));
const again = async (value: PyValue, options?: SkopsWriteOptions): Promise<PyValue> =>
  (await readSkopsFile(new BufferSource(await write(value, options)))).value;

const numbers = (count: number): PyValue =>
  checkedArray(
    parseDtype('f8')!,
    [count],
    false,
    Uint8Array.from({ length: 8 * count }, (_, i) => i % 11),
  );
const model = (state: PyValue): PyInstance => {
  const made = new PyInstance('new', new PyGlobal('sklearn.svm._classes', 'SVC'), new PyTuple([]));
  made.state = state;
  return made;
};

describe.each([0, 1, 2])('protocol %i', (protocol) => {
  const values: PyValue[] = [
    [null, true, false, 1, -5, 2n ** 70n, 1.5, new PyFloat(1), new PyFloat(-0), new PyFloat(Infinity), 'é"\n'],
    new PyTuple([]),
    [new PyTuple([1, new PyTuple([])]), new PyTuple([])],
    new PySet('set', [1, 'a']),
    PyDict.from([
      ['b', 1],
      [2, 'x'],
      [1.5, []],
    ]),
    new PySlice(1, null, 2),
    Uint8Array.of(1, 2),
    new PyPartial(new PyGlobal('numpy', 'log1p'), new PyTuple([1]), PyDict.from([['out', null]])),
    numbers(5),
    model(PyDict.from([['coef_', numbers(3)]])),
    model(new PyTuple([1])),
  ];
  it.each(values.map((value) => [value]))('%#', async (value) => {
    expect(toTagged(await again(value, { protocol, level: 6 }))).toEqual(toTagged(value));
  });
});

it('keeps what is shared, by its id alone', async () => {
  const shared = model(PyDict.from([['a', 'a text that is long']]));
  const bytes = await write([shared, shared, numbers(100), numbers(100)]);
  const archive = await openZip(new BufferSource(bytes));
  expect(archive.entries.map((e) => e.name)).toEqual(['0.npy', 'schema.json']);
  const [a, b, c, d] = (await readSkopsFile(new BufferSource(bytes))).value as PyValue[];
  expect(a).toBe(b);
  expect(c).not.toBe(d);
  expect(await write([shared, shared])).toEqual(await write([shared, shared]));
});

it('packs arrays ahead of the plan into the same file, and hears of what cannot be said', async () => {
  const arrays = Array.from({ length: 40 }, (_, i) => numbers(5000 + (i % 30)));
  const options = { level: 3 };
  expect(await write(arrays, { ...options, ahead: true })).toEqual(await write(arrays, options));
  await expect(write([new PyBoundMethod('x', 'y'), ...arrays], { ...options, ahead: true })).rejects.toMatchObject({
    code: 'UNSUPPORTED',
  });
});

it('stores equal records once, whichever dtype objects say what they are, and so when it is written again', async () => {
  const record = (fortran: boolean): PyValue =>
    checkedArray(
      new Dtype('V', 16, '|', {
        fields: ['a', 'b'].map((name, i) => ({ name, dtype: parseDtype('f8')!, offset: 8 * i })),
      }),
      [2],
      fortran,
      Uint8Array.from({ length: 32 }, (_, i) => i),
    );
  const bytes = await write([record(false), record(true)]);
  const archive = await openZip(new BufferSource(bytes));
  expect(archive.entries.map((e) => e.name)).toEqual(['0.npy', 'schema.json']);
  expect(await write((await readSkopsFile(new BufferSource(bytes))).value)).toEqual(bytes);
});

it.each<[string, PyValue]>([
  ['the key False', PyDict.from([[false, 1]])],
  ['the key None', PyDict.from([[null, 1]])],
  ['keys are neither', PyDict.from([[new PyTuple([1]), 1]])],
  [
    'two keys that read "1"',
    PyDict.from([
      [1, 1],
      ['1', 2],
    ]),
  ],
  ['cannot look up', new PyGlobal('a', 'B.C')],
  ['made with arguments', new PyInstance('new', new PyGlobal('a', 'B'), new PyTuple([1]))],
])('refuses what skops would lose: %s', async (why, value) => {
  await expect(again(value)).rejects.toThrow(why);
});

it('refuses circles, and names that nobody vouches for', async () => {
  const list: PyValue[] = [];
  list.push(list);
  await expect(again(list)).rejects.toThrow(/holds itself/);
  const vet = (name: PyGlobal): void => {
    if (name.module === 'os') throw new Error(`refused ${name.name}`);
  };
  const call = new PyInstance('call', new PyGlobal('os', 'system'), new PyTuple(['x']));
  await expect(again([call], { vet })).rejects.toThrow('refused system');
});

it('says more than skops itself where its loaders can', async () => {
  const value = [new PyComplex(1, -2), new PySet('frozenset', [1])];
  expect(toTagged(await again(value))).toEqual(toTagged(value));
});
