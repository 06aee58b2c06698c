import { BrineError } from '../../errors.js';
import type { Hdf5File } from './file.js';
import { MAX_OBJECTS } from './limits.js';
import { readObject, type Hdf5Object } from './objects.js';

export interface Hdf5Found {
  /** From the root: `/model_weights/dense`. Names are the file's, and may hold anything. */
  readonly path: string;
  readonly object: Hdf5Object;
}

/**
 * Every object that hard links reach from the root, once each, parents before children. Links to other files are
 * told, never followed. A damaged object is given to `damaged`, and the walk goes on.
 */
export async function* walkHdf5(
  file: Hdf5File,
  damaged: (path: string, error: BrineError) => void,
): AsyncGenerator<Hdf5Found> {
  const seen = new Set<number>([file.root]);
  const todo: { path: string; address: number }[] = [{ path: '', address: file.root }];
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const path = next.path === '' ? '/' : next.path;
    let object: Hdf5Object;
    try {
      object = await readObject(file, next.address);
    } catch (error) {
      if (!(error instanceof BrineError) || error.code === 'READ' || error.code === 'ABORTED') throw error;
      damaged(path, error);
      continue;
    }
    yield { path, object };
    for (let i = object.links.length - 1; i >= 0; i--) {
      const { name, address } = object.links[i];
      if (address === undefined || seen.has(address)) continue;
      if (seen.size >= MAX_OBJECTS) {
        damaged(path, new BrineError('LIMIT', `HDF5: more than ${MAX_OBJECTS} objects are not looked at`));
        return;
      }
      seen.add(address);
      todo.push({ path: `${next.path}/${name}`, address });
    }
  }
}
