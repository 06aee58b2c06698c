import { PackingAhead, zipArchive, type ZipMember } from '../../../archive/zip-write.js';
import { loadedPieces } from '../../../bytes/compress.js';
import { equalBytes } from '../../../bytes/equal.js';
import { LazyBytes } from '../../../bytes/lazy.js';
import type { Piece } from '../../../pickle/write.js';
import { Dtype, NdArray } from '../../../python/ndarray.js';
import { npyHeaderBytes } from '../../npy/header.js';
import { npyPieces } from '../../npy/write.js';

/** Contents up to this size are compared, so that equal ones are stored once. */
const COMPARED = 1 << 20;

/** What an archive needs for a member beside its content, at most. */
const ROOM = 1024;

/** The files of the archive beside schema.json: arrays and bytes, equal ones once. */
export class Members {
  readonly list: ZipMember[] = [];
  /** What is in those that are no archives, where it is in memory. */
  readonly pieces = new Map<string, readonly Uint8Array[]>();
  /** What they hold: of archives within, their own members. */
  readonly contents: ZipMember[] = [];
  readonly #level: number | undefined;
  readonly #packing: PackingAhead | undefined;
  /** By what they are and a few of their bytes: the candidates. */
  readonly #known = new Map<string, { readonly content: Uint8Array; readonly name: string }[]>();

  /** @param packing begins to pack them as they come */
  constructor(level: number | undefined, packing?: PackingAhead) {
    this.#level = level;
    this.#packing = packing;
  }

  /** The name of the file that holds an array. */
  array(array: NdArray): string {
    const { data, dtype, shape, fortran } = array;
    const bytes = data instanceof LazyBytes ? data.bytes : Array.isArray(data) ? undefined : data;
    return this.#add(bytes, `${idOf(dtype)} ${shape.join()} ${fortran && shape.length > 1}`, 'npy', [
      ...npyPieces(array),
    ]);
  }

  bytes(bytes: Uint8Array): string {
    return this.#add(bytes, 'bytes', 'bin', [bytes]);
  }

  /** An archive of arrays within the archive, as scipy keeps its matrices. */
  archive(arrays: readonly (readonly [string, NdArray])[]): string {
    const level = this.#level;
    const inner = arrays.map(([name, array]) => member(`${name}.npy`, [...npyPieces(array)], level));
    const name = `${this.list.length}.npz`;
    this.contents.push(...inner);
    // Its members are deflated already.
    this.list.push({
      name,
      chunks: () => zipArchive(inner),
      size: inner.reduce((sum, { size }) => sum + size + ROOM, 0),
    });
    return name;
  }

  #add(content: Uint8Array | undefined, what: string, extension: string, pieces: readonly Piece[]): string {
    const name = `${this.list.length}.${extension}`;
    if (content && content.length <= COMPARED) {
      const key = `${what} ${content.length} ${sampled(content)}`;
      let candidates = this.#known.get(key);
      if (!candidates) this.#known.set(key, (candidates = []));
      const same = candidates.find((c) => equalBytes(c.content, content));
      if (same) return same.name;
      candidates.push({ content, name });
    }
    if (pieces.every((piece) => piece instanceof Uint8Array)) this.pieces.set(name, pieces);
    const added = member(name, pieces, this.#level);
    this.contents.push(added);
    this.list.push(this.#packing?.begin(added) ?? added);
    return name;
  }
}

function member(name: string, pieces: readonly Piece[], level: number | undefined): ZipMember {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return { name, chunks: () => loadedPieces(pieces), size, level };
}

/** So many bytes, spread evenly, tell most contents apart. */
const SAMPLES = 32;

function sampled(content: Uint8Array): number {
  let hash = 0;
  const step = Math.max(1, Math.floor(content.length / SAMPLES));
  for (let at = 0; at < content.length; at += step) hash = (Math.imul(hash, 31) + content[at]) | 0;
  return hash;
}

const descriptions = new WeakMap<Dtype, string>();

/** As the file says it: a dtype that was read twice is two objects, whose arrays may be equal all the same. */
function idOf(dtype: Dtype): string {
  if (!dtype.fields && !dtype.subarray) return `${dtype.byteOrder}${dtype.type}${dtype.itemsize}${String(dtype.unit)}`;
  let text = descriptions.get(dtype);
  if (text === undefined) descriptions.set(dtype, (text = new TextDecoder().decode(npyHeaderBytes(dtype, [], false))));
  return text;
}
