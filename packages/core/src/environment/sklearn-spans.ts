import { SWEPT, sklearnNames } from './sklearn-names.js';
import type { VersionRange } from './ranges.js';

/** The minor versions that have a name, as indices into SWEPT. */
type Span = readonly [number, number];

interface ModuleSpans {
  readonly whole: Span;
  readonly names: ReadonlyMap<string, Span>;
}

let table: ReadonlyMap<string, ModuleSpans> | undefined;

const indexOf = (minor: string, otherwise: number): number =>
  minor === '' ? otherwise : (SWEPT as readonly string[]).indexOf(minor);

function spanOf(text: string): Span {
  const [first = '', last = ''] = text.split('-');
  return [indexOf(first, 0), indexOf(last, SWEPT.length - 1)];
}

/** The table is text in the sources, so that it is small; it is taken apart when first asked. */
function modules(): ReadonlyMap<string, ModuleSpans> {
  if (table) return table;
  const read = new Map<string, ModuleSpans>();
  for (const line of sklearnNames.trim().split('\n')) {
    const [head, ...exceptions] = line.split('; ');
    const [module, whole] = head.split(' ');
    const names = new Map<string, Span>();
    for (const exception of exceptions) {
      const [when, ...listed] = exception.split(' ');
      for (const name of listed) names.set(name, spanOf(when));
    }
    read.set(module, { whole: spanOf(whole), names });
  }
  // Cython gave what is in sklearn._loss._loss this name while the build named modules without their package.
  const bare = spanOf('1.5-1.8');
  const within = ([first, last]: Span): Span => [Math.max(first, bare[0]), Math.min(last, bare[1])];
  const losses = read.get('sklearn._loss._loss')?.names ?? new Map<string, Span>();
  read.set('_loss', { whole: bare, names: new Map([...losses].map(([name, span]) => [name, within(span)])) });
  // What joblib saved through scikit-learn names a module inside of the copy that came with it.
  const joblib = read.get('sklearn.externals.joblib');
  if (joblib) read.set('sklearn.externals.joblib.numpy_pickle', { whole: joblib.whole, names: new Map() });
  return (table = read);
}

export interface NameSpan {
  /** The versions in which pickle finds the name; open ends where no swept version is without it. */
  readonly range: VersionRange;
  /** It is the module that other versions lack, not only the name in it. */
  readonly ofModule: boolean;
}

/** In which scikit-learn the name of a pickle is found; undefined for modules that no swept version has. */
export function sklearnSpan(module: string, name: string): NameSpan | undefined {
  const entry = modules().get(module);
  if (!entry) return undefined;
  const own = entry.names.get(name);
  const [first, last] = own ?? entry.whole;
  const range: VersionRange = {
    ...(first === 0 ? {} : { from: SWEPT[first] }),
    ...(last === SWEPT.length - 1 ? {} : { below: SWEPT[last + 1] }),
  };
  return { range, ofModule: own === undefined || (own[0] === entry.whole[0] && own[1] === entry.whole[1]) };
}

/** True where a version has the module (whether or not the name is in it). */
export function hasModule(module: string, version: string): boolean | undefined {
  const entry = modules().get(module);
  if (!entry) return undefined;
  const [major, minor] = version.split('.');
  const at = (SWEPT as readonly string[]).indexOf(`${major}.${minor}`);
  return at < 0 ? undefined : at >= entry.whole[0] && at <= entry.whole[1];
}
