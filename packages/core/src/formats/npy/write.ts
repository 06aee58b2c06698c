import { LazyBytes } from '../../bytes/lazy.js';
import { BrineError } from '../../errors.js';
import type { PyGlobal } from '../../pickle/values.js';
import type { Piece } from '../../pickle/write.js';
import { hasObject } from '../../python/check.js';
import type { NdArray } from '../../python/ndarray.js';
import { pickleFilePieces } from '../pickle/write.js';
import { npyHeaderBytes } from './header.js';

export interface NpyWriteOptions {
  /** Told every name in an array of objects before anything is written; throws to refuse it. */
  readonly vet?: (name: PyGlobal) => void;
}

/**
 * An array as an `.npy` file, as `numpy.save` writes it, in pieces. Python objects follow as a pickle of protocol 4,
 * which numpy loads with `allow_pickle=True`. Throws UNSUPPORTED for what the format has no place for.
 */
export function npyPieces(array: NdArray, options: NpyWriteOptions = {}): Iterable<Piece> {
  const { dtype, shape, fortran, data } = array;
  if (dtype.type === 'T') throw new BrineError('UNSUPPORTED', 'numpy has no .npy form of StringDType');
  if (dtype.metadata !== undefined)
    throw new BrineError('UNSUPPORTED', 'an .npy file does not hold a dtype’s metadata');
  const columns = fortran && shape.length > 1 && !hasObject(dtype);
  const header = npyHeaderBytes(dtype, shape, columns);
  if (hasObject(dtype)) return behind(header, pickleFilePieces(array, options));
  if (Array.isArray(data)) throw new BrineError('BAD_STATE', 'an array of numbers lists objects');
  return data.length > 0 ? [header, data instanceof LazyBytes ? (data.bytes ?? data) : data] : [header];
}

function* behind(header: Uint8Array, pickle: Iterable<Piece>): Generator<Piece, void> {
  yield header;
  yield* pickle;
}
