import { sniffCompression } from '../bytes/decompress.js';
import { BufferSource } from '../bytes/source.js';
import { opcodeOf } from '../pickle/opcodes.js';
import type { PyValue } from '../pickle/values.js';
import type { AuditContext } from './examiner.js';

/** Byte strings in one pickle that are looked into. CWE-400. */
const MAX_SUSPECTS = 1000;

/** Protocol 0 has no signature: such a file names something within this many bytes. */
const NAME_WITHIN = 64 * 1024;

/** Byte strings in a pickle that may be pickles themselves, or archives of some: looked into once the outer one is read. */
export class Suspects {
  readonly #context: AuditContext;
  /** By what they are, so that what is stored and then handed on is looked into once. */
  readonly #found = new Map<Uint8Array, string>();
  readonly #loaded = new Set<Uint8Array>();

  constructor(context: AuditContext) {
    this.#context = context;
  }

  /** Any byte string: kept where its beginning is that of a pickle, an archive or compressed data. */
  bytes(content: Uint8Array, offset: number): void {
    if (content.length < 4 || !isSuspect(content)) return;
    this.#keep(content, offset);
  }

  /** What is given to a loader. */
  argument(value: PyValue | undefined, offset: number): void {
    if (value instanceof Uint8Array) this.#keep(value, offset);
    else if (typeof value === 'string' && /^[\0-\xff]*$/.test(value))
      this.#keep(
        Uint8Array.from(value, (character) => character.charCodeAt(0)),
        offset,
      );
  }

  /** What a library loads as a file: whatever of it cannot be read leaves the outer file unread as well. */
  file(content: Uint8Array, offset: number): boolean {
    if (!this.#found.has(content)) this.#keep(content, offset);
    if (!this.#found.has(content)) return false;
    this.#loaded.add(content);
    return true;
  }

  async examine(): Promise<void> {
    for (const [content, name] of this.#found) {
      const source = new BufferSource(content, name);
      if (this.#loaded.has(content)) await this.#context.nested(source, name);
      else await this.#context.suspected(source, name);
    }
    this.#found.clear();
    this.#loaded.clear();
  }

  #keep(content: Uint8Array, offset: number): void {
    if (this.#found.size < MAX_SUSPECTS && !this.#found.has(content)) this.#found.set(content, `bytes at ${offset}`);
  }
}

function isSuspect(bytes: Uint8Array): boolean {
  const [a, b, c] = bytes;
  if (a === 0x80) return b <= 5 && opcodeOf[c] !== undefined;
  if (a === 0x50 && b === 0x4b) return c === 3 && bytes[3] === 4;
  if (sniffCompression(bytes.subarray(0, 32)) !== undefined) return bytes.length >= 18;
  return opcodeOf[a] !== undefined && namesSomething(bytes);
}

/** Characters of a dotted name. */
const isWord = (byte: number): boolean =>
  (byte >= 0x61 && byte <= 0x7a) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x30 && byte <= 0x39) ||
  byte === 0x5f ||
  byte === 0x2e;

/** No name is longer, with its newline. */
const LINE = 256;

/**
 * GLOBAL or INST with two lines of text behind it. Looked for from the newline between the lines, which the platform
 * finds many times faster than a loop finds their letters.
 */
function namesSomething(bytes: Uint8Array): boolean {
  const within = bytes.subarray(0, NAME_WITHIN);
  for (let end = within.indexOf(0x0a); end >= 0; end = within.indexOf(0x0a, end + 1)) {
    if (!isLineOfName(within, end + 1)) continue;
    for (let at = end - 1; at >= 0 && at >= end - LINE && isWord(within[at]); at--)
      if (at < end - 1 && (within[at] === 0x63 || within[at] === 0x69)) return true;
  }
  return false;
}

/** Is there a name from `at` on, and a newline behind it? */
function isLineOfName(bytes: Uint8Array, at: number): boolean {
  const end = Math.min(bytes.length, at + LINE);
  let i = at;
  while (i < end && isWord(bytes[i])) i++;
  return i > at && i < end && bytes[i] === 0x0a;
}
