import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BrineError } from '../errors.js';
import { adler32, crc32, crc64, xxh32, xxh64Low } from './checksums.js';
import { type Codec, decompress, decompressBytes, decompressHead, sniffCompression } from './decompress.js';
import { ExpansionBudget } from './expansion.js';
import { sha256 } from './sha256.js';
import { BufferSource } from './source.js';

const folder = new URL('../../../../fixtures/bytes/', import.meta.url);
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

interface Case {
  readonly file: string;
  readonly codec: Codec;
  readonly size: number;
  readonly sha256: string;
}
const cases = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as Case[];
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A small deterministic generator, so that a failure can be run again. */
function random(seed: number): () => number {
  let x = seed;
  return () => {
    x = (Math.imul(x, 1103515245) + 12345) & 0x7fffffff;
    return x / 0x80000000;
  };
}

/** What decompressing ends in: an error must be a BrineError. */
function outcome(codec: Codec, bytes: Uint8Array): BrineError | Uint8Array {
  try {
    return decompressBytes(codec, bytes);
  } catch (error) {
    if (error instanceof BrineError) return error;
    throw error;
  }
}

function failure(codec: Codec, bytes: Uint8Array): BrineError {
  const end = outcome(codec, bytes);
  if (!(end instanceof BrineError)) throw new Error(`${codec}: no error`);
  return end;
}

describe('decompress', () => {
  it('has files of every codec', () => {
    expect(new Set(cases.map((c) => c.codec)).size).toBe(9);
    expect(readdirSync(folder).length).toBeGreaterThan(100);
  });

  it.each(cases)('reads $file as the tool that wrote it', async ({ file, codec, size, sha256: expected }) => {
    const bytes = await decompress(codec, new BufferSource(read(file), file));
    expect(bytes.length).toBe(size);
    expect(digest(bytes)).toBe(expected);
  });

  // joblib, too, knows .lzma files only by the usual properties.
  it.each(cases.filter((c) => c.codec !== 'deflate' && c.file !== 'small-dict.lzma'))(
    'knows $file by its first bytes',
    ({ file, codec }) => {
      expect(sniffCompression(read(file).subarray(0, 64))).toBe(codec);
    },
  );

  it('takes other files for none of them', () => {
    for (const text of ['', 'x', 'xyz and more text', 'BZ', '[1, 2]', ']q\0.', 'ZF is short for', '\x80\x04\x95']) {
      expect(sniffCompression(new TextEncoder().encode(text))).toBeUndefined();
    }
  });

  it('answers the beginning of a file without reading all of it', async () => {
    for (const { file, codec, size } of cases) {
      const source = new BufferSource(read(file), file);
      const whole = await decompress(codec, source);
      const { bytes, problem } = await decompressHead(codec, source, 1000);
      expect(problem, file).toBeUndefined();
      expect(bytes.length, file).toBe(Math.min(1000, size));
      expect(digest(bytes), file).toBe(digest(whole.subarray(0, 1000)));
    }
  });

  it('answers the beginning of a cut file, with the problem', async () => {
    for (const codec of ['zlib', 'gzip', 'xz', 'lzma', 'lz4'] as const) {
      const whole = read(`64k.${codec}`);
      const cut = new BufferSource(whole.subarray(0, whole.length >> 1), 'cut');
      const { bytes, problem } = await decompressHead(codec, cut, 65536);
      expect(problem?.code, codec).toBe('TRUNCATED');
      expect(bytes.length, codec).toBeGreaterThan(10_000);
    }
  });
});

describe('damaged files', () => {
  const small = cases.filter(({ file }) => read(file).length < 4000);

  it('end in TRUNCATED at every prefix, or in the whole content', () => {
    for (const { file, codec, sha256: expected } of small) {
      const whole = read(file);
      for (let n = 0; n < whole.length; n += n < 150 ? 1 : 13) {
        const end = outcome(codec, whole.subarray(0, n));
        if (end instanceof BrineError) expect(end.code, `${file} ${n}`).toBe('TRUNCATED');
        // Members may follow each other, padding may be cut: what is answered is then a beginning.
        else if (!/members|streams|frames|padded|trailing|legacy/.test(file))
          expect(digest(end), `${file} ${n}`).toBe(expected);
      }
    }
  });

  it('are never answered as another content where the format has a checksum', () => {
    const next = random(20261121);
    const checked = new Set(['zlib', 'gzip', 'bz2', 'xz', 'zf']);
    let refused = 0;
    for (const { file, codec, sha256: expected } of small) {
      const whole = read(file);
      for (let round = 0; round < 25; round++) {
        const bytes = whole.slice();
        for (let flips = 1 + Math.floor(next() * 3); flips > 0; flips--) {
          bytes[Math.floor(next() * bytes.length)] ^= 1 << Math.floor(next() * 8);
        }
        const end = outcome(codec, bytes);
        if (end instanceof BrineError) refused++;
        else if (checked.has(codec) && !/none|members|streams|trailing/.test(file)) {
          expect(digest(end), `${file} round ${round}`).toBe(expected);
        }
      }
    }
    expect(refused).toBeGreaterThan(800);
  });

  it('say where and what', () => {
    const gz = read('text.gzip');
    gz[gz.length - 6] ^= 1;
    expect(failure('gzip', gz).message).toMatch(/CRC-32 is 0x[0-9a-f]+, but 0x[0-9a-f]+ was stored.*at byte \d+/);
    expect(failure('gzip', read('text.zlib'))).toMatchObject({ code: 'CORRUPT', place: { offset: 0 } });
    expect(failure('zlib', read('text.zlib').subarray(0, 50))).toMatchObject({
      code: 'TRUNCATED',
      place: { offset: 50 },
    });
    const delta = read('text.xz');
    // The filter of the only block, with the header's checksum mended.
    delta[14] = 0x04;
    new DataView(delta.buffer).setUint32(20, crc32(delta, 12, 20), true);
    expect(failure('xz', delta).message).toMatch(/the xz filter BCJ x86/);
  });
});

describe('bombs', () => {
  const lz4Bomb = (): Uint8Array => {
    const once = read('bomb.lz4');
    const block = once.subarray(7, once.length - 4);
    const bomb = new Uint8Array(7 + 64 * block.length + 4);
    bomb.set(once.subarray(0, 7));
    for (let i = 0; i < 64; i++) bomb.set(block, 7 + i * block.length);
    return bomb;
  };
  const bombs: [string, Codec, () => Uint8Array][] = [
    ['gzip', 'gzip', () => new Uint8Array(gzipSync(new Uint8Array(64e6)))],
    ['deflate', 'deflate', () => new Uint8Array(deflateRawSync(new Uint8Array(64e6)))],
    ['bzip2', 'bz2', () => read('bomb.bz2')],
    ['xz', 'xz', () => read('bomb.xz')],
    ['lzma', 'lzma', () => read('bomb.lzma')],
    ['lz4', 'lz4', lz4Bomb],
    ['zstd', 'zstd', () => read('bomb.zstd')],
  ];

  it.each(bombs)('of %s end at the ratio', (_, codec, bytes) => {
    const error = failure(codec, bytes());
    expect(error.code).toBe('LIMIT');
    expect(error.message).toMatch(/compressed bytes expand to .*200/);
  });

  it('may be let through by who knows the file', async () => {
    const budget = new ExpansionBudget({ ratio: 1e7 });
    const bytes = await decompress('bz2', read('bomb.bz2'), new ExpansionBudget({ ratio: 1e7, member: 2 ** 29 }));
    expect(bytes.length).toBe(2 ** 28);
    expect(budget.limits.member).toBe(2 ** 30);
  });

  it('count against one total', async () => {
    const budget = new ExpansionBudget({ total: 100_000 });
    await decompress('gzip', read('64k.gzip'), budget);
    await expect(decompress('gzip', read('64k.gzip'), budget)).rejects.toMatchObject({ code: 'LIMIT' });
  });

  it('that announce a size allocate nothing', () => {
    const lzma = read('known-size.lzma');
    lzma.set([0, 0, 0, 0, 0, 1, 0, 0], 5);
    expect(failure('lzma', lzma).message).toMatch(/of 3000 bytes that announce 1099511627776/);
  });
});

describe('checksums', () => {
  const bytes = new TextEncoder().encode('123456789');

  it('are those of their catalogues', () => {
    expect(crc32(bytes)).toBe(0xcbf43926);
    expect(crc64(bytes)).toEqual([0xdf1939fa, 0x995dc9bb]);
    expect(adler32(bytes)).toBe(0x091e01de);
    expect(xxh32(bytes)).toBe(0x937bad67);
    expect(xxh64Low(bytes)).toBe(Number(0x8cb841db40e6ae83n & 0xffffffffn));
  });

  it('are those of the platform at every length', () => {
    const data = new Uint8Array(300).map((_, i) => (i * 37) & 255);
    for (let n = 0; n < data.length; n++) {
      const part = data.subarray(0, n);
      expect(Buffer.from(sha256(part)).toString('hex')).toBe(digest(part));
    }
  });
});
