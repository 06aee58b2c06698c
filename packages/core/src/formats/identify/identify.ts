import { latin1 } from '../../bytes/utf8.js';
import { type Compression, decompressHead, sniffCompression } from '../../bytes/decompress.js';
import { BufferSource, type Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { detectors } from './detectors.js';
import type { Head, Identity, Match } from './identity.js';
import { mismatchOf } from './names.js';
import { printable } from './signature.js';

/** Bytes of content that detectors look at. */
const HEAD_SIZE = 65536;

/** Compression within compression happens (a zlib joblib file, gzipped for the web); deeper is an attack. */
const MAX_LAYERS = 3;

/**
 * What a file is, by its content. Nothing is parsed that need not be: the first 64 KiB (decompressed where the file is
 * compressed), and the directories of archives.
 *
 * @param name the file's name, compared with what was found; by default the source's.
 * @throws READ and the like where the source cannot be read. What is wrong with the content is the answer's `problem`.
 */
export async function identify(source: Source, name = source.name): Promise<Identity> {
  const compression: Compression[] = [];
  let head = headOf(await source.read(0, Math.min(source.size, HEAD_SIZE)), source.size, source.name, source);
  let damage: BrineError | undefined;
  while (compression.length < MAX_LAYERS) {
    const inner = await unwrap(head);
    if (inner === undefined) break;
    compression.push(inner.codec);
    damage = inner.problem;
    head = inner.head;
  }
  const found = head.size === 0 ? nothing(source, compression) : await detect(head, compression);
  const { format, match } = found;
  const problem = match.problem ?? damage;
  // What an archive that cannot be opened holds, nobody knows.
  const opaque = (format === 'zip' || format === 'tar') && problem !== undefined;
  const mismatch = opaque ? undefined : mismatchOf(name, format);
  return {
    format,
    ...(match.variant === undefined ? {} : { variant: match.variant }),
    compression,
    confidence: match.confidence,
    why: match.why,
    ...(mismatch === undefined ? {} : { mismatch }),
    ...(problem === undefined ? {} : { problem }),
    ...(match.archive === undefined || compression.length > 0 ? {} : { archive: match.archive }),
  };
}

interface Found {
  readonly format: Identity['format'];
  readonly match: Match;
}

function headOf(bytes: Uint8Array, size: number, name: string, source?: Source): Head {
  let text: string | undefined;
  return {
    bytes,
    // What most files are is told by a few bytes: the text of all of them is made where somebody asks.
    get text() {
      return (text ??= latin1(bytes));
    },
    size,
    name,
    ...(source === undefined ? {} : { source }),
  };
}

/** The content under one layer of compression; undefined where there is none. */
async function unwrap(head: Head): Promise<{ codec: Compression; head: Head; problem?: BrineError } | undefined> {
  const codec = sniffCompression(head.bytes);
  if (codec === undefined) return undefined;
  const source = head.source ?? new BufferSource(head.bytes, head.name);
  const cut = head.source === undefined;
  const { bytes, complete, problem } = await decompressHead(codec, source, HEAD_SIZE, cut);
  // Two letters may just be two letters: without any content the signs of zlib and .lzma prove nothing.
  if (bytes.length === 0 && problem !== undefined && (codec === 'zlib' || codec === 'lzma')) return undefined;
  const size = complete ? bytes.length : Infinity;
  const inner = headOf(bytes, size, head.name, complete ? new BufferSource(bytes, head.name) : undefined);
  return { codec, head: inner, ...(problem === undefined ? {} : { problem }) };
}

async function detect(head: Head, compression: readonly Compression[]): Promise<Found> {
  for (const { format, test } of detectors) {
    const match = await test(head);
    if (match === undefined) continue;
    const found = match.format ?? format;
    // Whole files of zlib, or of ZF, are joblib's alone.
    const outermost = compression[0];
    if (found === 'pickle' && (outermost === 'zf' || outermost === 'zlib')) {
      return {
        format: 'joblib',
        match: { ...match, why: `${match.why}, compressed with ${outermost} as joblib does` },
      };
    }
    return { format: found, match };
  }
  return unknown(head, compression);
}

function nothing(source: Source, compression: readonly Compression[]): Found {
  const within = compression.length === 0 ? '' : ` within its ${compression.join(' within ')}`;
  const problem = new BrineError(
    'EMPTY',
    `the file has no content${within}: saving or copying it failed, so get it again from where it came`,
    { file: source.name },
  );
  return { format: 'empty', match: { confidence: 'certain', why: `0 bytes${within}`, problem } };
}

const SHOWN = 8;

function unknown(head: Head, compression: readonly Compression[]): Found {
  const beginning = printable(head.text.slice(0, SHOWN));
  const place = { file: head.name };
  const found = (why: string, problem: BrineError): Found => ({
    format: 'unknown',
    match: { confidence: 'guess', why, problem },
  });
  if (head.bytes.every((byte) => byte === 0)) {
    const what = `the first ${head.bytes.length} bytes are all zero: a download or copy that never finished`;
    return found('zeros only', new BrineError('CORRUPT', what, place));
  }
  if (compression[0] === 'zf') {
    const what =
      'the bytes of one array, as joblib 0.9 and before put beside a model (_NN.npy.z): open the model’s own file';
    return found('joblib’s ZF around bytes of no format', new BrineError('NOT_A_MODEL', what, place));
  }
  const within = compression.length === 0 ? '' : `, once its ${compression.join(' and ')} is taken off,`;
  const what = `its content${within} is of no format that brine knows; it begins with ${beginning}`;
  return found(`no format begins with ${beginning}`, new BrineError('UNKNOWN_FORMAT', what, place));
}
