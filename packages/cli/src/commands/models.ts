import { open as openCore, openFolder, type Model, type OpenOptions, type Source } from '@brine/core';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileSource } from '../source/file.js';
import { useNodeZlib } from '../source/platform.js';

/** A model and what must be closed after use. */
export interface OpenedModel {
  readonly model: Model;
  close(): Promise<void>;
}

/** Opens a file, several that belong together, or a folder of them. Throws as `open` does. */
export async function openModels(paths: readonly string[], options: OpenOptions = {}): Promise<OpenedModel> {
  useNodeZlib();
  const folder = paths.length === 1 && isFolder(paths[0]);
  const sources: Source[] = [];
  for (const path of folder ? filesOf(paths[0]) : paths) sources.push(await fileSource(path));
  const model = folder
    ? await openFolder(sources, options)
    : await openCore(sources.length === 1 ? sources[0] : sources, options);
  return {
    model,
    async close() {
      await model.close();
      for (const source of sources) await source.close?.();
    },
  };
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Files whose names are those of saved Python objects. */
const SAVED = /\.(pkl|pickle|joblib|jbl|sav|skops|p|model|dump|dat|bin)(\.(gz|bz2|xz|z|lzma|lz4|zst))?$/i;

/** The files directly in a folder that may hold models, sorted by name. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && SAVED.test(entry.name))
    .map((entry) => join(folder, entry.name))
    .sort();
}
