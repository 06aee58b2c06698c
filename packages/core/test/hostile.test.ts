import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BrineError, open, type ModelInput } from '../src/index.js';
import { readNpy } from './support/npy.js';
import type { Case } from './support/case.js';

// Whole models, damaged: whatever a file says, opening, describing and running it ends in an answer or in a
// BrineError. The readers have fuzz tests of their own; here the damage mostly reaches the estimators' state.

const folder = fileURLToPath(new URL('../../../fixtures/models/1.9.1', import.meta.url));

/** Small files only, so that a mutation has a good chance to hit something that matters. */
const MAX_SIZE = 12_000;
const MUTATIONS = 40;

/** mulberry32: the same mutations in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const integers = [-1, 0, 1, 255, 65_535, 0x7fffffff, -0x80000000, 1_000_003];
const floats = [NaN, Infinity, -Infinity, 1e308, 5e-324, -1, 2 ** 31, 2 ** 53];
const BININT1 = 0x4b;
const BININT = 0x4a;

/** Bytes, bits, array elements and the arguments of integer opcodes, as a seed picks them. */
function damage(file: Uint8Array, seed: number): Uint8Array {
  const random = generator(seed);
  const out = file.slice();
  const view = new DataView(out.buffer);
  for (let k = 1 + random(3); k > 0; k--) {
    const at = random(out.length);
    const kind = random(6);
    if (kind === 0) out[at] = random(256);
    else if (kind === 1) out[at] ^= 1 << random(8);
    else if (kind === 2 && at + 4 <= out.length) view.setInt32(at, integers[random(integers.length)], true);
    else if (kind === 3 && at + 8 <= out.length) view.setFloat64(at, floats[random(floats.length)], true);
    else {
      const next = out.findIndex((byte, i) => i >= at && (byte === BININT1 || byte === BININT));
      if (next < 0 || next + 5 > out.length) continue;
      if (out[next] === BININT1) out[next + 1] = random(256);
      else view.setInt32(next + 1, integers[random(integers.length)], true);
    }
  }
  return out;
}

/** Does it, and says what went wrong if that was no BrineError. */
async function survives(work: () => unknown): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error instanceof BrineError ? undefined : String((error as Error).stack);
  }
}

async function use(file: Uint8Array, input: ModelInput): Promise<(string | undefined)[]> {
  const model = await open(file);
  const failures = [await survives(() => model.describe()), await survives(() => model.toJSON({ maxItems: 20 }))];
  let methods: readonly string[] = [];
  failures.push(await survives(() => (methods = model.methods)));
  for (const method of methods) failures.push(await survives(() => model.run(method, input)));
  return failures;
}

interface Small {
  readonly name: string;
  readonly file: Uint8Array;
  readonly input: ModelInput;
}

function smallCases(): Small[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name): Small[] => {
      const entry = JSON.parse(readFileSync(`${folder}/${name}/case.json`, 'utf8')) as Case;
      const first = Object.values(entry.inputs)[0];
      if (entry.refuse || typeof entry.model !== 'string' || first === undefined || entry.pick !== undefined) return [];
      const file = readFileSync(`${folder}/${name}/${entry.model}`);
      if (file.length > MAX_SIZE) return [];
      const bytes = readFileSync(`${folder}/${name}/${first.file}`);
      const input = first.file.endsWith('.npy') ? readNpy(bytes) : (JSON.parse(bytes.toString('utf8')) as unknown);
      return [{ name, file: Uint8Array.from(file), input: input as ModelInput }];
    });
}

describe('damaged models', () => {
  const cases = smallCases();

  it('are taken from many estimators', () => {
    expect(cases.length).toBeGreaterThan(30);
  });

  it.each(cases.map((c, i) => [c.name, c, i] as const))('%s', async (_, { file, input }, index) => {
    for (let k = 0; k < MUTATIONS; k++) {
      const seed = index * MUTATIONS + k;
      let failures: (string | undefined)[] = [];
      const opening = await survives(async () => (failures = await use(damage(file, seed), input)));
      const wrong = [opening, ...failures].filter((failure) => failure !== undefined);
      expect(wrong, `mutation ${seed}`).toEqual([]);
    }
  });
});

describe('states that once held the machine', () => {
  /** Replaces the bytes of a saved model where they occur for the first time. */
  function replaced(name: string, from: readonly number[], to: readonly number[]): Uint8Array {
    const file = Uint8Array.from(readFileSync(`${folder}/${name}`));
    const at = file.findIndex((_, i) => from.every((byte, k) => file[i + k] === byte));
    expect(at).toBeGreaterThan(0);
    file.set(to, at);
    return file;
  }

  it('refuses a polynomial of degree 255 before it writes down its terms', async () => {
    const degree = [...new TextEncoder().encode('degree'), 0x94];
    const file = replaced('PolynomialFeatures-2/model.joblib', [...degree, BININT1, 2], [...degree, BININT1, 255]);
    const model = await open(file);
    const x = { dtype: 'float64', shape: [1, model.inputs.features!], data: new Float64Array(model.inputs.features!) };
    await expect(model.run('transform', x)).rejects.toMatchObject({ code: 'LIMIT' });
  });
});
