import { openTar } from '../../archive/tar.js';
import { SliceSource } from '../../bytes/slice.js';
import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { PyGlobal, PyTuple, type PyValue } from '../../pickle/values.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { auditPickle } from '../pickles.js';
import { isTorchName } from './torch-known.js';
import { elementSize, Storages } from './torch-storages.js';
import { vouching } from './vouching.js';

/** Storages and tensors of one file (CWE-400). */
const MAX_TENSORS = 1_000_000;
const MAX_RANK = 64;

/**
 * PyTorch before 1.6: five pickles (a magic number, a version, the system, the object, the keys of its storages), then
 * the storages' bytes. And before 0.1.10: a tar archive of pickles with raw numbers between them.
 */
export const examiner: Examiner = {
  formats: ['torch-legacy', 'torch-tar'],
  async examine(source, context) {
    const inner = vouching(context, isTorchName);
    if (context.identity.format === 'torch-tar') await oldest(source, inner);
    else await legacy(source, inner);
  },
};

async function legacy(source: Source, context: AuditContext): Promise<void> {
  const storages = new Storages();
  let at = 0;
  let keys: PyValue = null;
  for (let n = 0; n < 5; n++) {
    const pickle = await auditPickle(source, context, at, n === 3 ? storages.take : undefined);
    at = pickle.end;
    keys = pickle.value;
  }
  for (const problem of storages.problems) context.report('torch-storage', problem);
  if (!Array.isArray(keys)) {
    context.incomplete('the keys of its storages are no list', { offset: at });
    return;
  }
  for (const key of keys) {
    const storage = storages.byKey.get(typeof key === 'string' || typeof key === 'number' ? String(key) : '');
    if (storage === undefined) {
      context.incomplete(`a storage that no tensor refers to: its size is not known`, { offset: at });
      return;
    }
    at = await raw(source, at, storage.size, storage.count, context);
  }
  await trailing(source, at, context);
}

/** A count and so many elements; answers where they end. */
async function raw(source: Source, at: number, size: number, expected: number, context: AuditContext): Promise<number> {
  const count = await int64(source, at);
  if (count < expected)
    context.report('torch-storage', `a storage of ${count} elements, of which ${expected} are taken`, { offset: at });
  const end = at + 8 + count * size;
  if (!(count >= 0 && end <= source.size))
    throw new BrineError(
      'TRUNCATED',
      `a storage of ${count} elements of ${size} bytes, where ${source.size - at - 8} bytes are left`,
      { offset: at },
    );
  await context.suspected(new SliceSource(source, at + 8, end - at - 8), `(storage at byte ${at})`);
  return end;
}

async function int64(source: Source, at: number): Promise<number> {
  const bytes = await source.read(at, 8);
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true));
}

/** What lies behind the storages, which torch does not read. */
async function trailing(source: Source, at: number, context: AuditContext): Promise<void> {
  const left = source.size - at;
  if (left <= 0) return;
  context.report('trailing-data', `${left} bytes follow the last storage`, { offset: at });
  await context.nested(new SliceSource(source, at, left), '(behind the storages)');
}

async function oldest(source: Source, context: AuditContext): Promise<void> {
  const archive = await openTar(source, true);
  if (archive.problem !== undefined) context.failed(archive.problem);
  else if (!archive.isMarked)
    context.incomplete('the archive has no end mark: it was cut short', { offset: archive.end });
  const readers: Readonly<Record<string, (member: Source, inner: AuditContext) => Promise<number>>> = {
    sys_info: async (member, inner) => (await auditPickle(member, inner)).end,
    pickle: async (member, inner) => (await auditPickle(member, inner, 0, isKey)).end,
    storages: readStorages,
    tensors: readTensors,
  };
  for (const entry of archive.entries) {
    if (entry.type === 'folder') continue;
    const read = entry.type === 'file' ? readers[entry.name] : undefined;
    if (read === undefined) {
      if (entry.type === 'file') await context.nested(entry.open(), entry.name);
      else context.report('archive-link', `the member ${JSON.stringify(entry.name)} is a ${entry.type}`);
      continue;
    }
    const member = entry.open();
    const inner = context.within(entry.name);
    try {
      await trailing(member, await read(member, inner), inner);
    } catch (error) {
      inner.failed(error);
    }
  }
}

/** Tensors are referred to by number, classes with their source beside them. */
function isKey(id: PyValue): boolean {
  if (id instanceof PyTuple) return id.items.length === 3 && id.items[0] instanceof PyGlobal;
  return typeof id === 'number' || (typeof id === 'string' && /^\d+$/.test(id));
}

async function countOf(member: Source, context: AuditContext): Promise<{ count: number; at: number }> {
  const { value, end } = await auditPickle(member, context);
  if (typeof value !== 'number' || !(value >= 0)) throw new BrineError('CORRUPT', 'no count at its beginning');
  if (value > MAX_TENSORS) throw new BrineError('LIMIT', `${value} tensors (limit ${MAX_TENSORS})`);
  return { count: value, at: end };
}

/** `(key, location, class)`, a count and so many elements, and at the end a list of views. */
async function readStorages(member: Source, context: AuditContext): Promise<number> {
  let { count, at } = await countOf(member, context);
  for (; count > 0; count--) {
    const { value, end } = await auditPickle(member, context, at);
    const type = value instanceof PyTuple ? value.items[2] : undefined;
    const size = type instanceof PyGlobal ? elementSize(type.name) : undefined;
    if (size === undefined) throw new BrineError('CORRUPT', 'a storage of no known class', { offset: at });
    at = await raw(member, end, size, 0, context);
  }
  return (await auditPickle(member, context, at)).end;
}

/** `(key, storage, class)`, the rank, sizes, strides and offset. */
async function readTensors(member: Source, context: AuditContext): Promise<number> {
  let { count, at } = await countOf(member, context);
  for (; count > 0; count--) {
    const { end } = await auditPickle(member, context, at);
    const bytes = await member.read(end, 4);
    const rank = new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0, true);
    if (!(rank >= 0 && rank <= MAX_RANK))
      throw new BrineError('CORRUPT', `a tensor of ${rank} dimensions`, { offset: end });
    at = end + 8 + 16 * rank + 8;
    if (at > member.size) throw new BrineError('TRUNCATED', 'a tensor’s sizes are cut', { offset: end });
  }
  return at;
}
