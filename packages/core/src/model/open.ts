import { audit } from '../audit/lazy.js';
import type { AuditReport } from '../audit/report.js';
import { BlobSource, BufferSource, type Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { loadEstimators } from '../estimators/index.js';
import { formatNames, identify, type Format, type Identity } from '../formats/identify/index.js';
import { pickledArtifact, readArrays, readPickled, type Artifact } from './artifact.js';
import { combine } from './combine.js';
import type { RunLimits } from '../runtime/budget.js';
import type { Model } from './model.js';
import { SavedModel } from './saved.js';

export interface OpenOptions {
  /** The estimator to open inside an artifact that holds several: a path that `parts` lists. */
  readonly pick?: string;
  /** What to call the source in messages. */
  readonly name?: string;
  readonly signal?: AbortSignal;
  /** What a run of a graph file may spend: more than the usual for graphs that loop for long. */
  readonly budget?: RunLimits;
  /**
   * Of skops files: the names that may be in them beside those that skops trusts by itself, as `get_untrusted_types`
   * lists them. Anything else is refused before any of it is made. Without a list nothing is refused: brine runs
   * nothing of a file anyway.
   */
  readonly trusted?: readonly string[];
  /** Judges the file while it is read, for who asks for the `audit` anyway: a pickle is then read once and not twice. */
  readonly audit?: boolean;
}

/** What `open` takes where there is no file system: bytes or a Blob (a File), or any Source. */
export type OpenSource = Uint8Array | ArrayBuffer | Blob | Source;

type Reader = (source: Source, identity: Identity, options: OpenOptions) => Promise<Model>;

const pickled: Reader = async (source, identity, options) => {
  if (options.audit !== true || identity.compression.length > 0)
    return saved(await readPickled(source, identity, options.signal), identity, options);
  let artifact: Artifact | undefined;
  const report = await audit(source, {
    read: (file, names) => (artifact = pickledArtifact(source, identity, file, names)),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  // What the audit could not read to its end, or need not read, is read as ever: with the error that says why.
  return saved(artifact ?? (await readPickled(source, identity, options.signal)), identity, options, report);
};
const arrays: Reader = async (source, identity, options) =>
  saved(await readArrays(source, identity), identity, options);

/** The formats that brine reads today; heavy ones load on demand. */
const readers: Readonly<Partial<Record<Format, Reader>>> = {
  pickle: pickled,
  joblib: pickled,
  npy: arrays,
  npz: arrays,
  skops: async (source, identity, options) =>
    saved(await (await import('./skops.js')).readSkops(source, identity, options.trusted), identity, options),
  onnx: async (source, identity, options) =>
    (await import('./graph_model.js')).openOnnx(source, identity, options.budget),
};

/**
 * Opens a saved model and reads what it is. Nothing in it is run. Several sources are opened as one
 * pipeline, applied in that order: transformers, a model, and beside them a list of column names or a label
 * encoder.
 *
 * Throws EMPTY, TRUNCATED, CORRUPT, UNSUPPORTED, UNKNOWN_FORMAT, NOT_A_MODEL, LIMIT, AMBIGUOUS …
 */
export async function open(source: OpenSource | readonly OpenSource[], options: OpenOptions = {}): Promise<Model> {
  if (!isList(source)) return openOne(sourceOf(source, options.name), options);
  if (source.length === 1) return openOne(sourceOf(source[0], options.name), options);
  const artifacts: Artifact[] = [];
  for (const one of source) artifacts.push(await readForPipeline(sourceOf(one, undefined), options));
  return combine(artifacts, 'given');
}

/**
 * Opens files that lie in one folder as one pipeline. Their order follows from the files' own evidence
 * (what takes documents, how many features come out and go in); throws AMBIGUOUS where that does not settle it.
 */
export async function openFolder(sources: readonly Source[], options: OpenOptions = {}): Promise<Model> {
  const artifacts: Artifact[] = [];
  for (const source of sources) artifacts.push(await readForPipeline(source, options));
  return combine(artifacts, 'evidence');
}

/** Reads one of the files that make a pipeline. Throws as `open` does, and UNSUPPORTED for what Python did not save. */
export async function readForPipeline(source: Source, options: OpenOptions = {}): Promise<Artifact> {
  const identity = await identified(source, options);
  if (identity.format === 'skops') return (await import('./skops.js')).readSkops(source, identity, options.trusted);
  if (identity.format !== 'pickle' && identity.format !== 'joblib')
    throw new BrineError('UNSUPPORTED', `${formatNames[identity.format]} files cannot be part of a pipeline`, {
      file: source.name,
    });
  return readPickled(source, identity, options.signal);
}

async function openOne(source: Source, options: OpenOptions): Promise<Model> {
  const identity = await identified(source, options);
  const reader = readers[identity.format];
  if (!reader)
    throw new BrineError(
      'UNSUPPORTED',
      `this is ${formatNames[identity.format]} (${identity.why}), which brine recognises but does not open yet`,
      { file: source.name },
    );
  return reader(source, identity, options);
}

async function identified(source: Source, options: OpenOptions): Promise<Identity> {
  const identity = await identify(source, options.name ?? source.name);
  if (identity.problem) throw identity.problem;
  return identity;
}

async function saved(
  artifact: Artifact,
  identity: Identity,
  options: OpenOptions,
  report?: AuditReport,
): Promise<Model> {
  await loadEstimators(artifact.names.map((n) => n.module));
  const notes = identity.mismatch === undefined ? artifact.notes : [identity.mismatch, ...artifact.notes];
  return new SavedModel({ ...artifact, notes }, options.pick, report);
}

function isList(source: OpenSource | readonly OpenSource[]): source is readonly OpenSource[] {
  return Array.isArray(source);
}

function sourceOf(source: OpenSource, name: string | undefined): Source {
  if (source instanceof Uint8Array) return new BufferSource(source, name);
  if (source instanceof ArrayBuffer) return new BufferSource(new Uint8Array(source), name);
  if (source instanceof Blob) return new BlobSource(source, name);
  return source;
}
