import { BrineError } from '../errors.js';
import { addDefinitions, bind, loadEstimators, togetherDefinitions, type Estimator } from '../estimators/index.js';
import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { elements } from '../python/elements.js';
import { NdArray } from '../python/ndarray.js';
import type { Series } from '../python/pandas/frame.js';
import { PandasIndex } from '../python/pandas/pandas-index.js';
import type { Artifact } from './artifact.js';
import type { Model } from './model.js';
import { findParts } from './parts.js';
import { SavedModel } from './saved.js';

/** What one of several files is for. */
export interface Piece {
  readonly file: string;
  readonly role: 'columns' | 'transformer' | 'model' | 'labels';
  readonly value: PyValue;
  readonly estimator: Estimator | undefined;
}

/**
 * Makes one pipeline of files that belong together. `given`: in the order of the list. `evidence`: in the
 * order that the files themselves tell. Throws AMBIGUOUS, NOT_A_MODEL, BAD_ARGUMENT.
 */
export async function combine(artifacts: readonly Artifact[], order: 'given' | 'evidence'): Promise<Model> {
  const arranged = await arrange(artifacts, order);
  return combined(artifacts, arranged);
}

/** What each file is for, in the order in which they apply. Throws as `combine` does. */
export async function arrange(artifacts: readonly Artifact[], order: 'given' | 'evidence'): Promise<readonly Piece[]> {
  await loadEstimators([...artifacts.flatMap((a) => a.names.map((n) => n.module)), 'sklearn.pipeline']);
  addDefinitions(togetherDefinitions);
  const pieces = artifacts.map(pieceOf);
  return order === 'given' ? pieces : byEvidence(pieces);
}

/** The pipeline of files that were arranged. */
export function combined(artifacts: readonly Artifact[], arranged: readonly Piece[]): SavedModel {
  const value = pipelineOf(arranged);
  const [first] = artifacts;
  return new SavedModel({
    format: first?.format ?? 'pickle',
    file: arranged.map((p) => p.file).join(' + '),
    size: artifacts.reduce((sum, a) => sum + a.size, 0),
    sources: artifacts.flatMap((a) => a.sources),
    value,
    more: [],
    protocol: undefined,
    compression: [],
    parts: artifacts.flatMap((a) => a.parts),
    names: artifacts.flatMap((a) => a.names),
    notes: [`applied in this order: ${arranged.map((p) => p.file).join(', ')}`, ...artifacts.flatMap((a) => a.notes)],
    lazy: artifacts.flatMap((a) => a.lazy),
  });
}

function pieceOf(artifact: Artifact): Piece {
  const { file, value } = artifact;
  if (columnNames(value)) return { file, role: 'columns', value, estimator: undefined };
  const parts = findParts(value);
  const whole = parts.find((p) => p.path === '');
  if (!whole) {
    const inside = parts.map((p) => p.path).join(', ');
    throw new BrineError(
      'NOT_A_MODEL',
      'the file is neither an estimator nor a list of column names' +
        (inside === '' ? '' : `; it holds estimators at ${inside}`),
      { file },
    );
  }
  const estimator = bind(whole.instance);
  if (estimator.name === 'LabelEncoder') return { file, role: 'labels', value, estimator };
  const role = estimator.offers('predict') ? 'model' : estimator.offers('transform') ? 'transformer' : undefined;
  if (!role) throw new BrineError('NOT_A_MODEL', `${estimator.name} neither transforms nor predicts`, { file });
  return { file, role, value, estimator };
}

/** By its kind: whoever opens a model only need not load what reads tables. */
const isSeries = (value: PyValue): value is Series =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Series';

/** The names, if the value is a list of column names; undefined if it is something else. */
export function columnNames(value: PyValue): string[] | undefined {
  const items = Array.isArray(value)
    ? value
    : value instanceof PyTuple
      ? value.items
      : value instanceof PandasIndex
        ? value.labels()
        : value instanceof NdArray && value.shape.length === 1
          ? elements(value)
          : isSeries(value)
            ? value.column.values()
            : [];
  return items.length > 0 && items.every((x) => typeof x === 'string') ? items : undefined;
}

const instance = (module: string, name: string, state: Record<string, PyValue>): PyInstance => {
  const made = new PyInstance('new', new PyGlobal(module, name), new PyTuple([]));
  made.state = PyDict.from(Object.entries(state));
  return made;
};

function pipelineOf(pieces: readonly Piece[]): PyInstance {
  const steps: PyValue[] = [];
  const add = (name: string, value: PyValue): void => {
    steps.push(new PyTuple([name, value]));
  };
  pieces.forEach((piece, i) => {
    const last = steps.length - 1;
    const label = `step${i + 1}`;
    switch (piece.role) {
      case 'columns':
        add(label, instance('brine', 'SelectColumns', { columns: columnNames(piece.value)! }));
        break;
      case 'transformer':
        add(label, piece.value);
        break;
      case 'model': {
        const earlier = pieces.slice(0, i).find((p) => p.role === 'model');
        if (earlier)
          throw new BrineError(
            'AMBIGUOUS',
            `${earlier.file} and ${piece.file} both predict: which is the model? Open one at a time`,
          );
        add(label, piece.value);
        break;
      }
      case 'labels': {
        const model = steps[last];
        if (!(model instanceof PyTuple) || pieces[i - 1]?.role !== 'model')
          throw new BrineError(
            'BAD_ARGUMENT',
            `${piece.file} is a LabelEncoder and names what a model answers: put it behind the model`,
          );
        steps[last] = new PyTuple([
          label,
          instance('brine', 'DecodedLabels', { model: model.items[1]!, encoder: piece.value }),
        ]);
        break;
      }
    }
  });
  return instance('sklearn.pipeline', 'Pipeline', { steps });
}

// ---- the order that files tell ----------------------------------------------------------------------

const rank = { columns: 0, transformer: 1, model: 2, labels: 3 } as const;

/** Column names first, then transformers so that what comes out of one goes into the next, the model, labels. */
function byEvidence(pieces: readonly Piece[]): Piece[] {
  const of = (role: Piece['role']): Piece[] => pieces.filter((p) => p.role === role);
  const ask = (why: string): BrineError =>
    new BrineError(
      'AMBIGUOUS',
      `${why}; name the files in the order in which they apply: ${pieces.map((p) => p.file).join(', ')}`,
    );
  for (const role of ['columns', 'model', 'labels'] as const)
    if (of(role).length > 1)
      throw ask(
        `${of(role).length} of the files ${role === 'model' ? 'predict' : role === 'labels' ? 'are label encoders' : 'list columns'}`,
      );
  if (of('model').length + of('transformer').length === 0)
    throw new BrineError('NOT_A_MODEL', 'none of the files transforms or predicts');
  const chains = orders(of('transformer'), of('model')[0]);
  if (chains.length !== 1)
    throw ask(
      chains.length === 0
        ? `the numbers of features do not fit in any order (${[...of('transformer'), ...of('model')].map(widthsOf).join('; ')})`
        : 'the transformers fit in several orders',
    );
  return [...of('columns'), ...chains[0], ...of('model'), ...of('labels')].sort((a, b) => rank[a.role] - rank[b.role]);
}

/** Transformers in one folder: more have too many orders to try. */
const MAX_TRANSFORMERS = 6;

/** The orders of the transformers in which every number of features fits; several if that does not tell. */
function orders(transformers: readonly Piece[], model: Piece | undefined): Piece[][] {
  if (transformers.length > MAX_TRANSFORMERS) return [];
  if (transformers.length === 0) return [[]];
  const fitting: Piece[][] = [];
  const extend = (chain: readonly Piece[], rest: readonly Piece[]): void => {
    if (rest.length === 0) {
      if (fits(chain.at(-1), model)) fitting.push([...chain]);
      return;
    }
    for (const next of rest)
      if (chain.length === 0 || (fits(chain.at(-1), next) && next.estimator?.takes !== 'list'))
        extend(
          [...chain, next],
          rest.filter((p) => p !== next),
        );
  };
  extend([], transformers);
  return fitting;
}

/** What goes in and comes out, where the file tells. */
function widthsOf({ file, role, estimator }: Piece): string {
  const out = role === 'transformer' && estimator ? widthOut(estimator) : undefined;
  const into = estimator?.nFeatures;
  return `${file} takes ${into ?? 'any number'}${out === undefined ? '' : ` and gives ${out}`}`;
}

function fits(from: Piece | undefined, to: Piece | undefined): boolean {
  const out = from?.estimator && widthOut(from.estimator);
  const into = to?.estimator?.nFeatures;
  return out === undefined || into === undefined || out === into;
}

function widthOut(estimator: Estimator): number | undefined {
  try {
    return estimator.offers('get_feature_names_out') ? estimator.outputNames().length : undefined;
  } catch {
    return undefined;
  }
}
