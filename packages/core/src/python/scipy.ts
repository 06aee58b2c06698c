/** scipy's sparse classes: `scipy.sparse._csr` since 1.8, `scipy.sparse.csr` before, plain `scipy.sparse` seldom. */
import { PyTuple, type PyInstance, type PyValue } from '../pickle/values.js';
import { elementCount } from './check.js';
import type { Builder, Library } from './library.js';
import { SparseMatrix, type SparseFormat } from './sparse.js';

const formats: readonly SparseFormat[] = ['csr', 'csc', 'coo', 'bsr', 'dia', 'lil', 'dok'];

const build =
  (format: SparseFormat, container: 'matrix' | 'array'): Builder =>
  (instance: PyInstance, state: PyValue) => {
    instance.state = state;
    const shape = instance.attribute('_shape');
    if (!(shape instanceof PyTuple)) return undefined;
    // Only the form of the shape is checked here: a sparse matrix may have more cells than any array.
    for (const n of shape.items) elementCount([n]);
    return new SparseMatrix(format, container, shape.items as number[], instance);
  };

const classes = Object.fromEntries(
  formats.flatMap((format) => [
    [`${format}_matrix`, build(format, 'matrix')],
    [`${format}_array`, build(format, 'array')],
  ]),
);

export const scipy: Library = {
  builds: Object.fromEntries(
    [
      'scipy.sparse',
      'scipy.sparse._arrays',
      ...formats.flatMap((format) => [`scipy.sparse._${format}`, `scipy.sparse.${format}`]),
    ].map((module) => [module, classes]),
  ),
};
