import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { opcodes } from './opcodes.js';
import { python3Name } from './python2.js';

const tables = JSON.parse(
  readFileSync(new URL('../../../../fixtures/pickle/tables.json', import.meta.url), 'utf8'),
) as { python3Names: [string, string, string, string][]; opcodes: { code: number }[] };

const byCode = (a: { code: number }, b: { code: number }): number => a.code - b.code;

it('has every opcode that pickletools has, as it describes it', () => {
  const own = opcodes.map(({ code, name, argument, protocol, before, after }) => ({
    code,
    name,
    argument,
    protocol,
    before,
    after,
  }));
  expect(own).toHaveLength(68);
  expect(own.sort(byCode)).toEqual(tables.opcodes.sort(byCode));
});

it('renames what CPython renames', () => {
  expect(tables.python3Names.length).toBeGreaterThan(140);
  for (const [module, name, ...expected] of tables.python3Names) {
    expect(python3Name(module, name), `${module} ${name}`).toEqual(expected);
  }
});

it('renames nothing else', () => {
  expect(python3Name('numpy', 'ndarray')).toEqual(['numpy', 'ndarray']);
  expect(python3Name('multiprocessing', 'process.Process')).toEqual(['multiprocessing', 'process.Process']);
  expect(python3Name('itertools izip', '')).toEqual(['itertools izip', '']);
  expect(python3Name('__proto__', 'constructor')).toEqual(['__proto__', 'constructor']);
});
