import { describe, expect, it } from 'vitest';
import { BrineError } from '../errors.js';
import { prepare, type ModelInput } from './input.js';

const refusal = (input: unknown): BrineError => {
  try {
    prepare(input as ModelInput, 'data');
  } catch (error) {
    if (error instanceof BrineError) return error;
    throw error;
  }
  throw new Error('was not refused');
};

describe('inputs', () => {
  it('serves equal types with one key, and tells different ones apart', () => {
    const table = (age: unknown[], city: unknown[]): string => prepare({ columns: { age, city } }, 'data').key;
    expect(table([1, 2], ['a', 'b'])).toBe(table([3], [null]).replace('float64', 'string') && table([3], ['c']));
    expect(table([1], ['a'])).not.toBe(table(['1'], ['a']));
    const dense = (shape: number[], data: number[]): string =>
      prepare({ dtype: 'float64', shape, data: Float64Array.from(data) }, 'data').key;
    expect(dense([1, 2], [1, 2])).toBe(dense([2, 2], [1, 2, 3, 4]));
    expect(dense([1, 2], [1, 2])).not.toBe(dense([1, 3], [1, 2, 3]));
  });

  it('does not copy typed arrays that are right already', () => {
    const data = Float64Array.of(1, 2, 3, 4);
    const [value] = prepare({ dtype: 'float64', shape: [2, 2], data }, 'data').values;
    expect(value && 'data' in value && value.data).toBe(data);
  });

  it('takes rows, records and documents for what they are', () => {
    expect(
      prepare(
        [
          [1, 2],
          [3, null],
        ],
        'data',
      ).key,
    ).toContain('tensor float64 2');
    expect(prepare([{ a: 1, b: 'x' }, { a: 2 }], 'data').names).toEqual(['a', 'b']);
    expect(prepare(['one', 'two'], 'list').key).toBe('list string');
    expect(prepare([['a'], ['a', 'b']], 'list').key).toBe('list object');
  });

  it('keeps missing numbers as NaN and missing text as null', () => {
    const { values } = prepare({ columns: { n: [1, null, undefined], s: ['a', null, undefined] } }, 'data');
    expect(values.map((v) => ('data' in v ? Array.from(v.data as ArrayLike<unknown>) : v))).toEqual([
      [1, NaN, NaN],
      ['a', null, null],
    ]);
  });

  it.each([
    [{ columns: {} }, 'no columns'],
    [{ columns: { a: [1, 2], b: [1] } }, '"b" has 1 values'],
    [{ shape: [2, 2], data: [1, 2, 3] }, 'has 4 values, the data has 3'],
    [{ shape: [-1], data: [] }, 'not a shape'],
    [{ dtype: 'float128', shape: [1], data: [1] }, 'float128 is not a dtype'],
    [{ shape: [1, 2], indptr: [0, 1], indices: [5], data: [1] }, 'column 5'],
    [{ shape: [2, 2], indptr: [0, 2, 1], indices: [0], data: [1] }, 'row'],
    [[[1, 2], [3]], 'row 1 has 1 values, the first has 2'],
    [[{ a: 1 }, 7], 'row 1 is not a record'],
    [42, 'an input is'],
    [{ rows: [] }, 'rows'],
  ])('refuses %j by name', (input, words) => {
    const error = refusal(input);
    expect(error.code).toBe('BAD_INPUT');
    expect(error.message).toContain(words);
  });
});
