import { BrineError } from '../errors.js';
import { loadEstimators, type Version } from '../estimators/index.js';
import { arrange, columnNames, combined, type Piece } from '../model/combine.js';
import { loadArrays, type Artifact } from '../model/artifact.js';
import { SavedModel } from '../model/saved.js';
import { PyInstance, type PyValue } from '../pickle/values.js';
import { verifyModels, type VerifyReport } from '../verify/index.js';
import { piecesOf } from './pieces.js';
import { columnSelector, pipelineOf } from './column-selector.js';
import { relabelled } from './relabel.js';

/** One file of a bundle, and what became of it. */
export interface BundledFile {
  readonly file: string;
  /** `columns`, `transformer`, `model` or `labels`. */
  readonly role: Piece['role'];
  /** The class in the file, or what it lists. */
  readonly what: string;
  /** Why it is in this place, in a clause. */
  readonly because: string;
}

/** Methods by which the pipeline is compared with the files applied in turn. */
const COMPARED = ['predict', 'predict_proba', 'decision_function', 'predict_log_proba', 'transform'];

/** Files that were saved side by side, as one Pipeline of scikit-learn's own classes. */
export interface Bundle {
  readonly model: SavedModel;
  /** In the order in which they apply. */
  readonly files: readonly BundledFile[];
  /** What the pipeline answers, compared with the files applied in turn. */
  readonly verified: VerifyReport;
  readonly notes: readonly string[];
}

/**
 * Makes one Pipeline of files that belong together: a list of column names becomes a column selection, a label
 * encoder's names become the classes of the model. `given`: in the order of the list; `evidence`: in the order that
 * the files themselves tell. A file that holds several of these is taken apart; `lenient` leaves aside files that hold
 * none, and says so. What it answers is compared with the files applied in turn before it is given back.
 *
 * Throws AMBIGUOUS, NOT_A_MODEL, BAD_ARGUMENT as `open` of several files does, and UNSUPPORTED where no pipeline of
 * scikit-learn's classes answers the same.
 */
export async function bundle(
  files: readonly Artifact[],
  order: 'given' | 'evidence',
  options: { readonly lenient?: boolean } = {},
): Promise<Bundle> {
  for (const artifact of files) await loadArrays(artifact);
  await loadEstimators(files.flatMap((a) => a.names.map((n) => n.module)));
  const { artifacts, notes: aside } = piecesOf(files, options.lenient === true);
  if (artifacts.length < 2)
    throw new BrineError(
      'BAD_ARGUMENT',
      `a bundle is made of two things at least${artifacts[0] ? `, and there is only ${artifacts[0].file}` : ''}`,
    );
  const pieces = await arrange(artifacts, order);
  const inTurn = combined(artifacts, pieces);
  await loadEstimators([
    'sklearn.pipeline',
    'sklearn.compose._column_transformer',
    'sklearn.preprocessing._function_transformer',
  ]);
  const version = versionOf(pieces);
  const notes = [...aside, ...mixedVersions(pieces)];
  const labels = pieces.find((piece) => piece.role === 'labels');
  const value = pipelineOf(stepsOf(pieces, version), version);
  const model = new SavedModel({ ...inTurn.artifact, value, notes: [] });
  // What the files in turn decode, and what tells most: stages and distances follow from those.
  const methods = COMPARED.filter((name) => inTurn.methods.includes(name));
  const verified = await verifyModels(inTurn, model, { names: ['the files in turn', 'the pipeline'], methods });
  if (!verified.same)
    throw new BrineError(
      'UNSUPPORTED',
      labels
        ? `${labels.file}: the model does not answer with the encoder’s labels when its classes are renamed; leave the encoder out, and decode the answers yourself`
        : `no pipeline answers as the files do in turn: ${verified.notes.join('; ')}`,
    );
  return { model, files: pieces.map((piece, i) => described(piece, pieces[i - 1], order)), verified, notes };
}

/** The name that scikit-learn's make_pipeline gives a step. */
function stepName(value: PyInstance, taken: ReadonlySet<string>): string {
  const name = value.name.toLowerCase();
  let unique = name;
  for (let i = 2; taken.has(unique); i++) unique = `${name}-${i}`;
  return unique;
}

function stepsOf(pieces: readonly Piece[], version: Version): [string, PyValue][] {
  const steps: [string, PyValue][] = [];
  const taken = new Set<string>();
  const add = (value: PyInstance): void => {
    const name = stepName(value, taken);
    taken.add(name);
    steps.push([name, value]);
  };
  const encoder = pieces.find((piece) => piece.role === 'labels')?.value;
  pieces.forEach((piece, i) => {
    if (piece.role === 'columns') {
      const next = pieces[i + 1]?.value;
      const tables = next instanceof PyInstance && next.attribute('feature_names_in_') !== undefined;
      add(columnSelector(columnNames(piece.value) ?? [], version, tables));
    } else if (piece.role !== 'labels' && piece.value instanceof PyInstance) {
      add(piece.role === 'model' && encoder instanceof PyInstance ? relabelled(piece.value, encoder) : piece.value);
    }
  });
  return steps;
}

/** The version that the pipeline is to be loaded by: the model's, or the last step's. */
function versionOf(pieces: readonly Piece[]): Version {
  const estimators = pieces.filter((piece) => piece.role !== 'labels').flatMap((piece) => piece.estimator ?? []);
  const last = estimators.at(-1);
  if (!last) throw new BrineError('NOT_A_MODEL', 'none of the files transforms or predicts');
  return last.version;
}

function mixedVersions(pieces: readonly Piece[]): string[] {
  const versions = new Set(pieces.flatMap((piece) => piece.estimator?.version.text ?? []));
  if (versions.size < 2) return [];
  return [
    `the files were written by scikit-learn ${[...versions].join(' and ')}: \`brine migrate\` the bundle to one version before Python loads it`,
  ];
}

function described(piece: Piece, before: Piece | undefined, order: 'given' | 'evidence'): BundledFile {
  const { file, role, value, estimator } = piece;
  const columns = columnNames(value);
  const what = columns ? `${columns.length} column names` : (estimator?.name ?? '');
  return { file, role, what, because: order === 'given' ? 'in the order given' : reason(piece, before) };
}

function reason({ role, estimator }: Piece, before: Piece | undefined): string {
  switch (role) {
    case 'columns':
      return 'it lists column names: they are chosen first';
    case 'labels':
      return 'it is a LabelEncoder: it names the model’s answers';
    case 'model':
      return before?.estimator ? `it predicts, from ${widths(estimator?.nFeatures)}` : 'it predicts';
    case 'transformer':
      return estimator?.takes === 'list' ? 'it takes documents' : `it takes ${widths(estimator?.nFeatures)}`;
  }
}

const widths = (n: number | undefined): string => (n === undefined ? 'what comes before' : `${n} columns`);
