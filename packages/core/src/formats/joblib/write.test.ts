import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../bytes/source.js';
import { PyDict, PyTuple, type PyValue } from '../../pickle/values.js';
import { joinPieces } from '../../pickle/write.js';
import { checkedArray } from '../../python/check.js';
import { parseDtype } from '../../python/dtype.js';
import { toTagged } from '../../python/json.js';
import type { NdArray } from '../../python/ndarray.js';
import { readPickleFile } from '../pickle/read.js';
import { joblibPieces, writeJoblib } from './write.js';

function array(type: string, shape: readonly number[], data?: PyValue[], fortran = false): NdArray {
  const dtype = parseDtype(type)!;
  const count = shape.reduce((a, b) => a * b, 1);
  const bytes = Uint8Array.from({ length: count * dtype.itemsize }, (_, i) => i % 120);
  return checkedArray(dtype, shape, fortran, data ?? bytes);
}

const read = async (bytes: Uint8Array): Promise<PyValue> => (await readPickleFile(new BufferSource(bytes))).value;

describe('joblib files', () => {
  it('begin every array at a multiple of 64', async () => {
    // Names of all lengths, so that every amount of padding is asked for.
    const value = PyDict.from(
      Array.from({ length: 200 }, (_, i) => ['n'.repeat(i % 67) + String(i), array('f8', [i + 1])]),
    );
    const bytes = writeJoblib(value);
    const back = (await read(bytes)) as PyDict;
    for (const held of back.values) {
      const { data } = held as NdArray;
      expect((data as Uint8Array).byteOffset % 64).toBe(bytes.byteOffset % 64);
    }
    expect(toTagged(back)).toEqual(toTagged(value));
  });

  it('keep shared arrays shared', async () => {
    const shared = array('f4', [3, 2], undefined, true);
    const [a, b] = (await read(writeJoblib([shared, shared]))) as NdArray[];
    expect(a).toBe(b);
    expect([a.shape, a.fortran]).toEqual([[3, 2], true]);
  });

  it.each([true, false])('hold arrays of every kind (mappable: %s)', async (mappable) => {
    const words = Array.from({ length: 100 }, (_, i) => (i % 3 ? `word ${i}` : null));
    const inner = array('i8', [2]);
    const value = new PyTuple([
      array('f8', []),
      array('f8', [0, 3]),
      array('S3', [2]),
      array('M8[ns]', [2]),
      array('O', [100], words),
      array('O', [2], [inner, [inner]]),
    ]);
    const bytes = writeJoblib(value, { mappable });
    expect(toTagged(await read(bytes))).toEqual(toTagged(value));
    expect(joinPieces([...joblibPieces(value, { mappable })])).toEqual(bytes);
  });
});
