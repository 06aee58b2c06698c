import { describe, expect, it } from 'vitest';
import { Dtype, NdArray } from './ndarray.js';
import { elements, fieldArray, fieldColumn, toFloat64, toInt64, toIntegers, toStrings, toTyped } from './elements.js';

const f8 = new Dtype('f', 8, '<');
const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

describe('toFloat64', () => {
  it('is a view on aligned float64 in C order, and a copy otherwise', () => {
    const bytes = bytesOf(Float64Array.of(1, 2, 3, 4));
    const view = toFloat64(new NdArray(f8, [2, 2], false, bytes));
    expect(view.buffer).toBe(bytes.buffer);
    const shifted = new Uint8Array(33);
    shifted.set(bytes, 1);
    const copy = toFloat64(new NdArray(f8, [4], false, shifted.subarray(1)));
    expect([...copy]).toEqual([1, 2, 3, 4]);
    // Node's Buffer slices are views, which would keep the misalignment.
    expect([...toFloat64(new NdArray(f8, [4], false, Buffer.from(shifted.buffer, 1, 32)))]).toEqual([1, 2, 3, 4]);
  });

  it('puts Fortran order into C order in any number of dimensions', () => {
    // numpy: np.arange(24.).reshape(2,3,4).tobytes('F')
    const c = Float64Array.from({ length: 24 }, (_, i) => i);
    const f = new Float64Array(24);
    for (let i = 0; i < 2; i++)
      for (let j = 0; j < 3; j++) for (let k = 0; k < 4; k++) f[i + 2 * j + 6 * k] = 12 * i + 4 * j + k;
    expect(toFloat64(new NdArray(f8, [2, 3, 4], true, bytesOf(f)))).toEqual(c);
    expect([...toTyped(new NdArray(new Dtype('u', 1, '|'), [2, 2], true, Uint8Array.of(1, 2, 3, 4)))]).toEqual([
      1, 3, 2, 4,
    ]);
  });

  it('swaps big-endian numbers, also inside records', () => {
    const big = new Uint8Array(8);
    new DataView(big.buffer).setFloat64(0, 2.5, false);
    expect([...toFloat64(new NdArray(new Dtype('f', 8, '>'), [1], false, big))]).toEqual([2.5]);
    const record = new Dtype('V', 10, '|', {
      fields: [
        { name: 'a', dtype: new Dtype('u', 2, '>'), offset: 0 },
        { name: 'b', dtype: new Dtype('f', 8, '>'), offset: 2 },
      ],
    });
    const array = new NdArray(record, [1], false, Uint8Array.of(1, 2, ...big));
    expect([...fieldColumn(array, 'a')]).toEqual([0x102]);
    expect([...fieldColumn(array, 'b')]).toEqual([2.5]);
    expect(elements(array)).toMatchObject([{ kind: 'tuple', items: [0x102, 2.5] }]);
  });

  it('refuses text, complex and longdouble', () => {
    expect(() => toFloat64(new NdArray(new Dtype('U', 4, '<'), [1], false, new Uint8Array(4)))).toThrow(/<U1/);
    expect(() => toFloat64(new NdArray(new Dtype('c', 16, '<'), [1], false, new Uint8Array(16)))).toThrow(/<c16/);
    expect(() => toFloat64(new NdArray(new Dtype('f', 16, '<'), [1], false, new Uint8Array(16)))).toThrow(/longdouble/);
  });
});

describe('integers', () => {
  it('are exact or refused', () => {
    const data = BigInt64Array.of(5n, -7n, -(2n ** 53n) + 1n);
    const i8 = new Dtype('i', 8, '<');
    expect([...toIntegers(new NdArray(i8, [3], false, bytesOf(data)))]).toEqual([5, -7, -Number.MAX_SAFE_INTEGER]);
    expect(() => toIntegers(new NdArray(i8, [1], false, bytesOf(BigInt64Array.of(2n ** 53n))))).toThrow(
      /9007199254740992/,
    );
    expect(elements(new NdArray(i8, [1], false, bytesOf(BigInt64Array.of(2n ** 53n))))).toEqual([2n ** 53n]);
    const u8 = new Dtype('u', 8, '<');
    expect(() => toInt64(new NdArray(u8, [1], false, bytesOf(BigUint64Array.of(2n ** 63n))))).toThrow(
      /9223372036854775808/,
    );
    expect([...toIntegers(new NdArray(u8, [1], false, bytesOf(BigUint64Array.of(2n ** 32n + 3n))))]).toEqual([
      2 ** 32 + 3,
    ]);
  });
});

describe('text', () => {
  it('reads U and S without their filling, and refuses what is no character', () => {
    const u3 = new Dtype('U', 12, '<');
    expect(toStrings(new NdArray(u3, [2], false, bytesOf(Uint32Array.of(0x61, 0x1f600, 0, 0x62, 0, 0x63))))).toEqual([
      'a😀',
      'b\0c',
    ]);
    expect(() => toStrings(new NdArray(u3, [1], false, bytesOf(Uint32Array.of(0x110000, 0, 0))))).toThrow(/0x110000/);
    expect(toStrings(new NdArray(new Dtype('S', 2, '|'), [2], false, Uint8Array.of(97, 0, 0xe9, 98)))).toEqual([
      'a',
      'éb',
    ]);
  });
});

describe('fields', () => {
  it('are copied out by name, also as sub-arrays of a Fortran-ordered array', () => {
    const dtype = new Dtype('V', 3, '|', {
      fields: [
        { name: 'x', dtype: new Dtype('u', 1, '|'), offset: 0 },
        {
          name: 'y',
          dtype: new Dtype('V', 2, '|', { subarray: { base: new Dtype('u', 1, '|'), shape: [2] } }),
          offset: 1,
        },
      ],
    });
    // C order would be records 0 2 1 3.
    const bytes = Uint8Array.of(0, 10, 11, 1, 20, 21, 2, 30, 31, 3, 40, 41);
    const array = new NdArray(dtype, [2, 2], true, bytes);
    expect([...fieldColumn(array, 'x')]).toEqual([0, 2, 1, 3]);
    expect(fieldArray(array, 'y').shape).toEqual([2, 2, 2]);
    expect([...fieldColumn(array, 'y')]).toEqual([10, 11, 30, 31, 20, 21, 40, 41]);
    expect(() => fieldColumn(array, 'z')).toThrow(/no field "z" \(it has: x, y\)/);
  });
});
