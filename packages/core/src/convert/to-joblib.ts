import { loadedPieces } from '../bytes/compress.js';
import { BrineError } from '../errors.js';
import { joblibPieces, type JoblibWriteOptions } from '../formats/joblib/write.js';
import { npyPieces } from '../formats/npy/write.js';
import { hasObject } from '../python/check.js';
import type { NdArray } from '../python/ndarray.js';
import { arraysInside } from './arrays-inside.js';
import { sourceChanges } from './changes.js';
import { sameBytes } from './same.js';
import type { OutputPart, Prepared, SplitOptions, Subject } from './target.js';

/** What `joblib.load` reads, of every version since 0.10. */
export function prepare(subject: Subject): Promise<Prepared> {
  const { value, options, vet } = subject;
  if (options.protocol !== undefined && options.protocol !== 4) {
    throw new BrineError('BAD_ARGUMENT', `joblib files are written with protocol 4, not ${options.protocol}`);
  }
  const compress = options.compress === 'none' ? undefined : options.compress;
  const { split } = options;
  if (compress && split) {
    throw new BrineError(
      'BAD_ARGUMENT',
      'arrays in files of their own are there to be mapped: they are not compressed',
    );
  }
  const kind = compress ? `compressed (${compress})` : "whose arrays can be mapped (mmap_mode='r')";
  const changes = sourceChanges(subject, `a joblib file, ${kind}`);
  // Fields that begin at multiples of eight are what xz packs best, so arrays keep their places there too.
  const common = { mappable: !compress || compress === 'xz', ...(options.numpy ? { numpy: options.numpy } : {}) };
  if (!split) {
    const pieces = joblibPieces(value, { ...common, vet });
    return Promise.resolve({ changes, lost: [], compress, check: 'same', chunks: () => loadedPieces(pieces) });
  }
  const files = inFiles(value, split, { ...common, vet });
  return Promise.resolve({
    changes: [...changes, besideText(files.parts)],
    lost: files.aligned ? ['that the fields of records are aligned: .npy files have no mark for it'] : [],
    // What .npy files do not hold makes another object: one that is written in the same way.
    check: 'again',
    ...files,
    again: async (back) => {
      const [before, after] = [inFiles(value, split, common), inFiles(back, split, common)];
      if (before.parts.length !== after.parts.length) return false;
      for (const [i, part] of before.parts.entries())
        if (!(await sameBytes(part.chunks(), after.parts[i].chunks()))) return false;
      return sameBytes(before.chunks(), after.chunks());
    },
  });
}

/** A joblib file and the files beside it. */
function inFiles(
  value: Subject['value'],
  split: SplitOptions,
  options: JoblibWriteOptions,
): Pick<Prepared, 'chunks'> & { readonly parts: readonly OutputPart[]; readonly aligned: boolean } {
  const beside = largeArrays(value, split);
  const pieces = joblibPieces(value, { ...options, beside });
  return {
    chunks: () => loadedPieces(pieces),
    parts: [...beside].map(([array, name]) => ({ name, chunks: () => loadedPieces(npyPieces(array)) })),
    aligned: [...beside.keys()].some(({ dtype }) => dtype.align),
  };
}

/** Arrays of at least this many bytes go into files of their own, unless told otherwise. */
const LARGE = 64 * 1024;

/** Arrays that get a file of their own, named as joblib 0.9 did. */
function largeArrays(value: Subject['value'], { name, least = LARGE }: SplitOptions): Map<NdArray, string> {
  const able = [...arraysInside(value).values()].filter(
    ({ data, dtype, subclass }) =>
      !Array.isArray(data) &&
      data.length > 0 &&
      !hasObject(dtype) &&
      dtype.metadata === undefined &&
      (subclass === 'numpy.ndarray' || subclass === 'numpy.memmap'),
  );
  const size = ({ data }: NdArray): number => data.length;
  const large = able.filter((array) => size(array) >= least);
  if (large.length === 0) {
    const most = able.reduce((n, array) => Math.max(n, size(array)), 0);
    throw new BrineError(
      'UNSUPPORTED',
      `no array has ${least} bytes, from which on it gets a file of its own: the largest has ${most}`,
    );
  }
  return new Map(large.map((array, i) => [array, `${name}_${String(i + 1).padStart(2, '0')}.npy`]));
}

function besideText(parts: readonly OutputPart[]): string {
  const [{ name }] = parts;
  const files =
    parts.length === 1
      ? `one array goes into a file beside it (${name})`
      : `${parts.length} arrays go into files beside it (${name} …)`;
  return `${files}, where joblib.load finds them; the layout is that of joblib 0.9, and joblib says so (DeprecationWarning)`;
}
