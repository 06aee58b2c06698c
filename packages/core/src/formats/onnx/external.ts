import { BrineError } from '../../errors.js';
import type { Source } from '../../bytes/source.js';
import { tensor } from '../../graph/tensor.js';
import { sizeOf } from '../../graph/tensor.js';
import type { Pending } from './build.js';
import { MAX_LOCATION } from './limits.js';
import { fromRaw, rawLength } from './tensor.js';

/**
 * Reads the weights that lie outside the graph: in files beside the model, or further on in a large one.
 * A location may only lead into the model's own folder (CVE-2022-25882, CVE-2024-27318); links are for the
 * source to refuse, which alone can see them.
 */
export async function loadPending(source: Source, pending: readonly Pending[]): Promise<void> {
  const files = new Map<string, Source>();
  try {
    for (const weight of pending) {
      const { location } = weight.elsewhere;
      const file = location === undefined ? source : await beside(source, location, weight.name, files);
      weight.put(await load(file, weight));
    }
  } finally {
    for (const file of files.values()) await file.close?.();
  }
}

async function load(file: Source, weight: Pending): Promise<ReturnType<typeof tensor>> {
  const { dtype, shape, name, elsewhere } = weight;
  if (dtype === 'string')
    throw new BrineError('CORRUPT', `the tensor ${name} has external strings`, { file: file.name });
  const size = sizeOf(shape);
  const wanted = rawLength(dtype, size);
  const length = elsewhere.length ?? Math.max(0, file.size - elsewhere.offset);
  if (length !== wanted)
    throw new BrineError('CORRUPT', `the tensor ${name} takes ${wanted} bytes; its place has ${length}`, {
      file: file.name,
      offset: elsewhere.offset,
    });
  if (elsewhere.offset + length > file.size)
    throw new BrineError(
      'TRUNCATED',
      `the tensor ${name} needs ${length} bytes at ${elsewhere.offset} of ${file.size}`,
      {
        file: file.name,
        offset: elsewhere.offset,
      },
    );
  return tensor(dtype, shape, fromRaw(dtype, size, await file.read(elsewhere.offset, length), name));
}

async function beside(source: Source, location: string, name: string, files: Map<string, Source>): Promise<Source> {
  const path = checkedLocation(location, name, source.name);
  const known = files.get(path);
  if (known) return known;
  const file = await source.sibling?.(path, true);
  if (!file)
    throw new BrineError('MISSING_PART', `the tensor ${name} lies in ${path}, which is not beside the model`, {
      file: source.name,
    });
  files.set(path, file);
  return file;
}

/** A relative path that stays below the model's folder, in one spelling. */
export function checkedLocation(location: string, name: string, file: string): string {
  const parts = location.split('/').filter((part) => part !== '' && part !== '.');
  const outside =
    location.length > MAX_LOCATION ||
    location.startsWith('/') ||
    /[\\\0:]/.test(location) ||
    parts.length === 0 ||
    parts.includes('..');
  if (outside)
    throw new BrineError(
      'CORRUPT',
      `the tensor ${name} points at ${JSON.stringify(location.slice(0, 200))}, outside the model's folder`,
      { file },
    );
  return parts.join('/');
}
