import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from './limits.js';
import { plainData, type PlainData } from './plain.js';
import { readPickleSync } from './read.js';
import type { Observer } from './world.js';

/** Characters are bytes. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function look(bytes: Uint8Array, limits = {}): PlainData | 'cut' | undefined {
  const looking = plainData(bytes, { ...DEFAULT_LIMITS, ...limits });
  for (;;) {
    const { done, value } = looking.next();
    if (done === true) return value;
  }
}

const PLAIN: Record<string, string> = {
  None: 'N.',
  numbers: '\x80\x02(K\x01M\x01\x02J\x01\x02\x03\x04G\x3f\xf8\0\0\0\0\0\0\x8a\x02\x01\x02\x88\x89t.',
  texts: '\x80\x04]\x94(\x8c\x02hi\x94X\x03\0\0\0\xe2\x82\xac\x94h\x01\x8c\x04\xf0\x9f\x98\x80e.',
  containers:
    '\x80\x04]q\0(}q\x01(K\x01N\x85NK\x02K\x03\x86u}K\x01Ns\x8f(K\x01\x90(K\x01\x91(K\x01l(NNdNN\x86NNN\x87(NNte.',
  'one by one': ']Na}NNsa)a.',
  frames: '\x80\x04\x95\x03\0\0\0\0\0\0\0K\x01\x94\x95\x01\0\0\0\0\0\0\0.',
  'what follows': 'N.cos\nsystem\n)R.',
};

const OTHERS: Record<string, string> = {
  'a name': 'cos\nsystem\n.',
  'a name from the stack': '\x8c\x02os\x8c\x06system\x93.',
  'a name of Python 2': '(ios\nsystem\n.',
  'a call': ')R.',
  bytes: 'C\x01a.',
  'a list in two places': ']q\0h\0\x86.',
  'the same by DUP': ']2\x86.',
  'a list within itself': ']q\0h\0a.',
  'a persistent id': 'Pabc\n.',
  'nothing on the stack': '.',
  'a mark in the way': 'N(.',
  'an item too few': 'N\x86.',
  'no mark': 'Nt.',
  'an odd dict': '(Nd.',
  'odd items': '}(Nu.',
  'items of a tuple': ')Na.',
  'a key of a list': ']NNs.',
  'members of a list': '](N\x90.',
  'items of a set': '\x8f(Ne.',
  'a memo that is not there': 'h\0.',
  'a memo from behind': 'Nq\x05.',
  'text that is none': '\x8c\x02\xc3(.',
  'an overlong slash': '\x8c\x02\xc0\xaf.',
  'a surrogate': '\x8c\x03\xed\xa0\x80.',
  'protocol 6': '\x80\x06N.',
  'a frame within a frame': '\x95\x0b\0\0\0\0\0\0\0\x95\0\0\0\0\0\0\0\0N.',
  'a frame that cuts an opcode': '\x95\x01\0\0\0\0\0\0\0K\x01.',
  'a frame that goes on': '\x95\x04\0\0\0\0\0\0\0N.NN',
};

describe('a look at plain data', () => {
  for (const [name, text] of Object.entries(PLAIN)) {
    it(`knows ${name}`, () => {
      const bytes = bytesOf(text);
      const { end } = readPickleSync(bytes);
      expect(look(bytes)).toMatchObject({ end });
    });
  }

  for (const [name, text] of Object.entries(OTHERS)) {
    it(`leaves ${name} to the machine`, () => {
      expect(look(bytesOf(text))).toBeUndefined();
    });
  }

  it('says where the bytes end too early', () => {
    const bytes = bytesOf(
      '\x80\x04\x95\x20\0\0\0\0\0\0\0]\x94(\x8c\x02hi\x94X\x03\0\0\0\xe2\x82\xac\x94h\x01G\0\0\0\0\0\0\0\0e.',
    );
    for (let i = 0; i < bytes.length; i++) expect(look(bytes.subarray(0, i)), `${i}`).toBe('cut');
  });

  it('leaves what is beyond a limit to the machine', () => {
    const bytes = bytesOf(']((NNNlt\x8c\x03abc\x86\x94.');
    expect(look(bytes)).toBeDefined();
    for (const limits of [{ stack: 3 }, { marks: 1 }, { memo: 0 }, { objects: 2 }, { opcodes: 10 }, { text: 2 }])
      expect(look(bytes, limits), JSON.stringify(limits)).toBeUndefined();
    expect(look(bytesOf('\x8a\x02ab.'), { integerBytes: 1 })).toBeUndefined();
  });

  it('never calls data what the machine does not read, or what names and calls', () => {
    const heard: string[] = [];
    const observer: Observer = new Proxy({}, { get: (_, what) => () => heard.push(String(what)) });
    const pieces = [
      ...[
        'N',
        '\x88',
        'K\x01',
        'M\x01\x02',
        'J\0\0\0\0',
        'G\x3f\xf8\0\0\0\0\0\0',
        '\x8a\x01\x05',
        '\x8c\x01a',
        '\x8c\x02\xc3\xa9',
      ],
      ...[
        'X\x01\0\0\0b',
        ']',
        '}',
        ')',
        '\x8f',
        '\x85',
        '\x86',
        '\x87',
        '(',
        '(',
        '(',
        't',
        'l',
        'd',
        '\x91',
        'a',
        's',
        'e',
      ],
      ...[
        'u',
        '\x90',
        '\x94',
        '\x94',
        'h\0',
        'h\x01',
        'q\0',
        'q\x01',
        'j\0\0\0\0',
        '\x80\x04',
        '\x95\x02\0\0\0\0\0\0\0',
        '.',
        '.',
      ],
      ...['0', '1', '2', 'cos\nsystem\n', '\x93', 'R', '\x81', 'b', 'C\x01a', 'Q', '\x82\x01', '\x8c\x01\xff', '\xff'],
    ];
    let seed = 20_261;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    let plain = 0;
    for (let i = 0; i < 200_000; i++) {
      const bytes = bytesOf(
        Array.from({ length: 1 + random(14) }, () => pieces[random(pieces.length)]).join('') + 'N.',
      );
      const said = look(bytes);
      if (typeof said !== 'object') continue;
      plain++;
      const spent = { opcodes: 0, milliseconds: 0 };
      const read = readPickleSync(bytes, { observer, spent });
      if (read.end !== said.end || spent.opcodes !== said.opcodes || heard.length > 0)
        expect.fail(`${JSON.stringify(String.fromCharCode(...bytes))}: ${heard.join()} ${read.end} ${said.end}`);
    }
    expect(plain).toBeGreaterThan(10_000);
  });
});
