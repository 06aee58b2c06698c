import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openZip } from '../../archive/zip.js';
import { LazyBytes } from '../../bytes/lazy.js';
import { BufferSource } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { taggedText } from '../../python/json.js';
import { readNpy } from '../npy/index.js';
import { readObjects, readPickleFile } from './read.js';

/**
 * Whatever bytes a file has, reading it and showing all of it ends in a result or in a BrineError that says
 * what and where. Seeded, so that a failure comes again.
 */
const fixtures = fileURLToPath(new URL('../../../../../fixtures/', import.meta.url));

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Reads and unfolds everything; the code of the error, if there is one. */
async function outcome(read: () => Promise<void>): Promise<string> {
  try {
    await read();
    return 'read';
  } catch (error) {
    if (!(error instanceof BrineError)) throw error;
    expect(error.message).not.toMatch(/undefined|NaN|\[object/);
    return error.code;
  }
}

async function readAll(bytes: Uint8Array): Promise<void> {
  const file = await readPickleFile(new BufferSource(bytes), { limits: { milliseconds: 5000, objects: 100_000 } });
  for (const value of file.values) [...taggedText(value, { maxItems: 100 })].join('');
}

async function readArray(bytes: Uint8Array): Promise<void> {
  const { array } = await readNpy(new BufferSource(bytes), readObjects);
  if (array.data instanceof LazyBytes) await array.data.load();
  [...taggedText(array, { maxItems: 100 })].join('');
}

function mutate(bytes: Uint8Array, next: () => number): Uint8Array {
  const out = new Uint8Array(bytes);
  const count = 1 + Math.floor(next() * 4);
  for (let i = 0; i < count; i++) {
    const at = Math.floor(next() * out.length);
    const kind = next();
    if (kind < 0.4) out[at] = Math.floor(next() * 256);
    else if (kind < 0.6) out[at] ^= 1 << Math.floor(next() * 8);
    else if (kind < 0.8) out[at] = [0, 0xff, 0x7f, 0x80][Math.floor(next() * 4)];
    else out.copyWithin(at, Math.floor(next() * out.length), Math.floor(next() * out.length));
  }
  return out;
}

const load = (path: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, path)));
const list = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(fixtures, folder))
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));

const files = [...list('python', /-p\d\.pkl$/), ...list('joblib', /\.joblib$/)];

describe('damaged pickles', () => {
  it.each(files)('%s', async (path) => {
    const bytes = load(path);
    const next = random(bytes.length);
    for (let i = 0; i < 12; i++) await outcome(() => readAll(mutate(bytes, next)));
  });

  it('are refused at every length', async () => {
    for (const path of [
      ...list('python', /pandas3.1-(?:scipy-p5|stdlib-p0)\.pkl$/),
      ...list('joblib', /1\.6\.0-raw/),
    ]) {
      const bytes = load(path);
      for (let i = 0; i < bytes.length; i++) {
        expect([path, i, await outcome(() => readAll(bytes.subarray(0, i)))]).not.toEqual([path, i, 'read']);
      }
    }
  });
});

describe('damaged arrays', () => {
  it.each(list('python', /-arrays\.npz$/))('%s', async (path) => {
    const next = random(7);
    // The members themselves: in the archive, damage would end at its checksums.
    for (const entry of (await openZip(new BufferSource(load(path)))).entries) {
      const bytes = await entry.read();
      for (let i = 0; i < 10; i++) await outcome(() => readArray(mutate(bytes, next)));
    }
  });
});
