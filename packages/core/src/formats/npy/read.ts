import { LazyBytes } from '../../bytes/lazy.js';
import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import type { PyValue } from '../../pickle/values.js';
import { checkedArray, elementCount, hasObject } from '../../python/check.js';
import { arrayBytes } from '../../python/elements.js';
import { NdArray } from '../../python/ndarray.js';
import { npyHeaderBytes, npyHeaderLength, parseNpyHeader, type NpyHeader } from './header.js';

/** Data up to this size is read at once; what is larger stays in the file until it is asked for. */
const READ_AT_ONCE = 1 << 20;

/** Enough for the length of any header, and for most headers whole. */
const FIRST_READ = 256;

/** Reads the pickle behind the header of an array of objects: `formats/pickle` gives it. */
export type ReadObjects = (source: Source, offset: number) => Promise<PyValue>;

export interface NpyFile {
  readonly header: NpyHeader;
  readonly array: NdArray;
}

/**
 * An `.npy` file, versions 1 to 3, every dtype. Large data stays in the file (`LazyBytes`). Arrays of
 * objects hold a pickle, which `readObjects` reads; without it they throw UNSUPPORTED.
 * Throws UNKNOWN_FORMAT, TRUNCATED, CORRUPT, LIMIT.
 */
export async function readNpy(source: Source, readObjects?: ReadObjects): Promise<NpyFile> {
  try {
    let start = await source.read(0, Math.min(FIRST_READ, source.size));
    const length = npyHeaderLength(start);
    if (length > start.length) start = await source.read(0, length);
    const header = parseNpyHeader(start);
    return { header, array: await readData(source, header, readObjects) };
  } catch (error) {
    if (!(error instanceof BrineError) || Object.keys(error.place).length > 0) throw error;
    throw new BrineError(error.code, error.message, { file: source.name }, { cause: error });
  }
}

async function readData(source: Source, header: NpyHeader, readObjects?: ReadObjects): Promise<NdArray> {
  const { dtype, shape, fortran, dataOffset } = header;
  if (hasObject(dtype)) {
    if (!readObjects)
      throw new BrineError('UNSUPPORTED', 'this .npy file holds Python objects, which are not read here');
    const value = await readObjects(source, dataOffset);
    if (!(value instanceof NdArray)) throw new BrineError('CORRUPT', 'the pickle in an .npy file is no array');
    return value;
  }
  const size = elementCount(shape) * dtype.itemsize;
  if (!(size <= source.size - dataOffset)) {
    throw new BrineError(
      'TRUNCATED',
      `an array of (${shape.join(', ')}) × ${dtype.itemsize} bytes has ${source.size - dataOffset}`,
      {
        file: source.name,
        offset: dataOffset,
      },
    );
  }
  const lazy = new LazyBytes(source, dataOffset, size);
  return checkedArray(dtype, shape, fortran, size > READ_AT_ONCE ? lazy : await lazy.load());
}

/** An array as an `.npy` file. Throws BAD_STATE for objects and for bytes that have not been read. */
export function writeNpy(array: NdArray): Uint8Array {
  const { dtype, shape, fortran } = array;
  const data = arrayBytes(array);
  const header = npyHeaderBytes(dtype, shape, fortran);
  const out = new Uint8Array(header.length + data.length);
  out.set(header);
  out.set(data, header.length);
  return out;
}
