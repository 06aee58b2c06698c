import { unbzip2 } from './bzip2.js';
import { Expansion, type ExpansionBudget } from './expansion.js';
import { inflate } from './inflate.js';
import { LzmaDecoder, lzmaProperties } from './lzma.js';
import { lzma2, lzma2DictionarySize } from './lzma2.js';
import { unzstd } from './zstd.js';

/** Streams without headers of their own: an archive's header says how they were made. */
export type RawCodec = 'lzma' | 'lzma2' | 'deflate' | 'bz2' | 'zstd';

export interface RawOptions {
  readonly name: string;
  readonly budget: ExpansionBudget;
  /** The coder's properties, as 7-Zip's headers give them. */
  readonly properties: Uint8Array;
  /** Bytes that must come out. */
  readonly size: number;
}

const decoders: Readonly<Record<RawCodec, (run: Expansion, properties: Uint8Array, size: number) => void>> = {
  lzma: (run, properties, size) => {
    const parsed = properties.length === 5 ? lzmaProperties(properties[0]) : undefined;
    if (parsed === undefined) throw run.corrupt('LZMA properties that are none', 0);
    const dictionary = new DataView(properties.buffer, properties.byteOffset, 5).getUint32(1, true);
    const decoder = new LzmaDecoder(run, dictionary);
    decoder.setProperties(parsed);
    decoder.start(0, run.input.length);
    decoder.decode(size, true);
  },
  lzma2: (run, properties) => {
    const dictionary = properties.length === 1 ? lzma2DictionarySize(properties[0]) : undefined;
    if (dictionary === undefined) throw run.corrupt('LZMA2 properties that are none', 0);
    lzma2(run, 0, dictionary, 'LZMA2');
  },
  deflate: (run) => void inflate(run, 0),
  bz2: (run) => {
    unbzip2(run);
  },
  zstd: (run) => {
    unzstd(run);
  },
};

/**
 * The content of a stream that has no header of its own.
 *
 * @throws TRUNCATED, CORRUPT (also where more or less comes out than `size`), LIMIT beyond the budget.
 */
export function decompressRaw(codec: RawCodec, input: Uint8Array, options: RawOptions): Uint8Array {
  const run = new Expansion(input, options);
  run.expect(options.size);
  decoders[codec](run, options.properties, options.size);
  const bytes = run.result();
  if (bytes.length !== options.size)
    throw run.corrupt(`${bytes.length} bytes of content, where ${options.size} are announced`, 0);
  return bytes;
}

/** What could be read, and what stopped it, if anything did. */
export interface Beginning {
  readonly bytes: Uint8Array;
  readonly error?: unknown;
}

/** As much of a stream as can be had: for content whose headers lie about it. Never more than `most` bytes. */
export function decompressBeginning(
  codec: RawCodec,
  input: Uint8Array,
  options: Omit<RawOptions, 'size'>,
  most: number,
): Beginning {
  const run = new Expansion(input, { ...options, head: most });
  try {
    decoders[codec](run, options.properties, most);
    return { bytes: run.result() };
  } catch (error) {
    return { bytes: run.result(), error };
  }
}
