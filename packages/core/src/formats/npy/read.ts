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

/**
 * The same of bytes in memory: the array is a view on them. Arrays of objects throw UNSUPPORTED.
 *
 * @param rest what follows `bytes`, where that is somewhere else
 */
export function npyArray(bytes: Uint8Array, name: string, rest?: Uint8Array): NdArray {
  try {
    const header = parseNpyHeader(bytes);
    if (hasObject(header.dtype)) throw objectsElsewhere();
    const { dtype, shape, fortran, dataOffset } = header;
    const size = dataSize(header, bytes.length + (rest?.length ?? 0), name);
    const [whole, start] = rest && dataOffset === bytes.length ? [rest, 0] : [bytes, dataOffset];
    return checkedArray(dtype, shape, fortran, whole.subarray(start, start + size));
  } catch (error) {
    if (!(error instanceof BrineError) || Object.keys(error.place).length > 0) throw error;
    throw new BrineError(error.code, error.message, { file: name }, { cause: error });
  }
}

function objectsElsewhere(): BrineError {
  return new BrineError(
    'UNSUPPORTED',
    'this .npy file holds Python objects, which are not read here: save text as text, with numpy.save(file, a.astype(str))',
  );
}

/** Bytes of the data behind a header. Throws TRUNCATED where the file has fewer. */
function dataSize({ dtype, shape, dataOffset }: NpyHeader, fileSize: number, file: string): number {
  const size = elementCount(shape) * dtype.itemsize;
  if (size <= fileSize - dataOffset) return size;
  throw new BrineError(
    'TRUNCATED',
    `an array of (${shape.join(', ')}) × ${dtype.itemsize} bytes has ${fileSize - dataOffset}`,
    { file, offset: dataOffset },
  );
}

async function readData(source: Source, header: NpyHeader, readObjects?: ReadObjects): Promise<NdArray> {
  const { dtype, shape, fortran, dataOffset } = header;
  if (hasObject(dtype)) {
    if (!readObjects) throw objectsElsewhere();
    const value = await readObjects(source, dataOffset);
    if (!(value instanceof NdArray)) throw new BrineError('CORRUPT', 'the pickle in an .npy file is no array');
    return value;
  }
  const size = dataSize(header, source.size, source.name);
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
