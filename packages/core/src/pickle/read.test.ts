import { describe, expect, it } from 'vitest';
import { LazyBytes } from '../bytes/lazy.js';
import type { Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { disassemble } from './disassemble.js';
import { readPickle, readPickles, readPickleSync } from './read.js';
import { PyByteArray, PyDict, PyInstance, PyPersistent, PyTuple, type PyValue } from './values.js';
import type { Payload, World } from './world.js';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

function join(...parts: (string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts.map((part) => (typeof part === 'string' ? ascii(part) : part))));
}

function code(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof BrineError) return error.code;
    throw error;
  }
  return 'none';
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** A source of any size that holds `pieces` at their offsets and zeros elsewhere, and counts what is read. */
class Sparse implements Source {
  readonly name = 'sparse.joblib';
  readonly size: number;
  readonly pieces: readonly (readonly [number, Uint8Array])[];
  bytesRead = 0;

  constructor(size: number, pieces: readonly (readonly [number, Uint8Array])[]) {
    this.size = size;
    this.pieces = pieces;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    if (offset + length > this.size) throw new BrineError('TRUNCATED', 'beyond the end');
    this.bytesRead += length;
    const bytes = new Uint8Array(length);
    for (const [at, piece] of this.pieces) {
      const from = Math.max(at, offset);
      const to = Math.min(at + piece.length, offset + length);
      if (from < to) bytes.set(piece.subarray(from - at, to - at), from - offset);
    }
    return Promise.resolve(bytes);
  }
}

/** Builds `w.Raw` from one pad byte and as many raw bytes as its state says; `w.Nested` from a pickle. */
class RawWorld implements World {
  builds = 0;
  call(): undefined {
    return undefined;
  }
  build(target: PyValue, state: PyValue, payload: Payload): boolean | { become: PyValue } {
    if (!(target instanceof PyInstance)) return false;
    if (target.name === 'Raw') {
      this.builds++;
      const pad = payload.peekByte();
      payload.take(1 + pad);
      const data = payload.take(Number(state));
      return { become: new PyPersistent(data instanceof LazyBytes ? `lazy ${data.offset}+${data.length}` : data) };
    }
    if (target.name === 'Nested') {
      payload.nested((value) => new PyTuple(['nested', value]));
      return true;
    }
    return false;
  }
  append(): boolean {
    return false;
  }
  setItem(): boolean {
    return false;
  }
}

const header = '\x80\x02]q\x00';
const raw = (length: number): Uint8Array => join('cw\nRaw\n)\x81q\x01J', u32(length), 'b\x00');

describe('several pickles in one source', () => {
  it('says where each ends', async () => {
    const bytes = join('\x80\x02K\x01.', 'I2\n.', '\x80\x04N.');
    const all = [];
    for await (const { value, end, protocol } of readPickles(bytes)) all.push([value, end, protocol]);
    expect(all).toEqual([
      [1, 5, 2],
      [2, 9, 0],
      [null, 13, 4],
    ]);
    expect(readPickleSync(bytes, { offset: 5 }).value).toBe(2);
  });

  it('refuses no bytes, and offsets outside', () => {
    expect(code(() => readPickleSync(new Uint8Array(0)))).toBe('EMPTY');
    expect(code(() => readPickleSync(ascii('N.'), { offset: 3 }))).toBe('BAD_ARGUMENT');
    expect(code(() => readPickleSync(ascii('N.'), { offset: 2 }))).toBe('TRUNCATED');
  });
});

describe('views', () => {
  it('does not copy bytes that are in memory', () => {
    const bytes = join('\x80\x05(C\x03abc\x96\x02\x00\x00\x00\x00\x00\x00\x00det.');
    const { items } = readPickleSync(bytes).value as PyTuple;
    expect((items[0] as Uint8Array).buffer).toBe(bytes.buffer);
    expect((items[1] as PyByteArray).bytes.buffer).toBe(bytes.buffer);
  });
});

it('gives plain arrays from a Buffer of Node', () => {
  const value = readPickleSync(Buffer.from('C\x03abc.', 'latin1')).value as Uint8Array;
  expect(value.constructor).toBe(Uint8Array);
});

describe('payloads', () => {
  it('reads raw bytes behind BUILD, and replaces the object in the memo too', () => {
    const world = new RawWorld();
    const bytes = join(header, 'cw\nRaw\n)\x81q\x05K\x03b\x02\xff\xffabch\x05e.');
    const list = readPickleSync(join(bytes.subarray(0, 5), '(', bytes.subarray(5)), { world }).value as PyPersistent[];
    expect(list[0].id).toEqual(ascii('abc'));
    expect(list[1]).toBe(list[0]);
  });

  it('reads a pickle within the pickle, with stack and memo of its own', () => {
    const bytes = join('\x80\x02(K\x07q\x00cw\nNested\n)\x81q\x01Nb', '\x80\x04K\x08\x94h\x00\x86.', 'h\x00h\x01t.');
    const { items } = readPickleSync(bytes, { world: new RawWorld() }).value as PyTuple;
    expect(items[0]).toBe(7);
    expect(items[1]).toEqual(new PyTuple(['nested', new PyTuple([8, 8])]));
    expect(items[2]).toBe(7);
    expect(items[3]).toBe(items[1]);
  });

  it('nests pickles a hundred thousand deep', () => {
    const one = '\x80\x02cw\nNested\n)\x81Nb';
    const bytes = join(one.repeat(100_000), 'N.', '.'.repeat(100_000));
    expect(readPickleSync(bytes, { world: new RawWorld() }).end).toBe(bytes.length);
  });

  it('shares one budget with the pickles within', () => {
    const bytes = join('\x80\x02cw\nNested\n)\x81Nb', 'N0'.repeat(500), 'N..');
    expect(code(() => readPickleSync(bytes, { world: new RawWorld(), limits: { opcodes: 900 } }))).toBe('LIMIT');
  });

  it('refuses raw bytes within a frame, and beyond the end', () => {
    const body = 'cw\nRaw\n)\x81K\x03b\x00abc.';
    const framed = join('\x80\x04\x95', u32(body.length), u32(0), body);
    expect(code(() => readPickleSync(framed, { world: new RawWorld() }))).toBe('CORRUPT');
    expect(code(() => readPickleSync(ascii('cw\nRaw\n)\x81K\x7fb\x00abc.'), { world: new RawWorld() }))).toBe(
      'TRUNCATED',
    );
    expect(
      code(() => readPickleSync(ascii('cw\nRaw\n)\x81J\xff\xff\xff\xffb\x00abc.'), { world: new RawWorld() })),
    ).toBe('CORRUPT');
  });
});

describe('a source too big for memory', () => {
  /** A list of `count` raw objects of `length` bytes each. */
  function big(count: number, length: number): Sparse {
    const pieces: [number, Uint8Array][] = [];
    let at = 0;
    const add = (piece: Uint8Array): void => {
      pieces.push([at, piece]);
      at += piece.length;
    };
    add(join(header, '('));
    for (let i = 0; i < count; i++) {
      add(raw(length));
      at += length;
    }
    add(join('X', u32(5), 'there', 'e.'));
    return new Sparse(at, pieces);
  }

  it('hops over arrays', async () => {
    const source = big(20, 50 * 2 ** 20);
    expect(source.size).toBeGreaterThan(2 ** 30 - 2 ** 26);
    const world = new RawWorld();
    const { value, end } = await readPickle(source, { world });
    const list = value as PyPersistent[];
    expect(list).toHaveLength(21);
    expect(list[0].id).toBe(`lazy ${join(header, '(', raw(0)).length}+${50 * 2 ** 20}`);
    expect(list[20]).toBe('there');
    expect(end).toBe(source.size);
    expect(source.bytesRead).toBeLessThan(4 * 2 ** 20);
  });

  it('reads small arrays whole, and tells the observer of each BUILD once', async () => {
    const source = big(700, 100_000);
    const world = new RawWorld();
    const built: number[] = [];
    const observer = { build: (_: PyValue, __: PyValue, offset: number) => built.push(offset) };
    const list = (await readPickle(source, { world, observer })).value as PyPersistent[];
    expect(list).toHaveLength(701);
    expect((list[699].id as Uint8Array).length).toBe(100_000);
    expect(new Set(built).size).toBe(700);
    expect(built).toHaveLength(700);
    expect(world.builds).toBeGreaterThan(700);
  });

  it('takes opcodes, lines and texts across the ends of windows', async () => {
    const parts: Uint8Array[] = [ascii('(')];
    const expected: PyValue[] = [];
    for (let i = 0; i < 400; i++) {
      const text = `${i} ${'x'.repeat((i * 977) % 3000)}`;
      parts.push(join('X', u32(text.length), text), ascii(`V${text}\n`), ascii(`S'${text}'\n`), ascii(`I${i}\n`));
      expected.push(text, text, text, i);
    }
    const long = 'y'.repeat(3_000_000);
    parts.push(ascii(`V${long}\n`), join('B', u32(long.length), long), ascii('l.'));
    const bytes = join(...parts);
    const source = new Sparse(2 ** 27, [[0, bytes]]);
    const value = (await readPickle(source)).value as PyValue[];
    expect(value.slice(0, -2)).toEqual(expected);
    expect(value.at(-2)).toBe(long);
    expect((value.at(-1) as Uint8Array).length).toBe(long.length);
    expect(source.bytesRead).toBeLessThan(6 * bytes.length);
  });

  it('says where the file ends', async () => {
    const source = new Sparse(2 ** 27, [[0, join('\x80\x02B', u32(2 ** 28))]]);
    await expect(readPickle(source)).rejects.toMatchObject({
      code: 'TRUNCATED',
      place: { offset: 2, file: source.name },
    });
    expect(source.bytesRead).toBeLessThan(2 ** 20);
    const unending = new Sparse(2 ** 27, [[0, ascii('V')]]);
    await expect(readPickle(unending)).rejects.toMatchObject({ code: 'TRUNCATED' });
  });

  it('is listed without reading the arrays', async () => {
    const source = big(3, 2 ** 26);
    const kinds: string[] = [];
    for await (const entry of disassemble(source, { world: new RawWorld() })) {
      kinds.push(entry.kind === 'opcode' ? entry.opcode.name : entry.kind);
    }
    expect(kinds.filter((kind) => kind === 'payload')).toHaveLength(3);
    expect(kinds.slice(-3)).toEqual(['APPENDS', 'STOP', 'end']);
    expect(source.bytesRead).toBeLessThan(2 ** 20);
  });
});

describe('limits and cancelling', () => {
  const long = join('(', 'N'.repeat(200_000), 'l.');

  it('stops at each limit, with the figure', () => {
    expect(code(() => readPickleSync(long, { limits: { opcodes: 100_000 } }))).toBe('LIMIT');
    expect(code(() => readPickleSync(long, { limits: { opcodes: 200_003 } }))).toBe('none');
    expect(code(() => readPickleSync(long, { limits: { opcodes: 200_002 } }))).toBe('LIMIT');
    expect(code(() => readPickleSync(long, { limits: { stack: 1000 } }))).toBe('LIMIT');
    expect(code(() => readPickleSync(join('('.repeat(100_000), 'N.'), { limits: { marks: 1000 } }))).toBe('LIMIT');
    expect(code(() => readPickleSync(join('\x80\x04N', '\x94'.repeat(100_000), '.'), { limits: { memo: 10 } }))).toBe(
      'LIMIT',
    );
    expect(code(() => readPickleSync(join(']0'.repeat(50_000), 'N.'), { limits: { objects: 10 } }))).toBe('LIMIT');
    expect(code(() => readPickleSync(long, { limits: { milliseconds: -1 } }))).toBe('LIMIT');
    expect(code(() => readPickleSync(ascii('X\x05\x00\x00\x00hello.'), { limits: { text: 4 } }))).toBe('LIMIT');
  });

  it('stops when cancelled', async () => {
    const aborted = AbortSignal.abort();
    await expect(readPickle(long, { signal: aborted })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('errors', () => {
  it('say where, for the world too', () => {
    const world = new RawWorld();
    const append = (): boolean => {
      throw new BrineError('CORRUPT', 'no');
    };
    const bytes = ascii('NNcw\nX\n)\x81Na.');
    expect(() => readPickleSync(bytes, { world: Object.assign(world, { append }) })).toThrow('APPEND: no (at byte 10)');
    expect(() => readPickleSync(ascii('NN\x86\x86.'))).toThrow(
      'TUPLE2: needs 2 items on the stack, which are not there (at byte 3)',
    );
  });

  it('come after the observer heard of what would have run', () => {
    const seen: string[] = [];
    const observer = {
      global: (name: { fullName: string }, offset: number) => seen.push(`${offset} ${name.fullName}`),
      call: (_: string, __: PyValue, args: PyTuple, offset: number) =>
        seen.push(`${offset} ${JSON.stringify(args.items)}`),
    };
    const bytes = ascii("cposix\nsystem\n(S'id'\ntR0(i__builtin__\neval\no");
    expect(code(() => readPickleSync(bytes, { observer }))).toBe('CORRUPT');
    expect(seen).toEqual(['0 posix.system', '22 ["id"]', '25 builtins.eval', '25 []']);
  });
});

describe('Python 2 strings', () => {
  const bytes = ascii("(S'\\xe9'\nU\x01\xe9T\x01\x00\x00\x00\xe9l.");
  it('are text or bytes as asked', () => {
    expect(readPickleSync(bytes).value).toEqual(['é', 'é', 'é']);
    expect(readPickleSync(bytes, { encoding: 'bytes' }).value).toEqual([0, 0, 0].map(() => ascii('\xe9')));
    expect(code(() => readPickleSync(bytes, { encoding: 'utf-8' }))).toBe('CORRUPT');
  });
});

it('keeps keys of a file out of JavaScript’s prototypes', () => {
  const dict = readPickleSync(ascii("(S'__proto__'\n(dS'constructor'\nNd.")).value as PyDict;
  expect(dict.keys).toEqual(['__proto__', 'constructor']);
  expect(dict.get('toString')).toBeUndefined();
});
