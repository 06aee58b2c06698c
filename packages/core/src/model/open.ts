import { BlobSource, BufferSource, type Source } from '../bytes/source.js';
import { loadEstimators } from '../estimators/index.js';
import { BrineError } from '../errors.js';
import { readArtifact } from './artifact.js';
import type { Model } from './model.js';
import { SavedModel } from './saved.js';

export interface OpenOptions {
  /** The estimator to open inside an artifact that holds several: a path that `parts` lists. */
  readonly pick?: string;
  /** What to call the source in messages. */
  readonly name?: string;
  readonly signal?: AbortSignal;
}

/** What `open` takes where there is no file system: bytes or a Blob (a File), or any Source. */
export type OpenSource = Uint8Array | ArrayBuffer | Blob | Source;

/**
 * Opens a saved model and reads what it is. Nothing in it is run.
 * Throws EMPTY, TRUNCATED, CORRUPT, UNSUPPORTED, UNKNOWN_FORMAT, NOT_A_MODEL, LIMIT …
 */
export async function open(source: OpenSource, options: OpenOptions = {}): Promise<Model> {
  const from = sourceOf(source, options.name);
  if (from.size === 0) throw new BrineError('EMPTY', 'the file has no content', { file: from.name });
  const artifact = await readArtifact(from, options.signal);
  await loadEstimators(artifact.names.map((n) => n.module));
  return new SavedModel(artifact, options.pick);
}

function sourceOf(source: OpenSource, name: string | undefined): Source {
  if (source instanceof Uint8Array) return new BufferSource(source, name);
  if (source instanceof ArrayBuffer) return new BufferSource(new Uint8Array(source), name);
  if (source instanceof Blob) return new BlobSource(source, name);
  return source;
}
