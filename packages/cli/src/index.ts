/**
 * brine for Node: everything of @brine/core, and files.
 *
 *     import { open } from 'brine';
 *     const model = await open('model.joblib');
 */
import { open as openSource, type Model, type OpenOptions, type OpenSource } from '@brine/core';
import { fileSource } from './source/file.js';
import { useNodeZlib } from './source/platform.js';

export * from '@brine/core';

useNodeZlib();

/** As `open` of @brine/core, and for a path or a file URL too. */
export async function open(source: OpenSource | string | URL, options: OpenOptions = {}): Promise<Model> {
  const from = typeof source === 'string' || source instanceof URL ? await fileSource(source) : source;
  return openSource(from, options);
}
