import { btree1Leaves, btree2Records } from './btree.js';
import { Cursor, decodeText } from './cursor.js';
import type { Hdf5File } from './file.js';
import { MESSAGE, readHeader, type Message } from './header.js';
import { FractalHeap, globalHeapObject } from './heap.js';
import { MAX_ATTRIBUTE, MAX_ATTRIBUTES, MAX_LINKS, MAX_RANK } from './limits.js';
import { elements, readShape, readType, type Hdf5Type } from './types.js';

export interface Hdf5Link {
  readonly name: string;
  readonly kind: 'hard' | 'soft' | 'external' | 'user';
  /** The object's address, of a hard link. */
  readonly address?: number;
  /** The path that a soft or external link gives. */
  readonly target?: string;
  /** The other file, of an external link. */
  readonly file?: string;
}

export interface Hdf5Attribute {
  readonly name: string;
  readonly type: Hdf5Type;
  readonly shape: readonly number[] | undefined;
  /** Its elements as they lie in the file. */
  readonly data: Cursor;
}

export interface Hdf5Filter {
  readonly id: number;
  readonly name: string;
}

export interface Hdf5Object {
  readonly kind: 'group' | 'dataset' | 'type';
  readonly attributes: readonly Hdf5Attribute[];
  readonly links: readonly Hdf5Link[];
  readonly filters: readonly Hdf5Filter[];
  /** Files beside this one that hold the data. */
  readonly externalFiles: readonly string[];
  /** How the data lie; `virtual` ones are pieced together from other datasets, which may be in other files. */
  readonly storage: 'compact' | 'contiguous' | 'chunked' | 'virtual' | 'none';
  readonly type?: Hdf5Type;
  readonly shape?: readonly number[];
  /** Of contiguous data: where they lie. */
  readonly data?: { readonly address: number; readonly length: number };
}

/** What lies at an address. @throws TRUNCATED, CORRUPT, UNSUPPORTED. */
export async function readObject(file: Hdf5File, address: number): Promise<Hdf5Object> {
  const messages = await readHeader(file, address);
  const of = (type: number): Message[] => messages.filter((message) => message.type === type);
  const attributes: Hdf5Attribute[] = [];
  for (const message of of(MESSAGE.attribute)) attributes.push(await readAttribute(file, message.content()));
  for (const message of of(MESSAGE.attributeInfo)) attributes.push(...(await denseAttributes(file, message.content())));
  const links: Hdf5Link[] = of(MESSAGE.link).map((message) => readLink(message.content()));
  for (const message of of(MESSAGE.linkInfo)) links.push(...(await denseLinks(file, message.content())));
  for (const message of of(MESSAGE.symbolTable)) links.push(...(await oldLinks(file, message.content())));
  const layouts = of(MESSAGE.layout).map((message) => readLayout(message.content()));
  const types = of(MESSAGE.datatype).map((message) => readType(message.content()));
  const shapes = of(MESSAGE.dataspace).map((message) => readShape(message.content()));
  const externalFiles: string[] = [];
  for (const message of of(MESSAGE.externalFiles)) externalFiles.push(...(await readExternal(file, message.content())));
  const isGroup = links.length > 0 || of(MESSAGE.symbolTable).length > 0 || of(MESSAGE.linkInfo).length > 0;
  const layout = layouts[0];
  return {
    kind: layout !== undefined ? 'dataset' : isGroup || types.length === 0 ? 'group' : 'type',
    attributes,
    links,
    filters: of(MESSAGE.filters).flatMap((message) => readFilters(message.content())),
    externalFiles,
    storage: layout?.storage ?? 'none',
    ...(types[0] === undefined ? {} : { type: types[0] }),
    ...(shapes[0] === undefined ? {} : { shape: shapes[0] }),
    ...(layout?.data === undefined ? {} : { data: layout.data }),
  };
}

// ---- attributes -------------------------------------------------------------------------------------

async function readAttribute(file: Hdf5File, cursor: Cursor): Promise<Hdf5Attribute> {
  const version = cursor.u8();
  if (version < 1 || version > 3) throw cursor.unsupported(`an attribute of version ${version}`);
  const flags = cursor.u8();
  const sizes = [cursor.u16(), cursor.u16(), cursor.u16()];
  if (version === 3) cursor.skip(1);
  const part = (size: number): Cursor => {
    const from = cursor.pos;
    cursor.skip(version === 1 ? Math.min(8 * Math.ceil(size / 8), cursor.left) : size);
    return cursorOver(cursor, from, size);
  };
  const name = decodeText(part(sizes[0]).bytes);
  let typePart = part(sizes[1]);
  if (version > 1 && flags & 1) typePart = await sharedType(file, typePart);
  const type = readType(typePart);
  const shape = readShape(part(sizes[2]));
  const length = elements(shape) * type.size;
  if (!(length <= MAX_ATTRIBUTE)) throw cursor.corrupt(`an attribute of ${length} bytes`);
  return { name, type, shape, data: cursorOver(cursor, cursor.pos, Math.min(length, cursor.left)) };
}

function cursorOver(cursor: Cursor, from: number, length: number): Cursor {
  const before = cursor.pos;
  cursor.pos = from;
  const bytes = cursor.take(length);
  cursor.pos = before;
  return new Cursor(bytes, cursor.sizes, cursor.base + from);
}

async function sharedType(file: Hdf5File, cursor: Cursor): Promise<Cursor> {
  const version = cursor.u8();
  cursor.skip(version === 1 ? 7 : 1);
  const address = cursor.address();
  if (address === undefined) throw cursor.corrupt('a datatype that is nowhere');
  const found = (await readHeader(file, address, 1)).find((message) => message.type === MESSAGE.datatype);
  if (found === undefined) throw cursor.corrupt('a datatype that is not where it must be');
  return found.content();
}

async function denseAttributes(file: Hdf5File, cursor: Cursor): Promise<Hdf5Attribute[]> {
  cursor.skip(1);
  if (cursor.u8() & 1) cursor.skip(2);
  const heapAddress = cursor.address();
  const tree = cursor.address();
  if (heapAddress === undefined || tree === undefined) return [];
  const heap = await FractalHeap.open(file, heapAddress);
  const out: Hdf5Attribute[] = [];
  for (const record of await btree2Records(file, tree, 8, MAX_ATTRIBUTES)) {
    const id = cursorOver(record, 0, 8);
    record.skip(8);
    if (record.u8() & 2) throw record.unsupported('attributes shared in a heap of their own');
    out.push(await readAttribute(file, await heap.object(id)));
  }
  return out;
}

/**
 * The texts that an attribute holds: fixed or of variable length, one or an array of them. Undefined where it holds
 * something else.
 */
export async function attributeTexts(file: Hdf5File, attribute: Hdf5Attribute): Promise<string[] | undefined> {
  const { type, shape, data } = attribute;
  const n = elements(shape);
  if (type.class !== 'string' && !type.text) return undefined;
  const out: string[] = [];
  data.pos = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (type.class === 'string') {
      out.push(decodeText(data.take(type.size)));
      continue;
    }
    const length = data.u32();
    const address = data.address();
    const index = data.u32();
    total += length;
    if (total > MAX_ATTRIBUTE) throw data.corrupt(`an attribute of more than ${MAX_ATTRIBUTE} bytes`);
    out.push(
      address === undefined || length === 0 ? '' : decodeText(await globalHeapObject(file, address, index, length)),
    );
  }
  return out;
}

// ---- links ------------------------------------------------------------------------------------------

function readLink(cursor: Cursor): Hdf5Link {
  if (cursor.u8() !== 1) throw cursor.unsupported('a link of an unknown version');
  const flags = cursor.u8();
  const type = flags & 8 ? cursor.u8() : 0;
  if (flags & 4) cursor.skip(8);
  if (flags & 16) cursor.skip(1);
  const name = decodeText(cursor.take(cursor.uint(1 << (flags & 3))));
  if (type === 0) {
    const address = cursor.address();
    if (address === undefined) throw cursor.corrupt('a link to nowhere');
    return { name, kind: 'hard', address };
  }
  const value = cursor.take(cursor.u16());
  if (type === 1) return { name, kind: 'soft', target: decodeText(value) };
  if (type !== 64) return { name, kind: 'user' };
  const [file, target] = new TextDecoder().decode(value.subarray(1)).split('\0');
  return { name, kind: 'external', file: file ?? '', target: target ?? '' };
}

async function denseLinks(file: Hdf5File, cursor: Cursor): Promise<Hdf5Link[]> {
  cursor.skip(1);
  if (cursor.u8() & 1) cursor.skip(8);
  const heapAddress = cursor.address();
  const tree = cursor.address();
  if (heapAddress === undefined || tree === undefined) return [];
  const heap = await FractalHeap.open(file, heapAddress);
  const out: Hdf5Link[] = [];
  for (const record of await btree2Records(file, tree, 5, MAX_LINKS)) {
    record.skip(4);
    out.push(readLink(await heap.object(cursorOver(record, 4, record.bytes.length - 4))));
  }
  return out;
}

/** Groups of old: a B-tree of symbol table nodes, their names in a heap. */
async function oldLinks(file: Hdf5File, cursor: Cursor): Promise<Hdf5Link[]> {
  const tree = cursor.address();
  const heapAddress = cursor.address();
  if (tree === undefined || heapAddress === undefined) return [];
  const heap = await file.at(heapAddress, 8 + 2 * file.sizes.length + file.sizes.address);
  heap.expect('HEAP');
  heap.skip(4);
  const size = heap.length();
  heap.length();
  const dataAddress = heap.address();
  if (dataAddress === undefined) throw heap.corrupt('a heap of names that is nowhere');
  const names = await file.at(dataAddress, size);
  const textAt = (offset: number): string => {
    if (!(offset < names.bytes.length)) throw names.corrupt(`a name at ${offset} of ${names.bytes.length} bytes`);
    names.pos = offset;
    return names.text();
  };
  const out: Hdf5Link[] = [];
  for (const leaf of await btree1Leaves(file, tree)) {
    const head = await file.at(leaf, 8);
    head.expect('SNOD');
    head.skip(2);
    const n = head.u16();
    const entry = file.sizes.length + file.sizes.address + 24;
    const nodes = await file.at(leaf + 8, n * entry);
    for (let i = 0; i < n; i++) {
      if (out.length >= MAX_LINKS) throw nodes.corrupt(`more than ${MAX_LINKS} links of one group`);
      const name = textAt(nodes.length());
      const address = nodes.address();
      const kind = nodes.u32();
      nodes.skip(4);
      const scratch = nodes.u32();
      nodes.skip(12);
      if (kind === 2) out.push({ name, kind: 'soft', target: textAt(scratch) });
      else if (address === undefined) throw nodes.corrupt('a link to nowhere');
      else out.push({ name, kind: 'hard', address });
    }
  }
  return out;
}

// ---- data -------------------------------------------------------------------------------------------

function readLayout(cursor: Cursor): Pick<Hdf5Object, 'storage' | 'data'> {
  const version = cursor.u8();
  const kinds = ['compact', 'contiguous', 'chunked', 'virtual'] as const;
  if (version <= 2) {
    const rank = cursor.u8();
    const storage = kinds[cursor.u8()];
    if (storage === undefined || rank > MAX_RANK + 1) throw cursor.corrupt('a layout of an unknown kind');
    return { storage };
  }
  if (version > 5) throw cursor.unsupported(`a layout of version ${version}`);
  const storage = kinds[cursor.u8()];
  if (storage === undefined) throw cursor.corrupt('a layout of an unknown kind');
  if (storage !== 'contiguous') return { storage };
  const address = cursor.address();
  const length = cursor.length();
  return address === undefined ? { storage } : { storage, data: { address, length } };
}

function readFilters(cursor: Cursor): Hdf5Filter[] {
  const version = cursor.u8();
  if (version !== 1 && version !== 2) throw cursor.unsupported(`filters of version ${version}`);
  const n = cursor.u8();
  if (version === 1) cursor.skip(6);
  const out: Hdf5Filter[] = [];
  for (let i = 0; i < n; i++) {
    const id = cursor.u16();
    const nameLength = version === 1 || id >= 256 ? cursor.u16() : 0;
    cursor.skip(2);
    const values = cursor.u16();
    const name = decodeText(cursor.take(version === 1 ? 8 * Math.ceil(nameLength / 8) : nameLength));
    const padding = version === 1 && values % 2 === 1 ? 4 : 0;
    cursor.skip(Math.min(4 * values + padding, cursor.left));
    out.push({ id, name });
  }
  return out;
}

async function readExternal(file: Hdf5File, cursor: Cursor): Promise<string[]> {
  cursor.skip(6);
  const n = cursor.u16();
  const heapAddress = cursor.address();
  if (heapAddress === undefined) return [];
  const heap = await file.at(heapAddress, 8 + 2 * file.sizes.length + file.sizes.address);
  heap.expect('HEAP');
  heap.skip(4);
  const size = heap.length();
  heap.length();
  const names = await file.at(heap.address() ?? Infinity, size);
  const out: string[] = [];
  for (let i = 0; i < n; i++) {
    names.pos = Math.min(cursor.length(), names.bytes.length);
    out.push(names.text());
    cursor.skip(2 * file.sizes.length);
  }
  return out;
}
