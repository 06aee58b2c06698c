import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../bytes/source.js';
import { readPickle } from '../../pickle/read.js';
import { pythonWorld } from '../../python/world.js';
import { disassemble, exceptionTable, type PythonVersion } from './disassemble.js';
import { allCodes, codeOfMarshal, codeOfValue, judgeCode, listCode, read, usesOf, type Code } from './index.js';

interface Vector {
  readonly pickle: string;
  readonly codes: Readonly<Record<string, string>>;
  readonly marshal?: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../../../fixtures/audit/code.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, Vector>>;

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

async function codeIn({ pickle }: Vector): Promise<Code> {
  const { value } = await readPickle(new BufferSource(bytesOf(pickle)), { world: pythonWorld() });
  return codeOfValue(value)!;
}

const all = Object.entries(vectors).flatMap(([version, byName]) =>
  Object.entries(byName).map(([name, vector]) => [version as PythonVersion, name, vector] as const),
);

describe('bytecode', () => {
  it.each(all)('of Python %s, %s: read as its own dis reads it', async (version, name, vector) => {
    const code = await codeIn(vector);
    const codes = allCodes(code);
    expect(codes.length).toBe(Object.keys(vector.codes).length);
    for (const each of codes) {
      const expected = vector.codes[vector.codes[each.qualifiedName] === undefined ? each.name : each.qualifiedName];
      const reading = read(each);
      expect(reading?.versions, each.qualifiedName).toContain(version);
      const listed = disassemble(each.bytecode, version)!.map(
        ({ offset, name: opcode, argument }) => `${offset}:${opcode}:${argument ?? ''}`,
      );
      expect(listed.slice(name === 'wide' ? -40 : 0).join(' ')).toBe(expected);
    }
  });

  it.each(all.filter(([, , { marshal }]) => marshal !== undefined))(
    'of Python %s, %s: the same from marshal',
    async (_, __, vector) => {
      const pickled = usesOf(await codeIn(vector));
      const marshalled = codeOfMarshal(bytesOf(vector.marshal!));
      expect(marshalled).toBeDefined();
      expect(usesOf(marshalled!)).toEqual(pickled);
    },
  );

  it('of 3.14 is told from that of 3.13', () => {
    // RESUME 0; LOAD_FAST_BORROW 0; LOAD_SMALL_INT 2; BINARY_OP 5 and five cache words; RETURN_VALUE.
    const bytecode = Uint8Array.from([128, 0, 86, 0, 94, 2, 44, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 35, 0]);
    expect(disassemble(bytecode, '3.14')!.map(({ name }) => name)).toEqual([
      'RESUME',
      'LOAD_FAST_BORROW',
      'LOAD_SMALL_INT',
      'BINARY_OP',
      'RETURN_VALUE',
    ]);
    expect(disassemble(bytecode, '3.13')).toBeUndefined();
  });

  it('has exception tables', () => {
    expect(exceptionTable(Uint8Array.from([0x80 | 4, 6, 12, 3]))).toEqual([
      { start: 8, end: 20, target: 24, depth: 1, lasti: true },
    ]);
    expect(exceptionTable(Uint8Array.from([4]))).toBeUndefined();
  });
});

describe('what a function uses', () => {
  const judged = async (version: string, name: string) => judgeCode(await codeIn(vectors[version][name]));

  it.each(Object.keys(vectors))('is told apart in Python %s', async (version) => {
    const reaching = await judged(version, 'reaching');
    expect(reaching.kind).toBe('reaches');
    expect(reaching.uses.imports).toEqual(['os', 'subprocess.check_output', 'urllib.request']);
    expect(reaching.uses.globals).toEqual(expect.arrayContaining(['__import__', 'eval', 'getattr']));
    expect(reaching.uses.sets).toContain('STATE');
    expect(reaching.text).toContain('subprocess.check_output');
    const arithmetic = await judged(version, 'arithmetic');
    expect(arithmetic.kind).toBe('computes');
    expect(arithmetic.uses.attributes).toEqual(['log1p', 'clip', 'mean']);
    expect((await judged(version, 'closure')).uses.inside.length).toBe(2);
  });

  it('stays listed where the bytecode is none', async () => {
    const code = await codeIn(vectors['3.11']['reaching']);
    const broken = { ...code, bytecode: Uint8Array.from([255, 255]) };
    expect(judgeCode(broken).uses.isOpaque).toBe(true);
    expect(judgeCode(broken).reaches.join()).toContain('__import__');
  });
});

describe('hostile bytecode', () => {
  it('never throws', async () => {
    let seed = 12345;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return seed % below;
    };
    const code = await codeIn(vectors['3.12']['loops']);
    const marshalled = bytesOf(vectors['3.12']['reaching'].marshal!);
    for (let round = 0; round < 2000; round++) {
      const bytecode = code.bytecode.slice();
      for (let i = 0; i < 3; i++) bytecode[random(bytecode.length)] = random(256);
      judgeCode({ ...code, bytecode });
      const string = marshalled.slice(0, marshalled.length - random(2) * random(marshalled.length));
      for (let i = 0; i < 3; i++) string[random(string.length)] = random(256);
      const inside = codeOfMarshal(string);
      if (inside) judgeCode(inside);
    }
    expect(codeOfMarshal(new Uint8Array(0))).toBeUndefined();
  });
});

describe('a listing', () => {
  it('says what arguments mean', async () => {
    const lines = listCode(await codeIn(vectors['3.11']['arithmetic']));
    expect(lines[0]).toContain('only computes');
    expect(lines.join('\n')).toMatch(/LOAD_GLOBAL \d \(np\)/);
    expect(lines.join('\n')).toMatch(/LOAD_FAST 0 \(x\)/);
  });
});
