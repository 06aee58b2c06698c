import { describe, expect, it } from 'vitest';
import { difference } from '../../runtime/expansion.testing.js';
import type { GraphBuilder, V } from '../builder.js';
import { float64, int64, strings, type Tensor } from '../tensor.js';

const texts = strings([6], ['b', null, 'unseen', 'a', 'ü', '']);
const numbers = float64([7], Float64Array.of(1, NaN, -0, 0, 7.5, Infinity, 2));
const any = (data: readonly unknown[]): Tensor => ({ dtype: 'object', shape: [data.length], data });

const lookup =
  (keys: Tensor, values: Tensor, otherwise: number | string | null | undefined) =>
  (g: GraphBuilder, [x]: readonly V[]): V =>
    g.own('Lookup', [x], { keys, values, otherwise, who: 'Test' }, { dtype: values.dtype, shape: x.shape });

describe('Lookup in ONNX operators', () => {
  it('finds text, missing and unknown ones', async () => {
    const build = lookup(any(['a', 'b', null, 'ü']), float64([4], Float64Array.of(0, 1, 2, 3)), -1);
    expect(await difference([texts], build)).toBeUndefined();
  });

  it('finds numbers: both zeros are one, and so is NaN', async () => {
    const build = lookup(
      float64([4], Float64Array.of(0, 1, NaN, 7.5)),
      float64([4], Float64Array.of(10, 11, 12, 13)),
      -1,
    );
    expect(await difference([numbers], build)).toBeUndefined();
  });

  it('answers with text, and with nothing for what is no key', async () => {
    const build = lookup(int64([2], [0, 1]), any(['no', 'yes']), null);
    expect(await difference([numbers], build)).toBeUndefined();
  });

  it('ends the run where an unknown value is refused', async () => {
    const build = lookup(strings([1], ['a']), int64([1], [0]), undefined);
    await expect(difference([strings([2], ['a', 'a'])], build)).resolves.toBeUndefined();
    await expect(difference([texts], build)).rejects.toThrow();
  });

  it('refuses what has no type in ONNX', async () => {
    const mixed = lookup(any(['a', 1]), int64([2], [0, 1]), -1);
    await expect(difference([texts], mixed)).rejects.toThrow(/ONNX cannot say Lookup exactly: among its categories is/);
    const answers = lookup(strings([2], ['a', 'b']), any(['a', 1]), null);
    await expect(difference([texts], answers)).rejects.toThrow(/text and numbers mixed/);
    const clash = lookup(any(['nan', null]), int64([2], [0, 1]), -1);
    await expect(difference([texts], clash)).rejects.toThrow(/"nan" is a category beside the missing value/);
  });
});

it('puts ones into columns, none for negative places', async () => {
  const places = (...data: number[]): Tensor => ({ dtype: 'int32', shape: [4], data: Int32Array.from(data) });
  const build = (g: GraphBuilder, [a, b]: readonly V[]): V =>
    g.own('OneHotSlots', [a, b], { width: 5 }, { dtype: 'float64', shape: [null, 5], layout: 'csr' });
  expect(await difference([places(0, 1, -1, 0), places(4, -1, -1, 2)], build)).toBeUndefined();
});

describe('FillMissing in ONNX operators', () => {
  const fill =
    (missing: string | number | null, value: string | number | null) =>
    (g: GraphBuilder, [x]: readonly V[]): V =>
      g.own('FillMissing', [x], { missing, fill: value }, { dtype: x.dtype, shape: x.shape });

  it('fills gaps in text', async () => {
    expect(await difference([texts], fill(null, 'most'))).toBeUndefined();
    expect(await difference([texts], fill('', 'empty'))).toBeUndefined();
    expect(await difference([texts], fill(-1, 'none'))).toBeUndefined();
  });

  it('refuses numbers among text', async () => {
    await expect(difference([texts], fill(null, 3))).rejects.toThrow(/a column of two types/);
  });
});
