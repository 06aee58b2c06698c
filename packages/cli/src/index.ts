/**
 * brine for Node: everything of @brine/core, and files. What rewrites and compares models is in `brine/tools`.
 *
 *     import { open } from 'brine';
 *     const model = await open('model.joblib');
 *     const labels = await model.run('predict', { columns: { age: [31], plan: ['free'] } });
 */
import { statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BrineError,
  identify,
  open as openSource,
  openFolder,
  type Model,
  type OpenOptions,
  type OpenSource,
  type Source,
} from '@brine/core';
import { fileSource } from './source/file.js';
import { useNodeDeflate, useNodeZlib } from './source/platform.js';

export * from '@brine/core';
export { fileSource };

useNodeZlib();
useNodeDeflate();

/** A path, a file URL, or whatever @brine/core opens. */
export type NodeSource = OpenSource | string | URL;

/**
 * As `open` of @brine/core, and for paths and file URLs too. A folder is opened as one pipeline where the
 * order of its files is plain from their own evidence; AMBIGUOUS says so where it is not.
 */
export async function open(source: NodeSource | readonly NodeSource[], options: OpenOptions = {}): Promise<Model> {
  if (isList(source)) return openSource(await Promise.all(source.map(sourceOf)), options);
  if (isPath(source) && isFolder(source)) return openFolder(await modelsIn(pathOf(source)), options);
  return openSource(await sourceOf(source), options);
}

function isList(source: NodeSource | readonly NodeSource[]): source is readonly NodeSource[] {
  return Array.isArray(source);
}

function isPath(source: NodeSource): source is string | URL {
  return typeof source === 'string' || source instanceof URL;
}

const pathOf = (source: string | URL): string => (typeof source === 'string' ? source : fileURLToPath(source));

async function sourceOf(source: NodeSource): Promise<OpenSource> {
  return isPath(source) ? fileSource(source) : source;
}

/** At once: waiting for a thread takes longer than the question. */
function isFolder(path: string | URL): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // What is wrong with the path, fileSource says.
    return false;
  }
}

/** The pickle, joblib and skops files of a folder, by name; joblib's own parts (`_01.npy`) are not among them. */
async function modelsIn(folder: string): Promise<Source[]> {
  const names = (await readdir(folder, { withFileTypes: true })).filter((e) => e.isFile()).map((e) => e.name);
  const sources: Source[] = [];
  for (const name of names.sort()) {
    const source = await fileSource(join(folder, name));
    const { format } = await identify(source);
    if (format === 'pickle' || format === 'joblib' || format === 'skops') sources.push(source);
  }
  if (sources.length === 0)
    throw new BrineError('NOT_A_MODEL', 'the folder holds no pickle, joblib or skops file', { file: folder });
  return sources;
}
