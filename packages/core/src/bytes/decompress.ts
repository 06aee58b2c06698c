import { BrineError } from '../errors.js';
import { unbzip2 } from './bzip2.js';
import { Expansion, ExpansionBudget, HeadReached } from './expansion.js';
import { inflate } from './inflate.js';
import { unlz4 } from './lz4.js';
import { unlzmaAlone } from './lzma-alone.js';
import type { Source } from './source.js';
import { unxz } from './xz.js';
import { gunzip, unzf, unzlib } from './zlib.js';
import { unzstd } from './zstd.js';

/** Ways in which a whole file is compressed. `zf` is joblib's own header around zlib, before joblib 0.10. */
export type Compression = 'zf' | 'zlib' | 'gzip' | 'bz2' | 'xz' | 'lzma' | 'lz4' | 'zstd';
/** Also `deflate`, the bare stream inside a zip member. */
export type Codec = Compression | 'deflate';

const decoders: Record<Codec, (run: Expansion) => void> = {
  zf: unzf,
  zlib: unzlib,
  gzip: gunzip,
  bz2: unbzip2,
  xz: unxz,
  lzma: unlzmaAlone,
  lz4: unlz4,
  zstd: unzstd,
  deflate: (run) => void inflate(run, 0),
};

/**
 * A decompressor that the platform has built in, such as node:zlib. It answers the whole content, or undefined when
 * the data are wrong or come to more than `most` bytes: brine's own decoder then finds out what is the matter.
 */
export type PlatformDecoder = (input: Uint8Array, most: number, expected?: number) => Uint8Array | undefined;

const platformDecoders = new Map<Codec, PlatformDecoder>();

/** Lets `decompress` use the platform's decoder for a codec. Results are the same, only sooner. */
export function setPlatformDecoder(codec: Codec, decoder: PlatformDecoder): void {
  platformDecoders.set(codec, decoder);
}

/**
 * Inflates a bare deflate stream beside other work and hands on what comes out, piece by piece, until `each` answers
 * false. True if all of it was handed on and ended as it should.
 */
export type Inflater = (input: Uint8Array, each: (piece: Uint8Array) => boolean) => Promise<boolean>;

let platformInflater: Inflater | undefined;

/** Lets members of archives be looked through on the platform's other threads. */
export function setPlatformInflater(inflater: Inflater): void {
  platformInflater = inflater;
}

export function inflatingBeside(): Inflater | undefined {
  return platformInflater;
}

/**
 * A platform's decoder cannot be stopped where the running ratio is exceeded, so it is not given more room than this:
 * at least 64 MiB, and 16 times the input (CWE-409).
 */
const PLATFORM_ROOM = 64 * 1024 * 1024;
const PLATFORM_RATIO = 16;

/**
 * The whole content of `input`, decompressed.
 *
 * @throws TRUNCATED, CORRUPT, UNSUPPORTED; LIMIT when more comes out than `budget` allows.
 */
export async function decompress(
  codec: Codec,
  input: Source | Uint8Array,
  budget = new ExpansionBudget(),
): Promise<Uint8Array> {
  if (input instanceof Uint8Array) return decompressBytes(codec, input, '(bytes)', budget);
  if (input.size > budget.limits.member) {
    throw new BrineError(
      'LIMIT',
      `${input.size} compressed bytes are already more than the ${budget.limits.member} they may expand to (limit expansion of one member)`,
      { file: input.name },
    );
  }
  return decompressBytes(codec, await input.read(0, input.size), input.name, budget);
}

/** The same for bytes in memory, at once. `name` is what to call them in messages; `expected` how many somebody claims. */
export function decompressBytes(
  codec: Codec,
  input: Uint8Array,
  name = '(bytes)',
  budget = new ExpansionBudget(),
  expected?: number,
): Uint8Array {
  const platform = platformDecoders.get(codec);
  if (platform !== undefined) {
    const room = Math.max(PLATFORM_ROOM, PLATFORM_RATIO * input.length);
    const bytes = platform(input, Math.min(budget.allowance(input.length).most, room), expected);
    if (bytes !== undefined) {
      budget.spend(bytes.length);
      return bytes;
    }
  }
  const run = new Expansion(input, { name, budget });
  try {
    decoders[codec](run);
    return run.result();
  } catch (error) {
    // Work that came to nothing was work: thousands of members that each stop at a limit are a bomb, too.
    budget.spend(run.length);
    throw error;
  }
}

/** Compressed bytes that are read to see the beginning: one whole bzip2 block at worst. */
const HEAD_INPUT = 1024 * 1024;

/** The beginning of what `codec` data hold, and why it ended early if it did. */
export interface Head {
  readonly bytes: Uint8Array;
  /** Whether that is all of it. */
  readonly complete: boolean;
  /** What is wrong with the data, where the wrong came before `length` bytes were out. */
  readonly problem?: BrineError;
}

/** The first `length` decompressed bytes; undefined where there are fewer, or something is wrong with them. */
export type PlatformHead = (input: Uint8Array, length: number) => Uint8Array | undefined;

const platformHeads = new Map<Codec, PlatformHead>();

/** Lets the beginnings of files be decompressed by the platform, whose code is quick from its first byte on. */
export function setPlatformHead(codec: Codec, head: PlatformHead): void {
  platformHeads.set(codec, head);
}

/**
 * The first `length` decompressed bytes or so, from no more than 1 MiB of input. Damage is no exception here: what
 * came before it is answered, with the problem. `cut`: the input itself is known to be only a beginning.
 */
export async function decompressHead(codec: Codec, source: Source, length = 65536, cut = false): Promise<Head> {
  const input = await source.read(0, Math.min(source.size, HEAD_INPUT));
  const quick = platformHeads.get(codec)?.(input, length);
  if (quick) return { bytes: quick, complete: false };
  const run = new Expansion(input, { name: source.name, budget: new ExpansionBudget(), head: length });
  try {
    decoders[codec](run);
    const bytes = run.result();
    return { bytes, complete: !cut && input.length === source.size };
  } catch (error) {
    if (error instanceof HeadReached) return { bytes: run.result(), complete: false };
    if (!(error instanceof BrineError)) throw error;
    const cutByUs = error.code === 'TRUNCATED' && (cut || input.length < source.size);
    return { bytes: run.result(), complete: false, ...(cutByUs ? {} : { problem: error }) };
  }
}

/** Which compression a file that begins so has; undefined for none of them. At least 18 bytes decide. */
export function sniffCompression(head: Uint8Array): Compression | undefined {
  // Asked of every byte string in a pickle: mostly the first byte says no.
  if (!firstBytes.has(head[0])) return undefined;
  return signatures.find(({ test }) => test(head))?.compression;
}

/** What each of the signatures below begins with. */
const firstBytes: ReadonlySet<number | undefined> = new Set([0x5a, 0x78, 0x1f, 0x42, 0x5d, 0xfd, 0x04, 0x02, 0x28]);

const begins =
  (...bytes: number[]) =>
  (head: Uint8Array): boolean =>
    bytes.every((byte, i) => head[i] === byte);

/** joblib's order of checks; each test is stricter than joblib's where that costs no real file. */
const signatures: { compression: Compression; test: (head: Uint8Array) => boolean }[] = [
  { compression: 'zf', test: begins(0x5a, 0x46, 0x30, 0x78) },
  {
    compression: 'zlib',
    // Window of 32 KiB, no dictionary, and the header's own check.
    test: (h) => h[0] === 0x78 && h.length >= 2 && ((h[0] << 8) | h[1]) % 31 === 0 && (h[1] & 32) === 0,
  },
  { compression: 'gzip', test: begins(0x1f, 0x8b, 8) },
  {
    compression: 'bz2',
    // `BZh`, block size, then the mark of a block or of the end.
    test: (h) =>
      begins(0x42, 0x5a, 0x68)(h) && h[3] >= 0x31 && h[3] <= 0x39 && (h.length < 5 || h[4] === 0x31 || h[4] === 0x17),
  },
  {
    compression: 'lzma',
    // Properties lc=3 lp=0 pb=2, a dictionary of whole 256 bytes, and a size below 2^48 or unknown.
    test: (h) =>
      begins(0x5d, 0x00)(h) &&
      h.length >= 13 &&
      ((h[11] === 0 && h[12] === 0) || h.subarray(5, 13).every((byte) => byte === 0xff)),
  },
  { compression: 'xz', test: begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00) },
  { compression: 'lz4', test: begins(0x04, 0x22, 0x4d, 0x18) },
  { compression: 'lz4', test: begins(0x02, 0x21, 0x4c, 0x18) },
  { compression: 'zstd', test: begins(0x28, 0xb5, 0x2f, 0xfd) },
];
