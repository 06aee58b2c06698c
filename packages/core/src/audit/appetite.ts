import { PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { PyRange } from '../python/values.js';

/** A model that asks for more than this much memory by a number alone, not by its bytes, is none (CWE-789). */
const MAX_BYTES = 2 ** 31;
/** Items that a harmless file may have counted out: lists of that length take half a gigabyte. */
const MAX_ITEMS = 2 ** 26;

/** Classes that take as much memory as a number says, or as an iterator gives. */
const hungry: ReadonlySet<string> = new Set(
  'bytes bytearray list tuple set frozenset deque Counter ndarray _reconstruct sum dict'.split(' '),
);
/** Iterators that a few arguments make endless, or longer than any memory. */
const endless: ReadonlySet<string> = new Set(
  'count cycle repeat product permutations combinations range xrange'.split(' '),
);

/** Is a look at the arguments worth it? */
export function isHungry(name: string): boolean {
  return hungry.has(name);
}

/** What a call of a harmless class would ask of Python's memory, to follow "it": undefined for what is usual. */
export function appetite(name: string, args: readonly PyValue[]): string | undefined {
  const [first, second] = args;
  if (name === 'bytes' || name === 'bytearray') {
    const bytes = numberOf(first);
    if (bytes !== undefined && bytes > MAX_BYTES) return `asks Python for ${bytes} bytes of memory`;
  }
  if (name === 'ndarray' || name === '_reconstruct') {
    const items = product(name === 'ndarray' ? first : second);
    return items > MAX_BYTES ? `asks numpy for an array of ${items} items` : undefined;
  }
  const items = first instanceof PyRange ? lengthOf(first) : isEndless(first) ? Infinity : 0;
  if (items <= MAX_ITEMS) return undefined;
  return items === Infinity ? 'counts out an iterator that may never end' : `counts out ${items} items`;
}

function numberOf(value: PyValue | undefined): number | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

function product(shape: PyValue | undefined): number {
  const sides = shape instanceof PyTuple ? shape.items : Array.isArray(shape) ? shape : [shape ?? 0];
  return sides.reduce<number>((items, side) => items * Math.max(0, numberOf(side) ?? 0), 1);
}

function lengthOf({ start, stop, step }: PyRange): number {
  return Math.max(0, Math.ceil((Number(stop) - Number(start)) / Number(step)));
}

function isEndless(value: PyValue | undefined): boolean {
  return (
    value instanceof PyInstance &&
    value.callable instanceof PyGlobal &&
    value.callable.module === 'itertools' &&
    endless.has(value.callable.name)
  );
}
