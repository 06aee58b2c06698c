import type { PyValue } from '../pickle/values.js';
import { picklePieces } from '../pickle/write.js';
import { pythonReducer } from '../python/reduce/index.js';
import { loadedPieces, type Chunks } from '../bytes/compress.js';
import { equalBytes } from '../bytes/equal.js';

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
    if (!equalBytes(x.subarray(0, n), y.subarray(0, n))) return false;
    x = x.subarray(n);
    y = y.subarray(n);
  }
}

const empty = new Uint8Array(0);

async function* each(chunks: Chunks): AsyncGenerator<Uint8Array> {
  yield* chunks;
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
