import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BrineError } from '@brine/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenOptions, readTable } from './open.js';

const fixtures = fileURLToPath(new URL('../../../../fixtures/tables/', import.meta.url));
const small = readdirSync(fixtures).filter((name) => !name.endsWith('expected.json') && name !== 'written.json');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'brine-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const optionsOf = (name: string): OpenOptions => (name === 'two.npz' ? { array: 'X' } : {});

/** Rows read, or the code of the BrineError; any other error fails the test. */
async function outcome(path: string, options: OpenOptions): Promise<number | string> {
  let rows = 0;
  try {
    for await (const batch of readTable(path, options)) {
      for (const values of batch.columns) expect(values.length).toBe(batch.length);
      rows += batch.length;
    }
    return rows;
  } catch (error) {
    if (error instanceof BrineError) return error.code;
    throw new Error(`not a BrineError for ${path}: ${String(error)}`, { cause: error });
  }
}

/** A linear congruential generator: the same bytes in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Some 80 prefixes of a file: all of a small one, else spread over it with its last bytes. */
function prefixes(length: number): number[] {
  const step = Math.max(1, Math.ceil(length / 60));
  const all = new Set<number>();
  for (let n = 0; n < length; n += step) all.add(n);
  for (let n = Math.max(0, length - 20); n < length; n++) all.add(n);
  return [...all];
}

describe('damaged files end in rows or in a BrineError', () => {
  it.each(small)('%s', async (name) => {
    const bytes = readFileSync(fixtures + name);
    const path = join(folder, name);
    const whole = await outcome(fixtures + name, optionsOf(name));
    for (const length of prefixes(bytes.length)) {
      writeFileSync(path, bytes.subarray(0, length));
      const rows = await outcome(path, optionsOf(name));
      // Text may be cut where it still is text; formats with an end must notice.
      if (typeof whole === 'number' && /\.(parquet|feather|arrows|npy|npz|gz)$/.test(name))
        expect(rows).toBeTypeOf('string');
    }
    const next = random(bytes.length);
    for (let i = 0; i < 15; i++) {
      const mutated = Buffer.from(bytes);
      for (let n = 1 + next(3); n > 0; n--) mutated[next(mutated.length)] = next(256);
      writeFileSync(path, mutated);
      await outcome(path, optionsOf(name));
    }
  });
});

describe('chunks', () => {
  it.each(small.filter((name) => /\.(csv|tsv|jsonl?|arrows|feather)$/.test(name) && !name.startsWith('nested')))(
    '%s reads the same in pieces through a pipe',
    async (name) => {
      const bytes = readFileSync(fixtures + name);
      const options = name.startsWith('latin1') ? { encoding: 'windows-1252' } : {};
      const read = async (path: string, more: OpenOptions): Promise<unknown> => {
        const batches: unknown[] = [];
        // A pipe has no name to go by.
        const format = name.endsWith('.tsv') ? ({ format: 'tsv' } as const) : {};
        for await (const { names, types, columns, firstRow } of readTable(path, { ...options, ...format, ...more })) {
          batches.push({ names, types, columns, firstRow });
        }
        return batches;
      };
      const expected = await read(fixtures + name, {}).catch((error: unknown) => (error as BrineError).code);
      for (const size of [1, 3, 64]) {
        const pieces = async function* (): AsyncGenerator<Uint8Array, void> {
          for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
        };
        expect(await read('-', { stdin: pieces() }).catch((error: unknown) => (error as BrineError).code)).toEqual(
          expected,
        );
      }
    },
  );
});
