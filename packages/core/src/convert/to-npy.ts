import { zipArchive } from '../archive/zip-write.js';
import { loadedPieces } from '../bytes/compress.js';
import { BrineError } from '../errors.js';
import { npyPieces } from '../formats/npy/write.js';
import { PyDict } from '../pickle/values.js';
import { NdArray } from '../python/ndarray.js';
import { arraysInside } from './arrays-inside.js';
import { sourceChanges } from './changes.js';
import type { Prepared, Subject, Target } from './target.js';

/** One array as an `.npy` file. */
export const npy: Pick<Target, 'prepare'> = {
  prepare(subject) {
    const { value, options, vet } = subject;
    plain(options.compress, 'npy');
    if (!(value instanceof NdArray)) {
      throw new BrineError(
        'UNSUPPORTED',
        'an .npy file holds one array, and this is none; .npz takes the arrays inside',
      );
    }
    const { matrix, lost } = ofClass(value);
    const pieces = npyPieces(value, { vet });
    return Promise.resolve({
      changes: sourceChanges(subject, 'an .npy file'),
      lost,
      check: matrix ? 'nothing' : 'same',
      chunks: () => loadedPieces(pieces),
    });
  },
};

/** A dict of arrays as `numpy.savez` writes it; of anything else, the arrays inside of it. */
export const npz: Pick<Target, 'prepare'> = {
  prepare(subject) {
    const { value, options, vet } = subject;
    const level = options.compress === undefined || options.compress === 'none' ? undefined : (options.level ?? 6);
    if (options.compress !== undefined && !['none', 'zlib', 'gzip'].includes(options.compress)) {
      throw new BrineError(
        'BAD_ARGUMENT',
        `.npz files are deflated (--compress zlib) or not, never ${options.compress}`,
      );
    }
    const whole = value instanceof PyDict && value.size > 0 && isDictOfArrays(value);
    const arrays = whole ? namedArrays(value) : arraysInside(value);
    if (arrays.size === 0) throw new BrineError('UNSUPPORTED', 'there are no arrays inside');
    const members = [...arrays].map(([name, array]) => {
      const pieces = npyPieces(array, { vet });
      return { name: `${name}.npy`, level, chunks: () => loadedPieces(pieces), size: sizeOf(array) };
    });
    return Promise.resolve({
      changes: sourceChanges(subject, `an .npz file of ${arrays.size} arrays`),
      lost: whole ? [] : ['everything but the arrays: the output is no model, and brine does not make one of it'],
      check: whole ? 'same' : 'nothing',
      chunks: () => zipArchive(members),
    } satisfies Prepared);
  },
};

/** Bytes of the file that an array becomes, at most; of objects about. */
function sizeOf({ data }: NdArray): number {
  return HEADER + (Array.isArray(data) ? data.length * PER_OBJECT : data.length);
}
const HEADER = 4096;
const PER_OBJECT = 32;

function plain(compress: Subject['options']['compress'], what: string): void {
  if (compress !== undefined && compress !== 'none') {
    throw new BrineError('BAD_ARGUMENT', `an .${what} file is not compressed; .npz can be`);
  }
}

function ofClass({ subclass }: NdArray): { matrix: boolean; lost: string[] } {
  const matrix = subclass !== 'numpy.ndarray';
  return { matrix, lost: matrix ? [`that the array is a ${subclass}`] : [] };
}

function isDictOfArrays(dict: PyDict): boolean {
  return (
    dict.constructor === PyDict &&
    dict.keys.every((key) => typeof key === 'string' && key !== '' && !key.includes('\0')) &&
    dict.values.every((v) => v instanceof NdArray && v.subclass === 'numpy.ndarray') &&
    new Set(dict.values).size === dict.size
  );
}

function namedArrays(dict: PyDict): Map<string, NdArray> {
  return new Map([...dict.entries()] as [string, NdArray][]);
}
