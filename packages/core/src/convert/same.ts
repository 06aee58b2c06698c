import type { PyValue } from '../pickle/values.js';
import { picklePieces } from '../pickle/write.js';
import { pythonReducer } from '../python/reduce/index.js';
import { loadedPieces, type Chunks } from '../bytes/compress.js';
import type { Source } from '../bytes/source.js';

/**
 * True if two values are the same, arrays bit by bit, with the same references shared: if they are written as the same
 * bytes, that is, for the writer gives equal values equal bytes. Nothing is held but a piece of each.
 */
export async function sameObject(a: PyValue, b: PyValue): Promise<boolean> {
  return sameBytes(written(a), written(b));
}

/** True if two streams are the same bytes, however they are cut. */
export async function sameBytes(a: Chunks, b: Chunks): Promise<boolean> {
  const [left, right] = [each(a), each(b)];
  let x: Uint8Array = empty;
  let y: Uint8Array = empty;
  for (;;) {
    x = await more(left, x);
    y = await more(right, y);
    const n = Math.min(x.length, y.length);
    if (n === 0) return x.length === y.length;
    for (let i = 0; i < n; i++) if (x[i] !== y[i]) return false;
    x = x.subarray(n);
    y = y.subarray(n);
  }
}

const empty = new Uint8Array(0);

async function* each(chunks: Chunks): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** A source is read so many bytes at a time. */
const PIECE = 1 << 20;

/** A source from its beginning to its end. */
export async function* sourceChunks(source: Source): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += PIECE) yield await source.read(at, Math.min(PIECE, source.size - at));
}

function written(value: PyValue): AsyncGenerator<Uint8Array> {
  return loadedPieces(picklePieces(value, { reducer: pythonReducer() }));
}

async function more(pieces: AsyncGenerator<Uint8Array>, held: Uint8Array): Promise<Uint8Array> {
  while (held.length === 0) {
    const next = await pieces.next();
    if (next.done === true) return empty;
    held = next.value;
  }
  return held;
}
