import type { PyValue } from '../../pickle/values.js';
import { PyTuple, pyFloat } from '../../pickle/values.js';
import { MAX_DEPTH, type Code, type CodeConstant } from './code.js';

/** Objects in one marshalled string (CWE-400). */
const MAX_OBJECTS = 200_000;

/** How marshal writes a code object: the fields before its bytecode differ between 3.10 and 3.11. */
type Layout = '3.8' | '3.11';

/** Constants, code, and arrays of them for tuples. */
type Marshalled = unknown;

class NotMarshal extends Error {}

/**
 * The code object that a string of `marshal.dumps` holds (CPython 3.8 to 3.14). Undefined if it holds something else, or
 * is no such string: marshal says of nothing which version wrote it, so both layouts are tried.
 */
export function codeOfMarshal(bytes: Uint8Array): Code | undefined {
  for (const layout of ['3.11', '3.8'] as const) {
    try {
      const value = new MarshalReader(bytes, layout).object(0);
      if (isCode(value)) return value.code;
    } catch (error) {
      if (!(error instanceof NotMarshal)) throw error;
    }
  }
  return undefined;
}

function isCode(value: Marshalled): value is { readonly code: Code } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'code' in value;
}

class MarshalReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #layout: Layout;
  readonly #references: Marshalled[] = [];
  #at = 0;
  #count = 0;

  constructor(bytes: Uint8Array, layout: Layout) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#layout = layout;
  }

  /** Throws NotMarshal for anything that is not what marshal writes, within the limits. */
  object(depth: number): Marshalled {
    if (depth > MAX_DEPTH || ++this.#count > MAX_OBJECTS) throw new NotMarshal();
    const byte = this.#byte();
    const isReferred = (byte & 0x80) !== 0;
    const type = String.fromCharCode(byte & 0x7f);
    const slot = isReferred ? this.#references.push(undefined) - 1 : -1;
    const value = this.#typed(type, depth);
    if (slot >= 0) this.#references[slot] = value;
    return value;
  }

  #typed(type: string, depth: number): Marshalled {
    switch (type) {
      case 'N':
      case '.':
      case 'S':
        return null;
      case 'T':
        return true;
      case 'F':
        return false;
      case 'i':
        return this.#int32();
      case 'I':
        return Number(this.#view.getBigInt64(this.#skip(8), true));
      case 'g':
        return pyFloat(this.#view.getFloat64(this.#skip(8), true));
      case 'y':
        this.#skip(16);
        return null;
      case 'f':
        this.#skip(this.#byte());
        return null;
      case 'l':
        this.#skip(2 * Math.abs(this.#int32()));
        return null;
      case 's':
        return this.#take(this.#size());
      case 't':
      case 'u':
        return new TextDecoder().decode(this.#take(this.#size()));
      case 'a':
      case 'A':
        return latin1(this.#take(this.#size()));
      case 'z':
      case 'Z':
        return latin1(this.#take(this.#byte()));
      case ')':
        return this.#items(this.#byte(), depth);
      case '(':
      case '[':
      case '<':
      case '>':
        return this.#items(this.#size(), depth);
      case '{':
        for (;;) {
          if (this.#at < this.#bytes.length && this.#bytes[this.#at] === 0x30) break;
          this.object(depth + 1);
          this.object(depth + 1);
        }
        this.#at++;
        return null;
      case ':':
        this.#items(3, depth);
        return null;
      case 'r': {
        const index = this.#int32();
        if (index < 0 || index >= this.#references.length) throw new NotMarshal();
        return this.#references[index];
      }
      case 'c':
        return { code: this.#code(depth) };
      default:
        throw new NotMarshal();
    }
  }

  #code(depth: number): Code {
    this.#skip(4 * (this.#layout === '3.11' ? 5 : 6));
    const next = (): Marshalled => this.object(depth + 1);
    const bytecode = next();
    const constants = next();
    const names = textsOf(next());
    const locals = textsOf(next());
    let free: readonly string[] = [];
    let cells: readonly string[] = [];
    if (this.#layout === '3.11') next();
    else [free, cells] = [textsOf(next()), textsOf(next())];
    const [file, name] = [next(), next()];
    const qualified = this.#layout === '3.11' ? next() : name;
    const line = this.#int32();
    next();
    if (this.#layout === '3.11') next();
    if (!(bytecode instanceof Uint8Array) || !Array.isArray(constants) || typeof name !== 'string')
      throw new NotMarshal();
    return {
      layout: this.#layout,
      name,
      qualifiedName: typeof qualified === 'string' ? qualified : name,
      file: typeof file === 'string' ? file : '?',
      line,
      bytecode,
      constants: constants.map((each): CodeConstant => (isCode(each) ? each : plain(each, 0))),
      names,
      locals,
      free,
      cells,
    };
  }

  #items(count: number, depth: number): Marshalled[] {
    // Each takes a byte at least.
    if (count > this.#bytes.length - this.#at) throw new NotMarshal();
    const items: Marshalled[] = [];
    for (let i = 0; i < count; i++) items.push(this.object(depth + 1));
    return items;
  }

  #size(): number {
    const size = this.#int32();
    if (size < 0) throw new NotMarshal();
    return size;
  }

  #int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  #byte(): number {
    return this.#bytes[this.#skip(1)];
  }

  #take(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  #skip(length: number): number {
    const at = this.#at;
    if (length > this.#bytes.length - at) throw new NotMarshal();
    this.#at += length;
    return at;
  }
}

/** A tuple of constants as a value; code inside a tuple does not occur. */
function plain(value: Marshalled, depth: number): PyValue {
  if (Array.isArray(value)) return new PyTuple(depth > MAX_DEPTH ? [] : value.map((item) => plain(item, depth + 1)));
  return value === undefined || isCode(value) ? null : (value as PyValue);
}

function textsOf(value: Marshalled): readonly string[] {
  if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string')) throw new NotMarshal();
  return value;
}

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
