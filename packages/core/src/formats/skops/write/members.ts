import { zipArchive, type ZipMember } from '../../../archive/zip-write.js';
import { collect, loadedPieces } from '../../../bytes/compress.js';
import { LazyBytes } from '../../../bytes/lazy.js';
import { Dtype, NdArray } from '../../../python/ndarray.js';
import { npyPieces } from '../../npy/write.js';

/** Contents up to this size are compared, so that equal ones are stored once. */
const COMPARED = 1 << 20;

/** The files of the archive beside schema.json: arrays and bytes, equal ones once. */
export class Members {
  readonly list: ZipMember[] = [];
  readonly #level: number | undefined;
  /** By what they are and a few of their bytes: the candidates. */
  readonly #known = new Map<string, { readonly content: Uint8Array; readonly name: string }[]>();

  constructor(level: number | undefined) {
    this.#level = level;
  }

  /** The name of the file that holds an array. */
  array(array: NdArray): string {
    const { data, dtype, shape, fortran } = array;
    const load = (): Promise<Uint8Array> => collect(loadedPieces(npyPieces(array)));
    const bytes = data instanceof LazyBytes ? data.bytes : Array.isArray(data) ? undefined : data;
    // A dtype that was read from one pickle is one object.
    return this.#add(bytes, `${idOf(dtype)} ${shape.join()} ${fortran}`, 'npy', load);
  }

  bytes(bytes: Uint8Array): string {
    return this.#add(bytes, 'bytes', 'bin', () => bytes);
  }

  /** An archive of arrays within the archive, as scipy keeps its matrices. */
  archive(arrays: readonly (readonly [string, NdArray])[]): string {
    const level = this.#level;
    const load = (): Promise<Uint8Array> =>
      collect(
        zipArchive(
          arrays.map(([name, array]) => ({
            name: `${name}.npy`,
            level,
            load: () => collect(loadedPieces(npyPieces(array))),
          })),
        ),
      );
    const name = `${this.list.length}.npz`;
    // Its members are deflated already.
    this.list.push({ name, load });
    return name;
  }

  #add(content: Uint8Array | undefined, what: string, extension: string, load: ZipMember['load']): string {
    const name = `${this.list.length}.${extension}`;
    if (content && content.length <= COMPARED) {
      const key = `${what} ${content.length} ${sampled(content)}`;
      let candidates = this.#known.get(key);
      if (!candidates) this.#known.set(key, (candidates = []));
      const same = candidates.find((c) => equal(c.content, content));
      if (same) return same.name;
      candidates.push({ content, name });
    }
    this.list.push({ name, load, level: this.#level });
    return name;
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** So many bytes, spread evenly, tell most contents apart. */
const SAMPLES = 32;

function sampled(content: Uint8Array): number {
  let hash = 0;
  const step = Math.max(1, Math.floor(content.length / SAMPLES));
  for (let at = 0; at < content.length; at += step) hash = (Math.imul(hash, 31) + content[at]) | 0;
  return hash;
}

const ids = new WeakMap<Dtype, number>();
let lastId = 0;

function idOf(dtype: Dtype): string {
  if (!dtype.fields && !dtype.subarray) return `${dtype.byteOrder}${dtype.type}${dtype.itemsize}${String(dtype.unit)}`;
  let id = ids.get(dtype);
  if (id === undefined) ids.set(dtype, (id = ++lastId));
  return `#${id}`;
}
