import { Cursor } from './cursor.js';
import type { Hdf5File } from './file.js';
import { MAX_MESSAGES } from './limits.js';

/** Types of messages that are looked at. */
export const MESSAGE = {
  dataspace: 1,
  linkInfo: 2,
  datatype: 3,
  link: 6,
  externalFiles: 7,
  layout: 8,
  filters: 11,
  attribute: 12,
  continuation: 16,
  symbolTable: 17,
  attributeInfo: 21,
} as const;

export interface Message {
  readonly type: number;
  /** A cursor over its content; each call begins anew. */
  readonly content: () => Cursor;
}

/** The bytes of a header that are read before its size is known. */
const PREFIX = 64;

/** A message may be kept with another object, and that one's with a third; no library writes more (CWE-674). */
const MAX_SHARED = 2;

/** All messages of the object whose header lies at `address`, those of continuations and shared ones too. */
export async function readHeader(file: Hdf5File, address: number, shares = 0): Promise<Message[]> {
  const start = await file.upTo(address, PREFIX);
  const isNew = start.bytes[0] === 0x4f;
  const messages: Message[] = [];
  const blocks: { address: number; length: number; skip: number }[] = [];
  let withOrder = false;
  if (isNew) {
    start.expect('OHDR');
    if (start.u8() !== 2) throw start.unsupported('an object header of an unknown version');
    const flags = start.u8();
    if (flags & 0x20) start.skip(16);
    if (flags & 0x10) start.skip(4);
    const size = start.uint(1 << (flags & 3));
    withOrder = (flags & 4) !== 0;
    blocks.push({ address: address + start.pos, length: size, skip: 0 });
  } else {
    if (start.u8() !== 1) throw start.corrupt('no object header where one must be');
    start.skip(7);
    const size = start.u32();
    blocks.push({ address: address + 16, length: size, skip: 0 });
  }
  const seen = new Set<number>();
  for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) {
    if (seen.has(block.address)) throw start.corrupt('an object header that continues in itself');
    seen.add(block.address);
    const cursor = await file.at(block.address, block.length);
    cursor.skip(block.skip);
    const head = isNew ? (withOrder ? 6 : 4) : 8;
    while (cursor.left >= head) {
      const type = isNew ? cursor.u8() : cursor.u16();
      const size = cursor.u16();
      const flags = cursor.u8();
      if (!isNew) cursor.skip(3);
      else if (withOrder) cursor.skip(2);
      const bytes = cursor.take(size);
      const at = file.base + block.address + cursor.pos - size;
      const content = (): Cursor => new Cursor(bytes, file.sizes, at);
      if (messages.length >= MAX_MESSAGES) throw cursor.corrupt(`more than ${MAX_MESSAGES} messages of one object`);
      if (type === MESSAGE.continuation) {
        const next = content();
        const to = next.address();
        const length = next.length();
        if (to === undefined) throw cursor.corrupt('a header that continues nowhere');
        // A new header's blocks have a signature before and a checksum behind.
        if (isNew && length < 8) throw cursor.corrupt('a header block of no size');
        blocks.push({ address: to, length: isNew ? length - 4 : length, skip: isNew ? 4 : 0 });
      } else if (flags & 2) {
        messages.push(...(await shared(file, type, content(), shares)));
      } else if (type !== 0) {
        messages.push({ type, content });
      }
    }
  }
  return messages;
}

/** A message that is kept with another object: a named datatype, mostly. */
async function shared(file: Hdf5File, type: number, cursor: Cursor, shares: number): Promise<Message[]> {
  const version = cursor.u8();
  const kind = cursor.u8();
  if (version === 3 && kind === 1) throw cursor.unsupported('messages shared in a heap of their own');
  if (version === 1) cursor.skip(6);
  const address = cursor.address();
  if (address === undefined || version < 1 || version > 3) throw cursor.corrupt('a shared message that is nowhere');
  if (shares >= MAX_SHARED) throw cursor.corrupt('shared messages that are shared again and again');
  const messages = await readHeader(file, address, shares + 1);
  return messages.filter((message) => message.type === type).slice(0, 1);
}
