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

/** GLOBAL or INST with two lines of text behind it. */
function namesSomething(bytes: Uint8Array): boolean {
  const end = Math.min(bytes.length, NAME_WITHIN);
  for (let at = 0; at < end; at++) {
    if (bytes[at] !== 0x63 && bytes[at] !== 0x69) continue;
    const module = lineOfName(bytes, at + 1, end);
    if (module > 0 && lineOfName(bytes, module, end) > 0) return true;
  }
  return false;
}

/** Where the line of a dotted name from `at` on ends, newline included; 0 if there is none. */
function lineOfName(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end && i < at + 256; i++) {
    const byte = bytes[i];
    if (byte === 0x0a) return i > at ? i + 1 : 0;
    const isWord =
      (byte >= 0x61 && byte <= 0x7a) ||
      (byte >= 0x41 && byte <= 0x5a) ||
      (byte >= 0x30 && byte <= 0x39) ||
      byte === 0x5f ||
      byte === 0x2e;
    if (!isWord) return 0;
  }
  return 0;
}
