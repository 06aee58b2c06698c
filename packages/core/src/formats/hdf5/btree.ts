import type { Cursor } from './cursor.js';
import type { Hdf5File } from './file.js';
import { MAX_NODES } from './limits.js';

/** The children of a version-1 B-tree's leaves: the symbol table nodes of a group, in order. */
export async function btree1Leaves(file: Hdf5File, root: number): Promise<number[]> {
  const out: number[] = [];
  const seen = new Set<number>();
  const todo = [root];
  for (let address = todo.pop(); address !== undefined; address = todo.pop()) {
    const head = await file.at(address, 8 + 2 * file.sizes.address);
    if (seen.has(address) || seen.size >= MAX_NODES) throw head.corrupt('a B-tree that holds itself');
    seen.add(address);
    head.expect('TREE');
    if (head.u8() !== 0) throw head.corrupt('a B-tree of chunks where one of names must be');
    const level = head.u8();
    const n = head.u16();
    const entry = file.sizes.length + file.sizes.address;
    const cursor = await file.at(address + 8 + 2 * file.sizes.address, n * entry + file.sizes.length);
    const children: number[] = [];
    for (let i = 0; i < n; i++) {
      cursor.skip(file.sizes.length);
      const child = cursor.address();
      if (child === undefined) throw cursor.corrupt('a B-tree with a child nowhere');
      children.push(child);
    }
    if (level === 0) out.push(...children);
    else todo.push(...children.reverse());
  }
  return out;
}

/** The records of a version-2 B-tree, in order of their nodes. @param kind the type of record expected. */
export async function btree2Records(file: Hdf5File, address: number, kind: number, most: number): Promise<Cursor[]> {
  const { sizes } = file;
  const header = await file.at(address, 16 + sizes.address + 2 + sizes.length + 4);
  header.expect('BTHD');
  header.skip(1);
  const type = header.u8();
  if (type !== kind) throw header.corrupt(`a B-tree of type ${type}, where ${kind} must be`);
  const nodeSize = header.u32();
  const recordSize = header.u16();
  const depth = header.u16();
  header.skip(2);
  const root = header.address();
  const rootRecords = header.u16();
  if (root === undefined || rootRecords === 0) return [];
  if (recordSize === 0 || nodeSize < 10 + recordSize) throw header.corrupt('a B-tree whose nodes hold nothing');

  // How many records a node of each level can hold decides how wide the counts in its parent are.
  const most0 = Math.floor((nodeSize - 10) / recordSize);
  const countSize = bytesFor(most0);
  const below: number[] = [most0];
  const totalSizes = [0];
  for (let level = 1; level <= depth; level++) {
    if (level > 16) throw header.corrupt(`a B-tree ${depth} levels deep`);
    const pointer = sizes.address + countSize + totalSizes[level - 1];
    const records = Math.floor((nodeSize - 10 - pointer) / (recordSize + pointer));
    if (records < 1) throw header.corrupt('a B-tree whose nodes hold nothing');
    below.push((records + 1) * below[level - 1] + records);
    totalSizes.push(bytesFor(below[level]));
  }

  const out: Cursor[] = [];
  const seen = new Set<number>();
  const todo = [{ address: root, records: rootRecords, level: depth }];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    const cursor = await file.at(node.address, nodeSize);
    if (seen.has(node.address) || seen.size >= MAX_NODES) throw cursor.corrupt('a B-tree that holds itself');
    seen.add(node.address);
    cursor.expect(node.level === 0 ? 'BTLF' : 'BTIN');
    cursor.skip(2);
    for (let i = 0; i < node.records; i++) {
      if (out.length >= most) throw cursor.corrupt(`more than ${most} records in a B-tree`);
      const from = node.address + cursor.pos;
      out.push(await file.at(from, recordSize));
      cursor.skip(recordSize);
    }
    if (node.level === 0) continue;
    for (let i = 0; i <= node.records; i++) {
      const child = cursor.address();
      const records = cursor.uint(countSize);
      cursor.skip(node.level > 1 ? totalSizes[node.level - 1] : 0);
      if (child === undefined) throw cursor.corrupt('a B-tree with a child nowhere');
      todo.push({ address: child, records, level: node.level - 1 });
    }
  }
  return out;
}

/** Bytes that a number up to `most` takes. */
export function bytesFor(most: number): number {
  let size = 1;
  for (let limit = 256; limit <= most; limit *= 256) size++;
  return size;
}
