import { decompress, identify } from '@brine/core';
import { BufferSource } from '@brine/core/bytes';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileSource } from './file.js';
import { useNodeZlib } from './platform.js';

let folder = '';
const at = (...names: string[]): string => join(folder, ...names);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brine-'));
  mkdirSync(at('models', 'parts'), { recursive: true });
  writeFileSync(at('models', 'model.pkl'), 'the model');
  writeFileSync(at('models', 'model.pkl_01.npy'), 'a part');
  writeFileSync(at('models', 'parts', 'weights.bin'), 'weights');
  writeFileSync(at('secret'), 'secret');
  symlinkSync(at('secret'), at('models', 'out'));
  symlinkSync(at('models', 'model.pkl_01.npy'), at('models', 'within'));
  symlinkSync(folder, at('models', 'up'));
  symlinkSync(at('models', 'loop'), at('models', 'loop'));
  linkSync(at('models', 'model.pkl'), at('models', 'hard.pkl'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('fileSource', () => {
  it('reads a small file at once, from a path or a URL', async () => {
    for (const path of [at('models', 'model.pkl'), pathToFileURL(at('models', 'model.pkl'))]) {
      const source = await fileSource(path);
      expect(source.size).toBe(9);
      const bytes = await source.read(4, 5);
      expect(new TextDecoder().decode(bytes)).toBe('model');
      // A view on the file's own buffer, which typed arrays may be, too.
      expect(bytes.buffer.byteLength).toBe(9);
      expect(bytes.byteOffset).toBe(4);
    }
  });

  it('reads ranges of a file beyond 4 GiB', async () => {
    const path = at('big.bin');
    const size = 5 * 2 ** 30;
    writeFileSync(path, 'first');
    truncateSync(path, size);
    writeSync(openSync(path, 'r+'), new TextEncoder().encode('last!'), 0, 5, size - 5);
    const source = await fileSource(path);
    expect(source.size).toBe(size);
    expect(new TextDecoder().decode(await source.read(0, 5))).toBe('first');
    expect(new TextDecoder().decode(await source.read(size - 5, 5))).toBe('last!');
    await expect(source.read(size - 4, 5)).rejects.toMatchObject({ code: 'TRUNCATED' });
    expect(await source.siblings?.()).toContain('secret');
    // It has become shorter since.
    truncateSync(path, 100);
    await expect(source.read(size - 5, 5)).rejects.toMatchObject({ code: 'TRUNCATED' });
    await source.close?.();
  });

  it('says what is the matter with a path', async () => {
    await expect(fileSource(at('nothing'))).rejects.toThrow(/^there is no such file \(in .*nothing\)$/);
    await expect(fileSource(at('secret', 'below'))).rejects.toMatchObject({ code: 'READ' });
    await expect(fileSource(folder)).rejects.toThrow(/^it is a folder, not a file/);
    await expect(fileSource(at('models', 'loop'))).rejects.toThrow(/links lead in a circle/);
    await expect(fileSource(new URL('https://example.org/model.pkl'))).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    if (process.getuid?.() !== 0) {
      writeFileSync(at('locked'), 'x');
      chmodSync(at('locked'), 0);
      await expect(fileSource(at('locked'))).rejects.toThrow(/permission to read it is denied/);
    }
  });

  it('reads pipes to their end', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const writer = spawn('sh', ['-c', `printf 'through a pipe' > '${at('pipe')}'`]);
    const source = await fileSource(at('pipe'));
    expect(new TextDecoder().decode(await source.read(0, source.size))).toBe('through a pipe');
    writer.unref();
  });
});

describe('files beside a file', () => {
  const open = async (name: string): Promise<string | undefined> => {
    const source = await (await fileSource(at('models', 'model.pkl'))).sibling?.(name);
    return source === undefined ? undefined : new TextDecoder().decode(await source.read(0, source.size));
  };

  it('are found by name, also in folders below', async () => {
    expect(await open('model.pkl_01.npy')).toBe('a part');
    expect(await open('parts/weights.bin')).toBe('weights');
    expect(await open('within')).toBe('a part');
    expect(await open('model.pkl_02.npy')).toBeUndefined();
    expect(await open('model.pkl/below')).toBeUndefined();
    const main = await fileSource(at('models', 'within'));
    expect(await main.sibling?.('hard.pkl')).toBeDefined();
    await expect(main.sibling?.('hard.pkl', true)).rejects.toThrow(/a hard link: the file has 2 names/);
    expect(await (await fileSource(at('models', 'model.pkl'))).siblings?.()).toEqual([
      'hard.pkl',
      'loop',
      'model.pkl',
      'model.pkl_01.npy',
      'out',
      'up',
      'within',
    ]);
  });

  it('never lie elsewhere', async () => {
    for (const name of [
      '../secret',
      'parts/../../secret',
      at('secret'),
      '..\\secret',
      'C:\\secret',
      '',
      'a\0b',
      'out',
      'up/secret',
    ]) {
      await expect(open(name), name).rejects.toMatchObject({ code: 'READ' });
    }
    await expect(open('parts')).rejects.toThrow(/not a regular file/);
  });
});

describe('useNodeZlib', () => {
  it('tells the same of the beginning of a file', async () => {
    // A pickle of 200,000 bytes that nothing compresses, and one of zeros alone.
    const pickled = (content: Uint8Array): Uint8Array =>
      Buffer.concat([
        Buffer.from([0x80, 3, 0x42]),
        Buffer.from(Uint32Array.of(content.length).buffer),
        content,
        Buffer.from('q\0.'),
      ]);
    const noise = Uint8Array.from({ length: 200_000 }, (_, i) => Math.imul(i ^ (i >> 7), 2654435761) >>> 24);
    const files: Uint8Array[] = [];
    for (const pack of [gzipSync, deflateSync]) {
      for (const content of [noise, noise.subarray(0, 500), new Uint8Array(70_000_000)]) {
        const whole = pack(pickled(content));
        const damaged = Buffer.from(whole);
        damaged[300] ^= 0xff;
        files.push(whole, whole.subarray(0, 20_000), damaged);
      }
    }
    const told = (): Promise<unknown[]> =>
      Promise.all(files.map(async (bytes) => ({ ...(await identify(new BufferSource(bytes, 'model.gz'))) })));
    const own = await told();
    useNodeZlib();
    expect(await told()).toEqual(own);
    expect(own.map((identity) => (identity as { problem?: unknown }).problem !== undefined)).toContain(true);
    expect(own[0]).toMatchObject({ format: 'pickle', compression: ['gzip'] });
  });

  it('gives the same bytes, errors and limits', async () => {
    const content = new Uint8Array(100_000).map((_, i) => (i * i) >> 7);
    const gz = new Uint8Array(gzipSync(content));
    const twice = new Uint8Array([...gz, ...gz]);
    const bomb = new Uint8Array(gzipSync(new Uint8Array(80e6)));
    const outcomes = async (): Promise<unknown[]> =>
      Promise.all(
        [gz, twice, gz.subarray(0, 1000), bomb].map((bytes) =>
          decompress('gzip', bytes).then(
            (result) => Buffer.from(result).toString('base64'),
            (error: unknown) => (error instanceof Error ? error.message : 'no error'),
          ),
        ),
      );
    const own = await outcomes();
    useNodeZlib();
    expect(await outcomes()).toEqual(own);
    expect(own[0]).toBe(Buffer.from(content).toString('base64'));
    expect(own[2]).toMatch(/ends before its end/);
    expect(own[3]).toMatch(/limit expansion ratio/);
  });
});
