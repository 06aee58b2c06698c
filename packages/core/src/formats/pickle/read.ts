import { decompress, sniffCompression, type Compression } from '../../bytes/decompress.js';
import { ExpansionBudget } from '../../bytes/expansion.js';
import type { LazyBytes } from '../../bytes/lazy.js';
import { BufferSource, type Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { WINDOWED_ABOVE, type PickleLimits } from '../../pickle/limits.js';
import { readPickle, type Pickle } from '../../pickle/read.js';
import type { PyValue } from '../../pickle/values.js';
import type { Observer } from '../../pickle/world.js';
import { pythonWorld } from '../../python/world.js';
import type { ReadObjects } from '../npy/read.js';
import { joblibLibrary, nothingWrapped } from '../joblib/wrappers.js';
import { readParts } from '../joblib/parts.js';

export interface PickleFileOptions {
  /** Told of every import and call, those of parts and of nested pickles too. */
  readonly observer?: Observer;
  readonly limits?: Partial<PickleLimits>;
  /** How far compressed content may expand. */
  readonly budget?: ExpansionBudget;
  readonly signal?: AbortSignal;
  /** What Python 2 `str` becomes; see `MachineOptions`. */
  readonly encoding?: 'latin1' | 'utf-8' | 'bytes';
}

/** A pickle or joblib file, read. */
export interface PickleFile {
  /** What the file holds: the first pickle's value, as `pickle.load` and `joblib.load` give it. */
  readonly value: PyValue;
  /** The values of all pickles in the file, mostly one. */
  readonly values: readonly PyValue[];
  /** The protocol of the first pickle. */
  readonly protocol: number;
  /** How the file is compressed, from the outside in; mostly nothing, seldom twice. */
  readonly compression: readonly Compression[];
  /** True if joblib wrote it: arrays follow the opcodes, or are in files beside this one. */
  readonly joblib: boolean;
  /** The names of the files beside this one that belong to it (joblib 0.9 and before). */
  readonly parts: readonly string[];
  /** Arrays that are still in the file: see `loadLazy`. */
  readonly lazy: readonly LazyBytes[];
  /** What was odd but no obstacle, in sentences. */
  readonly notes: readonly string[];
}

/** Compression around compression: `joblib.dump(…, compress=3)` and gzip after. More is a bomb (CWE-409). */
const MAX_LAYERS = 3;

/** Pickles in one file. `pickle.dump` in a loop makes a few; millions of two bytes each are a bomb (CWE-400). */
const MAX_PICKLES = 10_000;

/**
 * Reads a pickle file of any kind: plain or compressed, of any protocol, written by `pickle`, joblib (every
 * generation), cloudpickle or dill, holding one pickle or several. Nothing the file names is run.
 *
 * Uncompressed arrays of files up to 64 MiB are views on the file's bytes; larger files keep theirs (`lazy`).
 * Throws BrineError: EMPTY, TRUNCATED, CORRUPT, UNSUPPORTED, MISSING_PART, AMBIGUOUS, LIMIT, ABORTED. Bytes
 * after the first pickle that are no pickle become a note: Python never looks at them.
 */
export async function readPickleFile(source: Source, options: PickleFileOptions = {}): Promise<PickleFile> {
  const notes: string[] = [];
  const { stream, compression } = await openStream(source, options.budget ?? new ExpansionBudget());
  const wrapped = nothingWrapped();
  const world = pythonWorld(joblibLibrary(wrapped));
  const read = (from: Source, offset: number): Promise<Pickle> =>
    readPickle(from, { ...options, world, offset, raw: compression.length === 0 });

  const first = await read(stream, 0);
  const values = [first.value];
  let { end } = first;
  while (end < stream.size) {
    const [parts, lazy] = [wrapped.parts.length, wrapped.lazy.length];
    try {
      if (values.length === MAX_PICKLES) {
        throw new BrineError('LIMIT', `more than ${MAX_PICKLES} pickles in one file are not read`);
      }
      const next = await read(stream, end);
      values.push(next.value);
      end = next.end;
    } catch (error) {
      if (!(error instanceof BrineError) || error.code === 'ABORTED') throw error;
      // What the failed pickle asked for goes with it.
      wrapped.parts.length = parts;
      wrapped.lazy.length = lazy;
      notes.push(`${stream.size - end} bytes from ${end} on are not read: ${error.message}`);
      break;
    }
  }
  const objects = async (from: Source, offset: number): Promise<PyValue> => (await read(from, offset)).value;
  const parts = await readParts(source, wrapped.parts, notes, objects);
  return {
    value: first.value,
    values,
    protocol: first.protocol,
    compression,
    joblib: wrapped.arrays > 0 || wrapped.parts.length > 0,
    parts: parts.names,
    lazy: [...wrapped.lazy, ...parts.lazy],
    notes,
  };
}

/** Reads the pickle inside an `.npy` file of objects. */
export const readObjects: ReadObjects = async (source, offset) =>
  (await readPickle(source, { world: pythonWorld(), offset })).value;

/** The innermost stream: decompressed, and in memory if it is small. */
export async function openStream(
  source: Source,
  budget: ExpansionBudget,
): Promise<{ stream: Source; compression: Compression[] }> {
  const compression: Compression[] = [];
  let stream = source;
  for (;;) {
    const kind = sniffCompression(await stream.read(0, Math.min(stream.size, HEAD)));
    if (kind === undefined) break;
    if (compression.length === MAX_LAYERS) {
      throw new BrineError('LIMIT', `content compressed more than ${MAX_LAYERS} times over is not read`, {
        file: source.name,
      });
    }
    compression.push(kind);
    stream = new BufferSource(await decompress(kind, stream, budget), source.name);
  }
  if (stream instanceof BufferSource || stream.size > WINDOWED_ABOVE) return { stream, compression };
  return { stream: new BufferSource(await stream.read(0, stream.size), source.name), compression };
}

/** Bytes that tell every compression. */
const HEAD = 32;

/**
 * Reads what is still in the file, so that what uses the arrays may be synchronous. In the order of the
 * file, a few at a time.
 */
export async function loadLazy(lazy: readonly LazyBytes[]): Promise<void> {
  const order = [...lazy].sort((a, b) => a.offset - b.offset);
  for (let i = 0; i < order.length; i += LOADS_AT_ONCE) {
    await Promise.all(order.slice(i, i + LOADS_AT_ONCE).map((bytes) => bytes.load()));
  }
}

const LOADS_AT_ONCE = 4;
