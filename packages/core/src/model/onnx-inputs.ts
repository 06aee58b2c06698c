import { BrineError } from '../errors.js';
import { matrix, type Column, type Data } from '../estimators/data.js';
import type { Estimator } from '../estimators/index.js';
import { requireFittedParts } from '../estimators/unfitted.js';
import { GraphBuilder, type V } from '../graph/builder.js';
import type { DType } from '../graph/tensor.js';

/** How a written file takes its input; `columns` where the model knows the names of its columns, unless told. */
export type OnnxInputs = 'columns' | 'matrix';

/** The input that holds all columns, or all documents. */
const WHOLE = 'X';

/**
 * Declares what a method takes, and gives it as the estimators want it: a column of a table each [N, 1] under its own
 * name (text as text, all else as double), or one `X` [N, features]; documents and labels as one `X` [N].
 * @throws BrineError UNSUPPORTED where the file does not tell what goes in
 */
export function declareInputs(
  estimator: Estimator,
  method: string,
  wanted: OnnxInputs | undefined,
  g: GraphBuilder,
): Data {
  if (method === 'inverse_transform') return backwards(estimator, wanted, g);
  if (estimator.takes === 'list') {
    const value = g.input(WHOLE, { dtype: listType(estimator), shape: [null], layout: 'dense' });
    return { kind: 'list', value };
  }
  const types = estimator.columns;
  const names = estimator.inputNames;
  const width =
    types?.length ?? estimator.nFeatures ?? names?.length ?? (estimator.name === 'IsotonicRegression' ? 1 : undefined);
  if (width === undefined) {
    requireFittedParts(estimator);
    throw new BrineError('UNSUPPORTED', `${estimator.name} does not tell how many columns it takes`, {
      path: estimator.path,
    });
  }
  const isText = (i: number): boolean => types?.[i] === 'text';
  const texts = Array.from({ length: width }, (_, i) => isText(i)).filter(Boolean).length;
  const uniform = texts === 0 || texts === width;
  if (wanted === 'matrix' && !uniform)
    throw new BrineError('BAD_ARGUMENT', `${texts} of the ${width} columns are text: they cannot share one matrix`);
  const named = names?.length === width && new Set(names).size === width && names.every((n) => n !== '');
  if (wanted === 'columns' || (wanted === undefined && named) || !uniform) {
    const columns = Array.from({ length: width }, (_, i): Column => {
      const name = named ? names[i] : undefined;
      const value = g.input(name ?? `x${i}`, {
        dtype: isText(i) ? 'string' : 'float64',
        shape: [null, 1],
        layout: 'dense',
      });
      return { name, value: g.flatten(value) };
    });
    return { kind: 'frame', columns };
  }
  const value = g.input(WHOLE, { dtype: texts > 0 ? 'string' : 'float64', shape: [null, width], layout: 'dense' });
  return matrix(value, named ? names : undefined);
}

/** Documents are text; a label encoder takes what its classes are. */
function listType(estimator: Estimator): DType {
  if (!estimator.name.includes('Label')) return 'string';
  const first = estimator.classes?.[0];
  return typeof first === 'string'
    ? 'string'
    : typeof first === 'boolean'
      ? 'bool'
      : typeof first === 'bigint' || Number.isInteger(first)
        ? 'int64'
        : 'float64';
}

/** What `transform` gives is what `inverse_transform` takes. */
function backwards(estimator: Estimator, wanted: OnnxInputs | undefined, g: GraphBuilder): Data {
  // In a graph that is thrown away.
  const scratch = new GraphBuilder();
  const out = estimator.transform(declareInputs(estimator, 'transform', wanted, scratch), scratch);
  if (out.kind === 'frame') {
    const columns = out.columns.map((c, i): Column => {
      const dtype = c.value.dtype === 'string' || c.value.dtype === 'object' ? 'string' : 'float64';
      return {
        name: c.name,
        value: g.flatten(g.input(c.name ?? `x${i}`, { dtype, shape: [null, 1], layout: 'dense' })),
      };
    });
    return { kind: 'frame', columns };
  }
  const like: V = out.value;
  const shape = like.shape.map((d, i) => (i === 0 ? null : d));
  const dtype = like.dtype === 'string' ? 'string' : shape.length === 1 && like.dtype === 'int64' ? 'int64' : 'float64';
  const value = g.input(WHOLE, { dtype, shape, layout: 'dense' });
  return shape.length === 1 ? { kind: 'list', value } : matrix(value);
}
