import type { Source } from '../../bytes/source.js';
import { decompress } from '../../bytes/decompress.js';
import type { LazyBytes } from '../../bytes/lazy.js';
import { BrineError } from '../../errors.js';
import { PyTuple } from '../../pickle/values.js';
import { settleArray } from '../../python/numpy.js';
import { isNpy } from '../npy/header.js';
import { readNpy, type ReadObjects } from '../npy/read.js';
import type { Part } from './wrappers.js';

/** How many parts are read at a time. */
const AT_ONCE = 16;

/**
 * Reads the files that hold a joblib (≤ 0.9) pickle's arrays. Where a file has been renamed since, so that
 * the names inside no longer match, the one beside it with the same number stands in; `notes` says so.
 * Throws MISSING_PART where there is none, AMBIGUOUS where there are several.
 */
export async function readParts(
  source: Source,
  parts: readonly Part[],
  notes: string[],
  readObjects: ReadObjects,
): Promise<{ names: string[]; lazy: LazyBytes[] }> {
  if (parts.length === 0) return { names: [], lazy: [] };
  const names = await locate(source, parts, notes);
  const lazy: LazyBytes[] = [];
  for (let i = 0; i < parts.length; i += AT_ONCE) {
    await Promise.all(
      parts.slice(i, i + AT_ONCE).map(async (part, k) => {
        const name = names[i + k];
        const file = await source.sibling?.(name);
        if (!file) throw missing(source, name, parts.length);
        await readPart(file, part, readObjects);
        if ('load' in part.array.data) lazy.push(part.array.data);
      }),
    );
  }
  return { names, lazy };
}

async function readPart(file: Source, part: Part, readObjects: ReadObjects): Promise<void> {
  const start = await file.read(0, Math.min(6, file.size));
  if (isNpy(start)) {
    const { array } = await readNpy(file, readObjects);
    part.array.become(array);
    return;
  }
  const isZf = start[0] === 0x5a && start[1] === 0x46;
  if (!isZf) {
    throw new BrineError('CORRUPT', 'a part of a joblib file is neither .npy nor compressed by joblib', {
      file: file.name,
      offset: 0,
    });
  }
  const bytes = await decompress('zf', file);
  if (part.state) settleArray(part.array, new PyTuple([...part.state.items, bytes]));
  else
    throw new BrineError('CORRUPT', 'a part is compressed, but the file does not say what it holds', {
      file: file.name,
    });
}

/** The name of each part's file, in order. */
async function locate(source: Source, parts: readonly Part[], notes: string[]): Promise<string[]> {
  const written = parts.map((part) => baseName(part.filename));
  if (await source.sibling?.(written[0])) return written;

  const own = baseName(source.name);
  const numbers = written.map(numberOf);
  const listed = (await source.siblings?.()) ?? [];
  // By what stands before `_NN.npy`: the files that could be all the parts together.
  const families = new Map<string, Map<string, string>>();
  for (const name of listed) {
    const number = numberOf(name);
    if (number === undefined) continue;
    const stem = name.slice(0, name.length - number.length);
    let family = families.get(stem);
    if (!family) families.set(stem, (family = new Map<string, string>()));
    family.set(number, name);
  }
  const whole = [...families].filter(([, family]) => numbers.every((n) => n !== undefined && family.has(n)));
  const [chosen] = whole.length === 1 ? whole : whole.filter(([stem]) => stem === own);
  if (!chosen) {
    if (whole.length > 1) {
      throw new BrineError(
        'AMBIGUOUS',
        `the arrays of this file are in ${written[0]} and so on, which are not here; the files of ${whole
          .map(([stem]) => stem)
          .join(', ')} could all be they: give the right ones the names in this file`,
        { file: source.name },
      );
    }
    // Not listed, perhaps because the platform cannot list: try the name the parts would have had.
    const renamed = numbers.map((n, i) => (n === undefined ? written[i] : own + n));
    if (!(await source.sibling?.(renamed[0]))) throw missing(source, written[0], parts.length);
    notes.push(`parts renamed: the file names ${written[0]}, ${renamed[0]} stands beside it`);
    return renamed;
  }
  const [, family] = chosen;
  const names = numbers.map((n) => family.get(n!)!);
  notes.push(`parts renamed: the file names ${written[0]}, ${names[0]} stands beside it`);
  return names;
}

/** The end of a part's name that counts: `_01.npy`, `_01.npy.z`. */
function numberOf(name: string): string | undefined {
  return /_\d{2,9}\.npy(?:\.z)?$/.exec(name)?.[0];
}

/** Names in a file may hold a path of the machine that wrote it; only what is beside the file is looked at (CWE-22). */
function baseName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

function missing(source: Source, name: string, count: number): BrineError {
  return new BrineError(
    'MISSING_PART',
    `${name} is not beside this file, which keeps its arrays in ${count} files of their own (joblib 0.9 and before): put them together`,
    { file: source.name },
  );
}
