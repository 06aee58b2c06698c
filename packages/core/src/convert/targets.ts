import { BrineError } from '../errors.js';
import type { Encoding } from '../bytes/compress.js';
import type { Target } from './target.js';

/** Targets load when they are used. Add one by a line here and a file that exports a Target. */
const table: readonly (Omit<Target, 'prepare'> & { readonly load: () => Promise<Pick<Target, 'prepare'>> })[] = [
  {
    name: 'pickle',
    extensions: ['pkl', 'pickle', 'p', 'sav', 'dill'],
    what: 'for pickle.load',
    load: () => import('./to-pickle.js'),
  },
  {
    name: 'joblib',
    extensions: ['joblib', 'jbl', 'jl'],
    what: 'for joblib.load; its arrays can be mapped, or all of it compressed',
    load: () => import('./to-joblib.js'),
  },
  {
    name: 'skops',
    extensions: ['skops'],
    what: 'for skops.io.load, which runs nothing that nobody trusts',
    load: () => import('./to-skops.js'),
  },
  {
    name: 'npy',
    extensions: ['npy'],
    what: 'one array, for numpy.load',
    load: () => import('./to-npy.js').then((m) => m.npy),
  },
  {
    name: 'npz',
    extensions: ['npz'],
    what: 'the arrays, for numpy.load: of a model, by their paths inside of it',
    load: () => import('./to-npy.js').then((m) => m.npz),
  },
  {
    name: 'onnx',
    extensions: ['onnx'],
    what: 'a graph of operators, for onnxruntime anywhere; exact, or refused',
    load: () => import('./to-onnx.js'),
  },
];

/** The formats that files are converted to, in the order in which they are listed. */
export const targets: readonly Target[] = table.map(({ load, ...rest }) => ({
  ...rest,
  prepare: async (subject) => (await load()).prepare(subject),
}));

/** What the extensions of compressed files mean, as joblib reads them. */
const encodings: ReadonlyMap<string, Encoding> = new Map([
  ['z', 'zlib'],
  ['gz', 'gzip'],
  ['lz4', 'lz4'],
  ['xz', 'xz'],
]);

/** The target and the compression that a file's name asks for, as in `model.joblib.gz`. */
export function targetOfName(name: string): { target: Target | undefined; compress: Encoding | undefined } {
  const parts = (name.split(/[/\\]/).at(-1) ?? '').toLowerCase().split('.').slice(1);
  const compress = encodings.get(parts.at(-1) ?? '');
  const extension = parts.at(compress ? -2 : -1) ?? '';
  return { target: targets.find((t) => t.extensions.includes(extension)), compress };
}

/** The target of that name or extension. Throws BAD_ARGUMENT, listing those that there are. */
export function targetNamed(name: string): Target {
  const wanted = name.toLowerCase().replace(/^\./, '');
  const target = targets.find((t) => t.name === wanted || t.extensions.includes(wanted));
  if (target) return target;
  throw new BrineError(
    'BAD_ARGUMENT',
    `${JSON.stringify(name)} is no format that is written: there are ${targets.map((t) => t.name).join(', ')}`,
  );
}
