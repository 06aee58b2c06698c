import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { BrineError } from '@brine/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Batch } from '../batch.js';
import { readTable } from '../open.js';
import { type WriteBatch, openWriter, writeTable } from './index.js';
import { pythonFloat, shortestFloat32 } from './numbers.js';

/** What Python and pandas write (oracle/make_tables.py). */
const written = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../../../../fixtures/tables/written.json', import.meta.url)), 'utf8'),
) as { float64: [string, string][]; float32: [string, string][]; csv: string; tsv: string };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brine-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const mixed: WriteBatch = {
  names: ['f', 'i', 'b', 's', 'n', 'é'],
  types: ['float64', 'int64', 'bool', 'string', 'string', 'float64'],
  columns: [
    Float64Array.of(1, 0.1, NaN),
    Float64Array.of(1, -2, 3),
    [true, false, true],
    ['plain', 'with, comma', 'say "hi"'],
    ['two\nlines', null, ' space '],
    Float64Array.of(1e-5, 1e16, -Infinity),
  ],
  length: 3,
};

async function back(path: string): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of readTable(path)) batches.push(batch);
  return batches;
}

/** A batch in two halves, for what is written in pieces. */
function halves(batch: WriteBatch): WriteBatch[] {
  return [
    { ...batch, columns: batch.columns.map((c) => c.slice(0, 2)), length: 2 },
    { ...batch, columns: batch.columns.map((c) => c.slice(2)), length: batch.length - 2 },
  ] as WriteBatch[];
}

describe('numbers', () => {
  it('are written as Python does', () => {
    for (const [hex, text] of written.float64) expect(pythonFloat(Buffer.from(hex, 'hex').readDoubleLE())).toBe(text);
    for (const [hex, text] of written.float32) {
      // numpy lays some of them out otherwise; the digits count.
      expect(shortestFloat32(Buffer.from(hex, 'hex').readFloatLE())).toBe(Number(text));
    }
  });
});

describe('text formats', () => {
  it.each(['csv', 'tsv'] as const)('writes %s as pandas does, in one piece or several', async (format) => {
    for (const batches of [[mixed], halves(mixed)]) {
      const path = join(folder, `mixed.${format}`);
      await writeTable(path, batches);
      expect(readFileSync(path, 'utf8')).toBe(written[format]);
    }
  });

  it.each(['json', 'jsonl'])('writes %s that gives the table back', async (format) => {
    const path = join(folder, `mixed.${format}`);
    await writeTable(path, halves(mixed));
    const [batch] = await back(path);
    expect(batch.names).toEqual(mixed.names);
    expect(batch.columns).toEqual(mixed.columns);
  });

  it('keeps integers beyond 2^53, and says so in JSON without rounding', async () => {
    const path = join(folder, 'big.json');
    await writeTable(path, [
      { names: ['id', 'any'], columns: [BigInt64Array.of(9007199254740993n), [2n ** 60n + 1n]], length: 1 },
    ]);
    expect(readFileSync(path, 'utf8')).toBe('[\n{"id": 9007199254740993, "any": 1152921504606846977}\n]\n');
    expect((await back(path))[0].columns).toEqual([
      BigInt64Array.of(9007199254740993n),
      BigInt64Array.of(2n ** 60n + 1n),
    ]);
  });

  it('writes a missing value alone on its line so that it is read again', async () => {
    const path = join(folder, 'one.csv');
    await writeTable(path, [{ names: ['a'], columns: [['x', null, 'y']], length: 3 }]);
    expect((await back(path))[0].columns[0]).toEqual(['x', null, 'y']);
  });

  it('writes nothing as an empty array', async () => {
    const path = join(folder, 'none.json');
    await writeTable(path, []);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([]);
  });
});

describe('binary formats', () => {
  it('writes NPY: vectors, matrices, text', async () => {
    const path = join(folder, 'a.npy');
    await writeTable(
      path,
      halves({ names: ['p0', 'p1'], columns: [Float64Array.of(0.1, 2, NaN), Float64Array.of(1, 0, 1)], length: 3 }),
    );
    const [matrix] = await back(path);
    expect(matrix.columns).toEqual([Float64Array.of(0.1, 2, NaN), Float64Array.of(1, 0, 1)]);
    await writeTable(path, halves({ names: ['y'], columns: [['no', 'yes 😀', 'no']], length: 3 }));
    expect(readFileSync(path).toString('latin1')).toContain(
      "{'descr': '<U6', 'fortran_order': False, 'shape': (3,), }",
    );
    expect((await back(path))[0].columns).toEqual([['no', 'yes 😀', 'no']]);
    await writeTable(path, [{ names: ['y'], columns: [BigInt64Array.of(1n, -2n)], length: 2 }], { matrix: true });
    expect(readFileSync(path).toString('latin1')).toContain(
      "{'descr': '<i8', 'fortran_order': False, 'shape': (2, 1), }",
    );
    expect((await back(path))[0].columns).toEqual([Float64Array.of(1, -2)]);
    await writeTable(path, [{ names: ['y'], columns: [[true, false]], length: 2 }]);
    expect((await back(path))[0].columns).toEqual([[true, false]]);
  });

  it('writes NPZ with an array for each column', async () => {
    const path = join(folder, 'a.npz');
    await writeTable(
      path,
      halves({ names: ['label', 'score'], columns: [['a', 'b', 'c'], Float32Array.of(0.1, 0.2, 0.3)], length: 3 }),
    );
    const read = async (array: string): Promise<unknown> => {
      const { value } = await readTable(path, { array }).next();
      return value?.columns[0];
    };
    expect(await read('label')).toEqual(['a', 'b', 'c']);
    expect(await read('score')).toEqual(Float32Array.of(0.1, 0.2, 0.3));
  });

  it('writes Arrow files, and streams to standard output', async () => {
    const path = join(folder, 'a.arrow');
    await writeTable(path, halves(mixed));
    const batches = await back(path);
    expect(batches.map((b) => b.length)).toEqual([2, 1]);
    expect(batches[0].types).toEqual(mixed.types);
    expect(batches.flatMap((b) => b.columns[4])).toEqual(['two\nlines', null, ' space ']);
    const stdout = new PassThrough();
    const bytes: Buffer[] = [];
    stdout.on('data', (chunk: Buffer) => bytes.push(chunk));
    await writeTable('-', halves(mixed), { format: 'arrow', stdout });
    writeFileSync(path, Buffer.concat(bytes));
    expect((await back(path)).map((b) => b.length)).toEqual([2, 1]);
  });

  it('refuses what a format cannot hold', async () => {
    const path = join(folder, 'no.npy');
    const two = { names: ['a', 'b'], columns: [['x'], Float64Array.of(1)], length: 1 };
    await expect(writeTable(path, [two])).rejects.toThrow('an NPY file holds values of one type');
    await expect(writeTable(path, [{ names: ['a'], columns: [[null]], length: 1 }])).rejects.toThrow(BrineError);
    const grows = [Float64Array.of(1), Float64Array.of(1.5)].map((c, i) => ({
      names: ['a'],
      types: [i === 0 ? 'int64' : 'float64'] as const,
      columns: [c],
      length: 1,
    }));
    await expect(writeTable(path, grows)).rejects.toThrow('began as int64 goes on as float64');
    await expect(writeTable(join(folder, 'no.arrow'), grows)).rejects.toThrow('began as int64 and goes on as float64');
    await expect(writeTable(join(folder, 'no.parquet'), [two])).rejects.toThrow('Parquet is read, but not written');
    await expect(writeTable(join(folder, 'no.csv.gz'), [two])).rejects.toThrow('pipe it through gzip');
    await expect(writeTable(join(folder, 'no'), [two])).rejects.toThrow('which format');
    expect(readdirSync(folder).filter((name) => name.includes('no.'))).toEqual([]);
  });
});

describe('outputs', () => {
  it('appear at the end, and not at all after a failure', async () => {
    const path = join(folder, 'late.csv');
    writeFileSync(path, 'before');
    const writer = await openWriter(path);
    await writer.write(mixed);
    expect(readFileSync(path, 'utf8')).toBe('before');
    await writer.abort();
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder).filter((name) => name.startsWith('.late'))).toEqual([]);
    const failing = async function* (): AsyncGenerator<WriteBatch, void> {
      yield mixed;
      await Promise.reject(new BrineError('BAD_INPUT', 'row 4'));
    };
    for (const name of ['f.csv', 'f.json', 'f.npz', 'f.arrow']) {
      const target = join(folder, name);
      const numbers = (async function* () {
        for await (const batch of failing())
          yield name === 'f.csv' || name === 'f.json' ? batch : { ...batch, names: ['f'], columns: [batch.columns[0]] };
      })();
      await expect(writeTable(target, numbers)).rejects.toThrow('row 4');
      expect(existsSync(target)).toBe(false);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('.f.'))).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('keep the rights of the file that they replace', async () => {
    const target = join(folder, 'private.csv');
    writeFileSync(target, 'old', { mode: 0o600 });
    chmodSync(target, 0o640);
    const writer = await openWriter(target);
    await writer.write(mixed);
    await writer.finish();
    expect(statSync(target).mode & 0o777).toBe(0o640);
  });

  it('name what is wrong with a target', async () => {
    await expect(openWriter(join(folder, 'no', 'such', 'x.csv'))).rejects.toThrow('its folder does not exist');
    await expect(openWriter(folder, { format: 'csv' })).rejects.toThrow('the target is a folder');
  });

  it('stop quietly when the reader of standard output has gone', async () => {
    const stdout = new Writable({
      write(_chunk, _encoding, callback) {
        callback(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
      autoDestroy: false,
    });
    const writer = await openWriter('-', { stdout });
    await writer.write(mixed);
    expect(writer.closed).toBe(true);
    await writer.write(mixed);
    await writer.finish();
  });

  it('tell when standard output fails otherwise', async () => {
    const stdout = new Writable({
      write(_chunk, _encoding, callback) {
        callback(Object.assign(new Error('no room'), { code: 'ENOSPC' }));
      },
      autoDestroy: false,
    });
    await expect(writeTable('-', [mixed], { stdout })).rejects.toThrow('the disk is full');
  });
});
