import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { LazyBytes } from '../../bytes/lazy.js';
import { BufferSource, type Source } from '../../bytes/source.js';
import { PyDict } from '../../pickle/values.js';
import { toFloat64 } from '../../python/elements.js';
import { NdArray } from '../../python/ndarray.js';
import { loadLazy, readPickleFile } from '../pickle/read.js';

const fixture = fileURLToPath(new URL('../../../../../fixtures/joblib/1.6.0-raw.joblib', import.meta.url));

/** A file that is mostly holes: `pieces` of bytes at their offsets, zeros between. Counts what is read. */
class SparseSource implements Source {
  readonly name = 'sparse.joblib';
  readonly size: number;
  readonly #pieces: readonly [number, Uint8Array][];
  bytesRead = 0;
  constructor(size: number, pieces: readonly [number, Uint8Array][]) {
    this.size = size;
    this.#pieces = pieces;
  }
  read(offset: number, length: number): Promise<Uint8Array> {
    this.bytesRead += length;
    const out = new Uint8Array(length);
    for (const [at, bytes] of this.#pieces) {
      const from = Math.max(at, offset);
      const to = Math.min(at + bytes.length, offset + length);
      if (from < to) out.set(bytes.subarray(from - at, to - at), from - offset);
    }
    return Promise.resolve(out);
  }
}

/** One byte per character. */
const raw = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** What joblib writes before the bytes of a float64 array of shape (count,), with the padding since 1.2. */
function wrapper(count: number, padding: number): Uint8Array {
  const size = String.fromCharCode(...new Uint8Array(BigInt64Array.of(BigInt(count)).buffer));
  return raw(
    'cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(' +
      'Vsubclass\ncnumpy\nndarray\nVorder\nVC\nVallow_mmap\n\x88Vnumpy_array_alignment_bytes\nK\x10' +
      `Vshape\n\x8a\x08${size}\x85` +
      'Vdtype\ncnumpy\ndtype\n(Vf8\n\x89\x88tR(K\x03V<\nNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbub' +
      String.fromCharCode(padding) +
      '\xff'.repeat(padding),
  );
}

describe('a joblib file larger than memory', () => {
  it('opens by reading a little of it, and reads arrays when they are asked for', async () => {
    const count = 2 ** 27;
    const start = Uint8Array.of(0x80, 2, 0x5d, 0x28, ...wrapper(count, 0));
    const middle = Uint8Array.of(...wrapper(3, 2), ...new Uint8Array(Float64Array.of(1, 2, 3).buffer));
    const end = Uint8Array.of(0x4b, 7, 0x65, 0x2e);
    const dataAt = start.length;
    const middleAt = dataAt + count * 8;
    const source = new SparseSource(middleAt + middle.length + end.length, [
      [0, start],
      [dataAt + (count - 1) * 8, new Uint8Array(Float64Array.of(42).buffer)],
      [middleAt, middle],
      [middleAt + middle.length, end],
    ]);
    expect(source.size).toBeGreaterThan(2 ** 30);

    const file = await readPickleFile(source);
    expect(source.bytesRead).toBeLessThan(1 << 20);
    const [big, small, last] = file.value as [NdArray, NdArray, number];
    expect(big.shape).toEqual([count]);
    expect(big.data).toBeInstanceOf(LazyBytes);
    expect(file.lazy).toEqual([big.data]);
    expect([...toFloat64(small)]).toEqual([1, 2, 3]);
    expect(last).toBe(7);
    expect(() => toFloat64(big)).toThrow(/has not been read/);
  });

  it('gives the arrays after loadLazy', async () => {
    const count = 9_000_000;
    const start = Uint8Array.of(0x80, 2, ...wrapper(count, 0));
    const source = new SparseSource(start.length + count * 8 + 1, [
      [0, start],
      [start.length + (count - 1) * 8, Uint8Array.of(...new Uint8Array(Float64Array.of(42).buffer), 0x2e)],
    ]);
    const file = await readPickleFile(source);
    expect(source.bytesRead).toBeLessThan(1 << 20);
    await loadLazy(file.lazy);
    expect(toFloat64(file.value as NdArray).at(-1)).toBe(42);
  });
});

describe('a joblib file in memory', () => {
  it('gives views on its own bytes, aligned since 1.2', async () => {
    const bytes = new Uint8Array(readFileSync(fixture));
    const { value, lazy } = await readPickleFile(new BufferSource(bytes));
    const array = (value as PyDict).get('floats') as NdArray;
    expect(lazy).toEqual([]);
    expect((array.data as Uint8Array).buffer).toBe(bytes.buffer);
    expect(toFloat64(array).buffer).toBe(bytes.buffer);
    expect([...toFloat64(array)]).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });
});
