import { PyGlobal, PyTuple, type PyValue } from '../../pickle/values.js';

/** Bytes of one element, by the class of storage. */
const elementSizes: Readonly<Record<string, number>> = {
  FloatStorage: 4,
  DoubleStorage: 8,
  HalfStorage: 2,
  BFloat16Storage: 2,
  LongStorage: 8,
  IntStorage: 4,
  ShortStorage: 2,
  CharStorage: 1,
  ByteStorage: 1,
  BoolStorage: 1,
  ComplexFloatStorage: 8,
  ComplexDoubleStorage: 16,
  QInt8Storage: 1,
  QUInt8Storage: 1,
  QInt32Storage: 4,
  QUInt4x2Storage: 1,
  QUInt2x4Storage: 1,
  UntypedStorage: 1,
};

export function elementSize(type: string): number | undefined {
  return Object.hasOwn(elementSizes, type) ? elementSizes[type] : undefined;
}

export interface Storage {
  readonly key: string;
  /** Elements, and bytes of each. */
  readonly count: number;
  readonly size: number;
}

/** The storages that a pickle of torch refers to by persistent ids. */
export class Storages {
  readonly byKey = new Map<string, Storage>();
  /** Why two ids of one storage do not agree, or an id makes no sense. */
  readonly problems: string[] = [];

  /** Takes a persistent id; false where it is none of torch's. */
  readonly take = (id: PyValue): boolean => {
    if (!(id instanceof PyTuple)) return false;
    const [kind, type, key, , count] = id.items;
    // Modules of old were saved with their source beside them, for comparison only.
    if (textOf(kind) === 'module') return id.items.length === 4 && type instanceof PyGlobal;
    const name = textOf(key);
    if (textOf(kind) !== 'storage' || name === undefined || typeof count !== 'number' || !(count >= 0)) return false;
    const size = elementSize(type instanceof PyGlobal ? type.name : (textOf(type) ?? ''));
    if (size === undefined) return false;
    const before = this.byKey.get(name);
    if (before !== undefined && before.count * before.size !== count * size)
      this.problems.push(
        `the storage ${name} has ${before.count * before.size} bytes in one place and ${count * size} in another`,
      );
    this.byKey.set(name, { key: name, count, size });
    return true;
  };
}

function textOf(value: PyValue | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return typeof value === 'string' ? value : undefined;
}
