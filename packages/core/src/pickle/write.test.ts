import { describe, expect, it } from 'vitest';
import { BrineError } from '../errors.js';
import { disassemble } from './disassemble.js';
import { readPickleSync } from './read.js';
import {
  PyByteArray,
  PyDict,
  PyFloat,
  PyGlobal,
  PyInstance,
  PyPersistent,
  PySet,
  PyTuple,
  type PyValue,
} from './values.js';
import { writePickle, type PickleWriteOptions } from './write.js';

const protocols = [2, 3, 4, 5];

function again(value: PyValue, options: PickleWriteOptions = {}): PyValue {
  return readPickleSync(writePickle(value, options)).value;
}

async function opcodesOf(value: PyValue, options: PickleWriteOptions = {}): Promise<string[]> {
  const names: string[] = [];
  for await (const line of disassemble(writePickle(value, options))) {
    if (line.kind === 'opcode') names.push(line.opcode.name);
  }
  return names;
}

describe.each(protocols)('protocol %i', (protocol) => {
  const plain: PyValue[] = [
    null,
    true,
    false,
    0,
    255,
    256,
    65535,
    65536,
    -1,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 53 - 1,
    2n ** 63n,
    -(2n ** 63n),
    -(2n ** 2100n),
    1.5,
    new PyFloat(1),
    new PyFloat(-0),
    new PyFloat(Infinity),
    '',
    'é日😀',
    'x'.repeat(300),
    'lone \ud800 surrogate',
    'é'.repeat(100_000),
    [],
    [1, [2, []]],
    new PyTuple([]),
    new PyTuple([1]),
    new PyTuple([1, 2]),
    new PyTuple([1, 2, 3]),
    new PyTuple([1, 2, 3, 4]),
    PyDict.from([
      ['a', 1],
      [new PyTuple([1, 'b']), [2]],
    ]),
    new PyGlobal('builtins', 'range'),
    new PyGlobal('copyreg', '_reconstructor'),
    new PyGlobal('project.models', 'Model'),
  ];
  it.each(plain.map((value) => [value]))('%#', (value) => {
    const back = again(value, { protocol });
    // Protocol 2 spells some names as Python 2 did; the reader keeps both.
    if (value instanceof PyGlobal) expect((back as PyGlobal).fullName).toBe(value.fullName);
    else expect(back).toEqual(value);
  });

  it('keeps long lists and dicts, in batches', () => {
    const list = Array.from({ length: 2001 }, (_, i) => i);
    const dict = PyDict.from(list.map((i) => [i, String(i)]));
    expect(again(list, { protocol })).toEqual(list);
    expect([...(again(dict, { protocol }) as PyDict).entries()]).toEqual([...dict.entries()]);
  });

  it('keeps what is shared, and circles', () => {
    const shared = ['x'];
    const list: PyValue[] = [shared, shared];
    list.push(list);
    const [a, b, c] = again(list, { protocol }) as PyValue[];
    expect(a).toBe(b);
    expect((c as PyValue[])[0]).toBe(a);
    const inner: PyValue[] = [];
    const tuple = new PyTuple([inner]);
    inner.push(tuple);
    for (const value of [tuple, inner, [tuple, inner], [inner, tuple]]) {
      let back = again(value, { protocol });
      if (Array.isArray(value) && value.length === 2) back = (back as PyValue[])[value[0] === tuple ? 0 : 1];
      const [list] = back instanceof PyTuple ? back.items : [back];
      const [closed] = list as PyValue[];
      expect((closed as PyTuple).items[0]).toBe(list);
    }
  });

  it('keeps objects with state, items and themselves inside', () => {
    const made = new PyInstance('new', new PyGlobal('project', 'Model'), new PyTuple([1]));
    made.state = PyDict.from([
      ['self', made],
      ['n', 1],
    ]);
    made.appended = [1, 2];
    made.entries = PyDict.from([['k', 'v']]);
    const back = again(made, { protocol }) as PyInstance;
    expect([back.made, back.module, back.name, back.args.items]).toEqual(['new', 'project', 'Model', [1]]);
    expect(back.attribute('self')).toBe(back);
    expect(back.appended).toEqual([1, 2]);
    expect(back.entries?.get('k')).toBe('v');
  });

  it('nests deeper than any stack', () => {
    let value: PyValue = [];
    for (let i = 0; i < 200_000; i++) value = i % 2 ? [value] : new PyTuple([value]);
    const bytes = writePickle(value, { protocol });
    expect(bytes.length).toBeLessThan(700_000);
    expect(readPickleSync(bytes).value).toBeInstanceOf(Array);
  });
});

describe('writing', () => {
  it('gives the same bytes each time, and none for a memo that nobody asks', async () => {
    const value = PyDict.from([['a', ['b', new PyTuple([1, 2])]]]);
    expect(writePickle(value)).toEqual(writePickle(value));
    expect(await opcodesOf(value)).not.toContain('MEMOIZE');
    expect(await opcodesOf(['same', 'same'])).toContain('BINGET');
  });

  it('uses the opcodes of its protocol', async () => {
    expect(await opcodesOf(new PySet('set', [1]))).toContain('ADDITEMS');
    expect(await opcodesOf(new PySet('frozenset', [1]))).toContain('FROZENSET');
    expect(await opcodesOf(new PyByteArray(Uint8Array.of(1)), { protocol: 5 })).toContain('BYTEARRAY8');
    expect(await opcodesOf(Uint8Array.of(1), { protocol: 3 })).toContain('SHORT_BINBYTES');
    expect(await opcodesOf(new PyPersistent('id'))).toContain('BINPERSID');
    expect(await opcodesOf('x', { protocol: 2 })).toContain('BINUNICODE');
  });

  it('spells names of protocol 2 as Python 2 does', () => {
    const text = new TextDecoder().decode(writePickle(new PyGlobal('builtins', 'range'), { protocol: 2 }));
    expect(text).toContain('c__builtin__\nxrange\n');
    expect(() => writePickle(new PyGlobal('commands', 'x'), { protocol: 2 })).toThrow(/protocol 2/);
    expect(() => writePickle(new PyGlobal('a\nb', 'x'), { protocol: 3 })).toThrow(BrineError);
  });

  it('cuts frames that its own reader and CPython accept, large bytes outside of them', async () => {
    const many = Array.from({ length: 50_000 }, (_, i) => `text ${i}`);
    const value = [many, new Uint8Array(200_000), many];
    expect((await opcodesOf(value)).filter((name) => name === 'FRAME').length).toBeGreaterThan(5);
    expect((again(value) as PyValue[][])[0]).toEqual(many);
    expect(await opcodesOf(value, { frames: false })).not.toContain('FRAME');
  });

  it('asks about every name first', () => {
    const names: string[] = [];
    const value = [new PyInstance('call', new PyGlobal('os', 'system'), new PyTuple(['x'])), new PyGlobal('a', 'b')];
    writePickle(value, { vet: (name) => names.push(name.fullName) });
    expect(names.sort()).toEqual(['a.b', 'os.system']);
  });

  it('refuses what no pickle can say', () => {
    const args: PyValue[] = [];
    const made = new PyInstance('call', new PyGlobal('m', 'f'), new PyTuple(args));
    made.args.items.push(made);
    expect(() => writePickle(made)).toThrow(/made of itself/);
    expect(() => writePickle(1, { protocol: 1 })).toThrow(/protocols 2 to 5/);
    const keywords = new PyInstance('call', new PyGlobal('m', 'f'), new PyTuple([]), PyDict.from([['a', 1]]));
    expect(() => writePickle(keywords)).toThrow(/keyword/);
  });

  it('keeps keyword arguments of new objects', () => {
    const made = new PyInstance('new', new PyGlobal('m', 'C'), new PyTuple([1]), PyDict.from([['a', 1]]));
    expect((again(made) as PyInstance).kwargs?.get('a')).toBe(1);
    const older = again(made, { protocol: 3 }) as PyInstance;
    expect([older.name, older.args.items[0]]).toEqual(['__newobj_ex__', made.callable]);
  });
});
