import { readFileSync } from 'node:fs';
import { openTar } from '../../src/archive/tar.js';
import { decompressBytes } from '../../src/bytes/decompress.js';
import { ExpansionBudget } from '../../src/bytes/expansion.js';
import { BufferSource } from '../../src/bytes/source.js';
import type { Verdict } from '../../src/audit/report.js';

/** A file that a script under oracle/audit/formats made, and what a scanner must say of it. */
export interface FormatSample {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly verdict: Verdict;
  /** A rule that must be among the findings. */
  readonly rule?: string;
}

const folder = new URL('../../../../fixtures/audit/formats/', import.meta.url);

/** The samples of one family: `containers`, `keras`, `torch` … */
export async function samplesOf(family: string): Promise<FormatSample[]> {
  const packed = new Uint8Array(readFileSync(new URL(`${family}.tar.xz`, folder)));
  const budget = new ExpansionBudget({ ratio: 100_000 });
  const archive = await openTar(new BufferSource(decompressBytes('xz', packed, family, budget)));
  const index = JSON.parse(new TextDecoder().decode(await archive.get('index.json')!.read())) as Record<
    string,
    { verdict: Verdict; rule?: string }
  >;
  const out: FormatSample[] = [];
  for (const [name, expected] of Object.entries(index))
    out.push({ name, bytes: await archive.get(name)!.read(), ...expected });
  return out;
}

export async function sampleOf(family: string, name: string): Promise<Uint8Array> {
  const found = (await samplesOf(family)).find((sample) => sample.name === name);
  if (found === undefined) throw new Error(`no sample ${name} of ${family}`);
  return found.bytes;
}

/** Every beginning of a file (of large ones, about `most`), and `n` damaged copies from a seed. */
export function* damaged(whole: Uint8Array, n: number, most = 600): Generator<Uint8Array> {
  const step = Math.max(1, Math.floor(whole.length / most));
  for (let length = 0; length < whole.length; length += step) yield whole.subarray(0, length);
  let seed = 20_261_127;
  const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % below;
  for (let i = 0; i < n; i++) {
    const bytes = whole.slice();
    for (let k = random(4); k >= 0; k--) bytes[random(bytes.length)] = random(3) === 0 ? 255 : random(256);
    yield bytes;
  }
}
