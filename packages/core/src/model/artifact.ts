import { decompress } from '../bytes/decompress.js';
import { BufferSource, type Source } from '../bytes/source.js';
import type { Identity } from '../formats/identify/index.js';
import { readNpy, readNpz, type NpyFile } from '../formats/npy/index.js';
import { loadLazy, readPickleFile, type PickleFile } from '../formats/pickle/read.js';
import { PyDict, type PyGlobal, type PyValue } from '../pickle/values.js';
import type { Observer } from '../pickle/world.js';
import { LazyBytes } from '../bytes/lazy.js';

/** What a file of Python objects holds, and what was seen while it was read. */
export interface Artifact {
  readonly format: string;
  /** The file, as the caller named it. */
  readonly file: string;
  readonly size: number;
  /** Where it came from: one source, or several that make one pipeline. */
  readonly sources: readonly Source[];
  readonly value: PyValue;
  /** Further objects after the first, where a file holds several. */
  readonly more: readonly PyValue[];
  readonly protocol: number | undefined;
  readonly compression: readonly string[];
  /** Files beside this one that belong to it. */
  readonly parts: readonly string[];
  /** Every name that Python would import, once each, in the order of the file. */
  readonly names: readonly PyGlobal[];
  readonly notes: readonly string[];
  readonly lazy: readonly LazyBytes[];
}

/** Keeps every name once. */
function collector(names: Map<string, PyGlobal>): Observer {
  return {
    global: (name) => {
      const key = `${name.module}\n${name.name}`;
      if (!names.has(key)) names.set(key, name);
    },
  };
}

/** Reads a pickle or joblib file of any generation. */
export async function readPickled(source: Source, identity: Identity, signal?: AbortSignal): Promise<Artifact> {
  const names = new Map<string, PyGlobal>();
  const file = await readPickleFile(source, { observer: collector(names), ...(signal ? { signal } : {}) });
  return pickledArtifact(source, identity, file, [...names.values()]);
}

/** The artifact of a pickle or joblib file that somebody has read. */
export function pickledArtifact(
  source: Source,
  identity: Identity,
  file: PickleFile,
  names: readonly PyGlobal[],
): Artifact {
  const joblib = file.joblib || file.compression.length > 0 || identity.format === 'joblib';
  return {
    ...common(source, identity),
    ...contents(file),
    format: joblib ? 'joblib' : 'pickle',
    names,
  };
}

function contents(
  file: PickleFile,
): Pick<Artifact, 'value' | 'more' | 'protocol' | 'compression' | 'parts' | 'lazy'> & { notes: readonly string[] } {
  const { value, values, protocol, compression, parts, lazy, notes } = file;
  return { value, more: values.slice(1), protocol, compression, parts, lazy, notes };
}

function common(source: Source, identity: Identity): Artifact {
  return {
    format: identity.format,
    file: source.name,
    size: source.size,
    sources: [source],
    value: null,
    more: [],
    protocol: undefined,
    compression: identity.compression,
    parts: [],
    names: [],
    notes: [],
    lazy: [],
  };
}

/** Reads numpy's own files: the array of an `.npy`, a dict of the arrays of an `.npz`. */
export async function readArrays(source: Source, identity: Identity): Promise<Artifact> {
  let from = source;
  for (const codec of identity.compression) from = new BufferSource(await decompress(codec, from), source.name);
  const names = new Map<string, PyGlobal>();
  const lazy: LazyBytes[] = [];
  const objects = async (inner: Source, offset: number): Promise<PyValue> => {
    const bytes = await inner.read(offset, inner.size - offset);
    return (await readPickleFile(new BufferSource(bytes, source.name), { observer: collector(names) })).value;
  };
  const keep = ({ array }: NpyFile): PyValue => {
    if (array.data instanceof LazyBytes) lazy.push(array.data);
    return array;
  };
  let value: PyValue;
  if (identity.format === 'npy') value = keep(await readNpy(from, objects));
  else {
    const dict = new PyDict();
    for (const [name, member] of await readNpz(from, objects)) dict.set(name, keep(await member.load()));
    value = dict;
  }
  return { ...common(source, identity), value, lazy, names: [...names.values()] };
}

/** Reads the arrays that are still in the file, so that lowering may look at them. */
export async function loadArrays(artifact: Artifact): Promise<void> {
  await loadLazy(artifact.lazy);
}
