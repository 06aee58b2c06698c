import type { LazyBytes } from '../bytes/lazy.js';
import type { Source } from '../bytes/source.js';
import { loadLazy, readPickleFile } from '../formats/pickle/read.js';
import type { PyGlobal, PyValue } from '../pickle/values.js';

/** What a file of Python objects holds, and what was seen while it was read. */
export interface Artifact {
  readonly format: string;
  /** The file, as the caller named it. */
  readonly file: string;
  readonly size: number;
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

/** Reads a pickle or joblib file of any generation. */
export async function readArtifact(source: Source, signal?: AbortSignal): Promise<Artifact> {
  const names = new Map<string, PyGlobal>();
  const file = await readPickleFile(source, {
    observer: {
      global: (name) => {
        const key = `${name.module}\n${name.name}`;
        if (!names.has(key)) names.set(key, name);
      },
    },
    ...(signal ? { signal } : {}),
  });
  return {
    format: file.joblib || file.compression.length > 0 ? 'joblib' : 'pickle',
    file: source.name,
    size: source.size,
    value: file.value,
    more: file.values.slice(1),
    protocol: file.protocol,
    compression: file.compression,
    parts: file.parts,
    names: [...names.values()],
    notes: file.notes,
    lazy: file.lazy,
  };
}

/** Reads the arrays that are still in the file, so that lowering may look at them. */
export async function loadArrays(artifact: Artifact): Promise<void> {
  await loadLazy(artifact.lazy);
}
