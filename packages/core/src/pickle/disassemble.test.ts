import { describe, expect, it } from 'vitest';
import { disassembleSync, type DisassembleOptions } from './disassemble.js';
import { entryToJson, formatEntry } from './listing.js';
import type { World } from './world.js';
import { readCases } from '../../test/support/pickle-cases.js';

/** pickletools makes something of these arguments, which no unpickler does. */
const strange = new Set(['STRING one quote', 'PUT negative', 'INT octal']);
const listed = readCases().filter((c) => c.dis !== undefined && !strange.has(c.name));

function lines(bytes: Uint8Array, options?: DisassembleOptions): string[] {
  return [...disassembleSync(bytes, options)].map((entry) => formatEntry(entry, { full: true, annotate: false }));
}

describe('disassemble against pickletools.dis', () => {
  it.each(listed.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const expected = c.dis === '' ? [] : c.dis!.replace(/ +no MARK exists on stack$/, '').split('\n');
    const actual = lines(c.bytes);
    // pickletools stops at its first complaint; the listing goes on as far as it can.
    if (c.disWhole !== true) actual.length = expected.length;
    expect(actual).toEqual(expected);
  });
});

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

function annotated(text: string, options?: DisassembleOptions): string[] {
  return [...disassembleSync(latin1(text), options)].map((entry) => formatEntry(entry));
}

describe('annotations', () => {
  const judge = (module: string): 'dangerous' | 'unknown' => (module === 'posix' ? 'dangerous' : 'unknown');

  it('resolve the memo, and mark calls', () => {
    expect(annotated("(S'coef_'\np0\ncos\nsystem\n(g0\nS'id'\ntRt.", { judge })).toEqual([
      '    0: (    MARK',
      "    1: S        STRING     'coef_'",
      '   10: p        PUT        0',
      "   13: c        GLOBAL     'os system'  ? unknown",
      '   24: (        MARK',
      "   25: g            GET        0  -> 'coef_'",
      "   28: S            STRING     'id'",
      '   34: t            TUPLE      (MARK at 24)',
      "   35: R        REDUCE  -> calls os.system('coef_', 'id')  ? unknown",
      '   36: t        TUPLE      (MARK at 0)',
      '   37: .    STOP',
      'highest protocol among opcodes = 0',
    ]);
    expect(annotated('\x80\x04\x8c\x05posix\x8c\x06system\x93)R.', { judge }).slice(3, 6)).toEqual([
      '   17: \\x93 STACK_GLOBAL  -> posix.system  !! dangerous',
      '   18: )    EMPTY_TUPLE',
      '   19: R    REDUCE  -> calls posix.system()  !! dangerous',
    ]);
  });

  it('give the name a Python 2 file means', () => {
    expect(annotated('c__builtin__\nxrange\n.')[0]).toBe(
      "    0: c    GLOBAL     '__builtin__ xrange'  -> builtins.range (written __builtin__.xrange)",
    );
  });

  it('shorten what is long', () => {
    expect(annotated(`X\xe8\x03\x00\x00${'x'.repeat(1000)}.`)[0]).toBe(
      `    0: X    BINUNICODE '${'x'.repeat(60)}'… (1000 characters)`,
    );
    expect(annotated(`C\xc8${'\x00'.repeat(200)}.`)[0]).toBe(
      `    0: C    SHORT_BINBYTES b'${'\\x00'.repeat(30)}'… (200 bytes)`,
    );
  });

  it('go on behind what no unpickler accepts', () => {
    const shown = annotated("S'os.system'\n)R0cposix\nsystem\n.", { judge });
    expect(shown[2]).toBe('   14: R    REDUCE  !! REDUCE: calls a str (at byte 14)');
    expect(shown[4]).toBe("   16: c    GLOBAL     'posix system'  !! dangerous");
    expect(shown.at(-1)).toBe('highest protocol among opcodes = 1');
  });
});

describe('broken streams', () => {
  it('are shown up to the fault', () => {
    expect(annotated('\x80\x04K\x01\x8c\x09abc')).toEqual([
      '    0: \\x80 PROTO      4',
      '    2: K    BININT1    1',
      '    4: !! TRUNCATED: SHORT_BINUNICODE: its argument ends beyond the file’s 9 bytes (at byte 4)',
    ]);
    expect(annotated('N')).toEqual([
      '    0: N    NONE',
      '    1: !! TRUNCATED: the pickle ends before its STOP (at byte 1)',
    ]);
    expect(annotated('N\x01.').at(-1)).toBe('    1: !! CORRUPT: 0x01 is no pickle opcode (at byte 1)');
  });

  it('say what is left on the stack', () => {
    expect(annotated('NN.').at(-1)).toBe('highest protocol among opcodes = 0  !! 1 item is left on the stack');
  });
});

describe('joblib’s payloads', () => {
  const world: World = {
    call: () => undefined,
    append: () => false,
    setItem: () => false,
    build: (_, state, payload) => {
      if (state === null) payload.nested(() => 'inner');
      else payload.take(Number(state));
      return true;
    },
  };

  it('are one line each, and pickles within are indented', () => {
    expect(annotated('(cw\nA\n)\x81K\x03babccw\nB\n)\x81Nb\x80\x04](K\x01e.t.', { world })).toEqual([
      '    0: (    MARK',
      "    1: c        GLOBAL     'w A'",
      '    6: )        EMPTY_TUPLE',
      '    7: \\x81     NEWOBJ  -> calls w.A()',
      '    8: K        BININT1    3',
      '   10: b        BUILD  -> w.A object',
      '   11:      3 raw bytes  -> w.A object',
      "   14: c        GLOBAL     'w B'",
      '   19: )        EMPTY_TUPLE',
      '   20: \\x81     NEWOBJ  -> calls w.B()',
      '   21: N        NONE',
      '   22: b        BUILD',
      '       23: \\x80 PROTO      4',
      '       25: ]    EMPTY_LIST',
      '       26: (    MARK',
      '       27: K        BININT1    1',
      '       29: e        APPENDS    (MARK at 26)',
      '       30: .    STOP',
      '    highest protocol among opcodes = 2',
      '   31: t        TUPLE      (MARK at 0)',
      '   32: .    STOP',
      'highest protocol among opcodes = 2',
    ]);
  });

  it('end the listing where they are cut', () => {
    expect(annotated('cw\nA\n)\x81K\x7fbabc', { world }).at(-1)).toBe(
      '   10: !! TRUNCATED: an array needs 127 bytes, but the file has only 3 more (at byte 10)',
    );
  });
});

it('has entries as plain data', () => {
  const entries = [...disassembleSync(latin1("cos\nsystem\n(S'id'\ntR\x94L12345678901234567890L\n0."))];
  expect(JSON.parse(JSON.stringify(entries.map((entry) => entryToJson(entry))))).toEqual([
    { offset: 0, op: 'GLOBAL', arg: 'os system', imports: 'os.system' },
    { offset: 11, op: 'MARK' },
    { offset: 12, op: 'STRING', arg: 'id' },
    { offset: 18, op: 'TUPLE', mark: 11 },
    { offset: 19, op: 'REDUCE', calls: 'os.system', args: "('id')", result: 'os.system object' },
    { offset: 20, op: 'MEMOIZE', memo: 0 },
    { offset: 21, op: 'LONG', arg: '12345678901234567890' },
    { offset: 44, op: 'POP' },
    { offset: 45, op: 'STOP' },
    { offset: 46, end: true, protocol: 4 },
  ]);
});
