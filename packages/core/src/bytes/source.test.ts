import { describe, expect, it } from 'vitest';
import { SliceSource } from './slice.js';
import { BlobSource, BufferSource } from './source.js';

const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);

describe.each([
  ['bytes', new BufferSource(bytes)],
  ['a Blob', new BlobSource(new Blob([bytes]))],
  ['a part of bytes', new SliceSource(new BufferSource(Uint8Array.from([9, 9, ...bytes, 9])), 2, 100)],
])('%s', (_, source) => {
  it('gives the ranges it has', async () => {
    expect(source.size).toBe(100);
    expect([...(await source.read(10, 3))]).toEqual([10, 11, 12]);
    expect([...(await source.read(100, 0))]).toEqual([]);
    expect((await source.read(0, 100)).length).toBe(100);
  });

  it('refuses all others', async () => {
    for (const [offset, length] of [
      [0, 101],
      [100, 1],
      [-1, 5],
      [5, -1],
      [NaN, 1],
      [1, NaN],
      [2 ** 53, 2 ** 53],
    ]) {
      const read = async (): Promise<unknown> => source.read(offset, length);
      await expect(read(), `${offset} ${length}`).rejects.toMatchObject({ code: 'TRUNCATED' });
    }
  });
});

describe('sources', () => {
  it('are named after what they are', () => {
    expect(new BlobSource(new File([bytes], 'model.pkl')).name).toBe('model.pkl');
    expect(new BufferSource(bytes).name).toBe('(bytes)');
  });

  it('copy nothing that is in memory', async () => {
    expect((await new BufferSource(bytes).read(3, 4)).buffer).toBe(bytes.buffer);
    expect((await new SliceSource(new BufferSource(bytes), 1, 9).read(3, 4)).buffer).toBe(bytes.buffer);
  });

  it('say when a Blob is gone', async () => {
    const blob = new Blob([bytes]);
    blob.slice = (): Blob => {
      throw new Error('The file was moved');
    };
    await expect(new BlobSource(blob, 'x').read(0, 4)).rejects.toMatchObject({ code: 'READ', place: { file: 'x' } });
  });
});
