/** What of the files, and of what is inside of them, a bundle is made of. */
import { BrineError } from '../errors.js';
import { bind } from '../estimators/index.js';
import type { Artifact } from '../model/artifact.js';
import { columnNames } from '../model/combine.js';
import { findParts } from '../model/parts.js';
import { PyDict, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';

/** The pieces, and what was left aside. */
export interface Pieces {
  readonly artifacts: readonly Artifact[];
  readonly notes: readonly string[];
}

/** Under such a key a list of texts names columns, and not classes or stop words. */
const COLUMNS = /feature|column|\bcols?\b|cols?_|_cols?|inputs?/i;
const OTHER_LISTS = /target|class|label|encod|output|stop/i;

/**
 * Files that hold several things at once, `{'model': …, 'scaler': …}`, as what they hold. With `lenient`, files that
 * hold nothing of use (measures, remarks) are left aside and named; else `arrange` refuses them.
 */
export function piecesOf(artifacts: readonly Artifact[], lenient: boolean): Pieces {
  const notes: string[] = [];
  const out: Artifact[] = [];
  for (const artifact of artifacts) {
    const inside = takenApart(artifact, notes);
    if (inside) out.push(...inside);
    else if (lenient && !isOfUse(artifact.value)) notes.push(`left aside: ${artifact.file}, which holds no estimator`);
    else out.push(artifact);
  }
  return { artifacts: out, notes };
}

const isOfUse = (value: PyValue): boolean => columnNames(value) !== undefined || findParts(value).length > 0;

/** The estimators and column names of a dict, tuple or list that holds a chain of them; undefined for anything else. */
function takenApart(artifact: Artifact, notes: string[]): Artifact[] | undefined {
  const { value, file } = artifact;
  const entries = entriesOf(value);
  const held = entries.filter(([, item]) => isEstimator(item));
  // Encoders of single columns are no chain: who holds nothing else is refused as it is, with what it holds.
  if (!held.some(([, item]) => (item as PyInstance).name !== 'LabelEncoder')) return undefined;
  const found: Artifact[] = [];
  for (const [step, item] of entries) {
    const names = COLUMNS.test(step) && !OTHER_LISTS.test(step) ? columnNames(item) : undefined;
    if (isEstimator(item) || names) {
      // What belongs to the file as a whole is the first one's, so that nothing is read or closed twice.
      const whole = found.length === 0 ? {} : { sources: [], lazy: [], size: 0, names: [], notes: [] };
      found.push({ ...artifact, ...whole, value: item, file: `${file}${step}` });
    } else if (findParts(item).length > 0) {
      const inside = findParts(item).map((part) => `${step}.${part.path}`);
      throw new BrineError(
        'NOT_A_MODEL',
        `the file holds estimators deeper inside, whose place in a chain nothing tells: ${inside.join(', ')}`,
        { file },
      );
    } else notes.push(`left aside: ${file}${step}, which is no estimator and no list of columns`);
  }
  return found;
}

/** The steps into a container and what lies there. */
function entriesOf(value: PyValue): [string, PyValue][] {
  if (value instanceof PyDict)
    return [...value.entries()].map(([key, item]) => [
      `[${JSON.stringify(typeof key === 'string' ? key : '…')}]`,
      item,
    ]);
  const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : [];
  return items.map((item, i) => [`[${i}]`, item]);
}

function isEstimator(value: PyValue): value is PyInstance {
  if (!(value instanceof PyInstance)) return false;
  try {
    const { methods } = bind(value);
    return methods.includes('predict') || methods.includes('transform');
  } catch (error) {
    if (error instanceof BrineError) return false;
    throw error;
  }
}
