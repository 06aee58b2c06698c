import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openZip } from '../../archive/zip.js';
import { crc32 } from '../../bytes/checksums.js';
import { BufferSource } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { PyDict, PyFloat, type PyValue } from '../../pickle/values.js';
import { toTagged } from '../../python/json.js';
import { readPickleFile } from '../pickle/read.js';
import { readSkopsFile, untrustedTypes, type SkopsFile } from './index.js';
import { parseJson } from './json.js';

/** Files of skops 0.5, 0.9 and 0.16, and pickles of the same objects (oracle/skops/make.py). */
const folder = fileURLToPath(new URL('../../../../../fixtures/skops/', import.meta.url));
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(folder + name));
const files = readdirSync(folder).filter((name) => name.endsWith('.skops'));

const read = (bytes: Uint8Array): Promise<SkopsFile> => readSkopsFile(new BufferSource(bytes));

type Tagged = { [key: string]: unknown };

/** A pickle makes a RandomState through a function; skops names its class. */
function randomStates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(randomStates);
  if (typeof value !== 'object' || value === null) return value;
  const out: Tagged = {};
  for (const [key, inner] of Object.entries(value)) out[key] = randomStates(inner);
  if (out['name'] !== '__randomstate_ctor') return out;
  return { ...out, module: 'numpy.random.mtrand', name: 'RandomState', args: [] };
}

describe('readSkopsFile', () => {
  it.each(files)('%s is what the pickle of the same object is', async (name) => {
    const { value } = await read(bytesOf(name));
    const pickle = await readPickleFile(new BufferSource(bytesOf(name.replace('.skops', '.pkl'))));
    expect(toTagged(value)).toEqual(randomStates(toTagged(pickle.value)));
  });

  const answers = JSON.parse(readFileSync(folder + 'untrusted.json', 'utf8')) as Record<string, string[] | null>;
  it.each(files.filter((name) => answers[name]))('%s: as untrusted as skops says', async (name) => {
    expect((await read(bytesOf(name))).untrusted).toEqual(answers[name]);
    // Nothing needs to be made for that.
    expect(await untrustedTypes(new BufferSource(bytesOf(name)))).toEqual(answers[name]);
  });

  it('says protocol, version and names', async () => {
    const file = await read(bytesOf('skops0.9-models.skops'));
    expect([file.protocol, file.version]).toEqual([1, '0.9.0']);
    expect(file.names.map((name) => name.fullName)).toContain('sklearn.ensemble._forest.RandomForestClassifier');
    expect(file.names.map((name) => name.fullName)).not.toContain('builtins.dict');
  });
});

// ---- hostile ------------------------------------------------------------------------------------------

const node = (loader: string, more: Tagged = {}, name = 'dict', module = 'builtins'): Tagged => ({
  __class__: name,
  __module__: module,
  __loader__: loader,
  ...more,
});
const json = (value: unknown): Tagged => node('JsonNode', { content: JSON.stringify(value) }, 'str');
const listOf = (...content: Tagged[]): Tagged => node('ListNode', { content }, 'list');
const tupleOf = (...content: Tagged[]): Tagged => node('TupleNode', { content }, 'tuple');
const text = (root: Tagged, protocol: unknown = 2): string => JSON.stringify({ ...root, protocol });
/** A list of a list with that id, as JSON writes it, and a reference to it. */
const withId = (id: string): string => {
  const holder = node('ListNode', { __id__: '@', content: [json(1)] }, 'list');
  return text(listOf(holder, { __loader__: 'CachedNode', __id__: '@' })).replaceAll('"@"', id);
};
const loop = (inner: Tagged): Tagged => node('ListNode', { __id__: 1, content: [inner] }, 'list');

/** A zip of stored members, whose names may repeat. */
function zip(members: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const put = (to: Uint8Array[], size: number, name: string, data: Uint8Array, head: number[]): void => {
    const bytes = new Uint8Array(size + name.length);
    const view = new DataView(bytes.buffer);
    const start = size === 30 ? 14 : 16;
    view.setUint32(0, head[0], true);
    view.setUint32(start, crc32(data), true);
    view.setUint32(start + 4, data.length, true);
    view.setUint32(start + 8, data.length, true);
    view.setUint16(start + 12, name.length, true);
    if (size === 46) view.setUint32(42, head[1], true);
    bytes.set(new TextEncoder().encode(name), size);
    to.push(bytes);
  };
  for (const [name, data] of members) {
    put(parts, 30, name, data, [0x04034b50]);
    put(directory, 46, name, data, [0x02014b50, at]);
    parts.push(data);
    at += 30 + name.length + data.length;
  }
  const end = new Uint8Array(22);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, directory.length, true);
  view.setUint16(10, directory.length, true);
  view.setUint32(
    12,
    directory.reduce((sum, part) => sum + part.length, 0),
    true,
  );
  view.setUint32(16, at, true);
  return new Uint8Array(Buffer.concat([...parts, ...directory, end]));
}

const packed = (schema: string, members: Record<string, Uint8Array> = {}): Uint8Array =>
  zip(Object.entries({ ...members, 'schema.json': new TextEncoder().encode(schema) }));

/** What reading comes to: `read`, or the code of the BrineError. Anything else fails the test. */
async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    await read(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof BrineError) return error.code;
    throw error;
  }
}

describe('a hostile file', () => {
  const cases: Record<string, [schema: string, expected: string]> = {
    'a list': [text(listOf(json(1), json('a'))), 'read'],
    'an id within itself': [
      text(node('ListNode', { __id__: 1, content: [node('ListNode', { __id__: 1 })] })),
      'CORRUPT',
    ],
    'a reference to nothing': [text(listOf({ __loader__: 'CachedNode', __id__: 7 })), 'CORRUPT'],
    'an id that is a list': [text(node('ListNode', { __id__: [1], content: [] }, 'list')), 'CORRUPT'],
    'a reference to what holds it': [text(loop({ __loader__: 'CachedNode', __id__: 1 })), 'CORRUPT'],
    'a reference to itself': [text(listOf({ __loader__: 'CachedNode', __id__: 1, content: [] })), 'CORRUPT'],
    'objects that hold each other': [
      text(listOf(loop(node('ListNode', { __id__: 2, content: [loop(json(1))] }, 'list')))),
      'CORRUPT',
    ],
    'an object that holds itself by its state': [
      text(node('ObjectNode', { __id__: 1, content: node('ObjectNode', { __id__: 1 }, 'A', 'b') }, 'A', 'b')),
      'CORRUPT',
    ],
    'an object that holds itself by its arguments': [
      text(
        node(
          'TreeNode',
          { __id__: 1, content: json(null), __reduce__: { args: tupleOf({ __loader__: 'CachedNode', __id__: 1 }) } },
          'Tree',
          'sklearn.tree._tree',
        ),
      ),
      'CORRUPT',
    ],
    'the key types of a dict within it': [
      text(node('DictNode', { __id__: 1, key_types: { __loader__: 'CachedNode', __id__: 1 }, content: {} })),
      'CORRUPT',
    ],
    'an id beyond 2^53': [withId('9007199254740993'), 'read'],
    'an id of 4000 digits': [withId('9'.repeat(4000)), 'read'],
    'an id of 5000 digits': [withId('9'.repeat(5000)), 'CORRUPT'],
    'an id of 1e308': [withId('1e308'), 'CORRUPT'],
    'an id of 1e999': [withId('1e999'), 'CORRUPT'],
    'an id of NaN': [withId('NaN'), 'CORRUPT'],
    'a float as an id': [withId('1.0'), 'CORRUPT'],
    'a negative id': [withId('-1'), 'read'],
    'an id that is text': [withId('"__proto__"'), 'read'],
    'an id that is true': [withId('true'), 'CORRUPT'],
    'an id that is an object': [withId('{}'), 'CORRUPT'],
    'a loader nobody has': [text(node('EvalNode', { content: 'x' })), 'UNSUPPORTED'],
    'a loader named by a prototype': [text(node('constructor')), 'UNSUPPORTED'],
    'no loader': [text({ __class__: 'a', __module__: 'b' }), 'CORRUPT'],
    'no class': [text({ __loader__: 'ObjectNode' }), 'CORRUPT'],
    'no content': [text(node('DictNode')), 'CORRUPT'],
    'a member that is missing': [
      text(node('NdArrayNode', { type: 'numpy', file: 'a.npy' }, 'ndarray', 'numpy')),
      'CORRUPT',
    ],
    'a member outside': [text(node('BytesNode', { file: '../../etc/passwd' }, 'bytes')), 'CORRUPT'],
    'another way to store arrays': [
      text(node('NdArrayNode', { type: 'pickle', file: 'a' }, 'ndarray', 'numpy')),
      'UNSUPPORTED',
    ],
    'a tree that is named otherwise': [
      text(node('TreeNode', { content: json(null), __reduce__: { args: tupleOf() } }, 'system', 'os')),
      'CORRUPT',
    ],
    'a constructor that is named otherwise': [
      text(node('QuantileForestNode', { content: json(null), __reduce__: { args: tupleOf() } }, 'Popen', 'subprocess')),
      'CORRUPT',
    ],
    'a random state that is named otherwise': [
      text(node('RandomStateNode', { content: json(null) }, 'Popen', 'subprocess')),
      'CORRUPT',
    ],
    'a masked array that is named otherwise': [
      text(node('MaskedArrayNode', { content: { data: json(1), mask: json(1) } }, 'Popen', 'subprocess')),
      'CORRUPT',
    ],
    'an operator named by a prototype': [
      text(node('OperatorFuncNode', { attrs: tupleOf() }, 'x', '__proto__')),
      'CORRUPT',
    ],
    'an operator of another module': [text(node('OperatorFuncNode', { attrs: tupleOf() }, 'system', 'os')), 'CORRUPT'],
    'a method of another class': [
      text(node('MethodNode', { content: { func: 'f', obj: json(1) } }, 'B', 'm')),
      'CORRUPT',
    ],
    'a bit generator that is none': [
      text(
        node(
          'RandomGeneratorNode',
          {
            content: {
              bit_generator: node('DictNode', {
                key_types: listOf(node('TypeNode', {}, 'str')),
                content: { bit_generator: json('seed') },
              }),
              seed_seq: node('DictNode', { key_types: listOf(), content: {} }),
            },
          },
          'Generator',
          'numpy.random._generator',
        ),
      ),
      'CORRUPT',
    ],
    'fewer types than keys': [text(node('DictNode', { key_types: listOf(), content: { a: json(1) } })), 'CORRUPT'],
    'rows of other lengths': [
      text(
        node(
          'NdArrayNode',
          { type: 'json', content: [listOf(json(1))], shape: tupleOf(json(1), json(2)) },
          'ndarray',
          'numpy',
        ),
      ),
      'CORRUPT',
    ],
    'a huge shape': [
      text(node('NdArrayNode', { type: 'json', content: [], shape: tupleOf(json(2 ** 40)) }, 'ndarray', 'numpy')),
      'LIMIT',
    ],
    'protocol 3': [text(listOf(), 3), 'UNSUPPORTED'],
    'protocol true': [text(listOf(), true), 'CORRUPT'],
    'no protocol': [JSON.stringify(listOf()), 'CORRUPT'],
    'JSON that is no object': ['[]', 'CORRUPT'],
    'no JSON': ['{"a": 1', 'CORRUPT'],
    'a key twice': ['{"protocol": 2, "protocol": 1}', 'CORRUPT'],
    'a class twice': [
      text(node('TypeNode', {}, 'int')).replace('"__class__"', '"__class__":"system","__class__"'),
      'CORRUPT',
    ],
    'a class twice, once in escapes': [
      text(node('TypeNode', {}, 'int')).replace('"__class__"', '"__cl\\u0061ss__":"system","__class__"'),
      'CORRUPT',
    ],
    'a class whose key is in escapes': [
      text(node('TypeNode', {}, 'int')).replace('"__class__"', '"__cl\\u0061ss__"'),
      'read',
    ],
    'a class whose key ends in a zero': [
      text(node('TypeNode', {}, 'int')).replace('"__class__"', '"__class__\\u0000"'),
      'CORRUPT',
    ],
    'a loader in other letters': [text(node('typenode', {}, 'int')), 'UNSUPPORTED'],
    'a million brackets': [`${'['.repeat(1e6)}${']'.repeat(1e6)}`, 'CORRUPT'],
    'JSON in JSON that is none': [text(node('JsonNode', { content: '[1' }, 'str')), 'CORRUPT'],
  };
  it.each(Object.entries(cases))('%s', async (_, [schema, expected]) => {
    expect(await outcome(packed(schema))).toBe(expected);
  });

  it('reads a member by its name, which never becomes a path', async () => {
    for (const name of ['../../etc/passwd', '/etc/passwd', 'C:\\x', '..', '', 'a\0b']) {
      const bytes = packed(text(node('BytesNode', { file: name }, 'bytes')), { [name]: Uint8Array.of(7) });
      expect((await read(bytes)).value).toEqual(Uint8Array.of(7));
    }
  });

  it('takes of two members with one name the last, as Python does, and says so', async () => {
    const schema = new TextEncoder().encode(text(node('BytesNode', { file: 'a' }, 'bytes')));
    const file = await read(
      zip([
        ['a', Uint8Array.of(1)],
        ['schema.json', schema],
        ['a', Uint8Array.of(2)],
      ]),
    );
    expect(file.value).toEqual(Uint8Array.of(2));
    expect(file.notes.join()).toMatch(/"a" occurs more than once/);
  });

  // CVE-2025-54412, CVE-2025-54413 and their like: what was shown to the user was not what was made.
  it.each([
    ['FunctionNode', 0, { content: { module_path: 'os', function: 'system' } }, 'function', 'builtins', 'os.system'],
    ['FunctionNode', 2, { content: { module_path: 'numpy', function: 'log' } }, 'system', 'os', 'os.system'],
    ['TypeNode', 2, {}, 'system', 'os', 'os.system'],
    ['ObjectNode', 2, { content: json(null) }, '_wrap_close', 'os', 'os._wrap_close'],
    ['OperatorFuncNode', 2, { attrs: tupleOf(json('x')) }, 'methodcaller', 'operator', 'operator.methodcaller'],
    [
      'MethodNode',
      2,
      { content: { func: 'system', obj: node('ObjectNode', {}, 'A', 'os') } },
      'A',
      'os',
      'os.A.system',
    ],
    ['ConstructorFromReduceNode', 2, { content: tupleOf() }, 'Popen', 'subprocess', 'subprocess.Popen'],
    ['ListNode', 2, { content: [] }, 'UserList', 'collections', 'collections.UserList'],
    ['SparseMatrixNode', 2, { type: 'scipy', file: 'a' }, 'Popen', 'subprocess', 'subprocess.Popen'],
  ] as const)(
    '%s of protocol %i: what is judged is what is made',
    async (loader, protocol, more, name, module, full) => {
      const bytes = packed(text(node(loader, more, name, module), protocol), { a: new Uint8Array(0) });
      const source = new BufferSource(bytes);
      await expect(readSkopsFile(source, { trusted: [] })).rejects.toThrow(
        `nobody trusts: ${full === 'os.A.system' ? 'os.A, ' : ''}${full}`,
      );
      // Trusting another name does not help.
      await expect(readSkopsFile(source, { trusted: ['builtins.function', 'numpy.log'] })).rejects.toThrow(full);
    },
  );

  it('is as deep as 50 MB allow', async () => {
    const open = '{"__class__":"list","__module__":"builtins","__loader__":"ListNode","content":[';
    const depth = Math.floor(50e6 / (open.length + 2));
    const { value, untrusted } = await read(packed(`${open.repeat(depth)}${']}'.repeat(depth - 1)}],"protocol":2}`));
    let levels = 0;
    for (let at: PyValue | undefined = value; Array.isArray(at); at = at[0]) levels++;
    expect([levels, untrusted]).toEqual([depth, []]);
  }, 120_000);

  it.each(['{"a":', '['])(
    'ends before a schema of many %s fills the memory',
    async (open) => {
      const depth = Math.floor(50e6 / open.length);
      expect(await outcome(packed(open.repeat(depth)))).toBe('LIMIT');
    },
    120_000,
  );

  it('shared lists cannot claim more objects than the schema has room for', async () => {
    let row: Tagged = node('ListNode', { __id__: 1, content: [json(1), json(1)] }, 'list');
    const shape = [json(2), json(2)];
    for (let id = 2; id < 40; id++) {
      row = node(
        'ListNode',
        { __id__: id, content: [row, { ...node('ListNode', { __id__: id - 1 }, 'list') }] },
        'list',
      );
      shape.push(json(2));
    }
    const array = node(
      'NdArrayNode',
      { type: 'json', content: [row, row], shape: tupleOf(...shape) },
      'ndarray',
      'numpy',
    );
    expect(await outcome(packed(text(array)))).toBe('LIMIT');
  });

  it('nests as deep as it likes', async () => {
    const depth = 20_000;
    const open = '{"__class__":"list","__module__":"builtins","__loader__":"ListNode","content":[';
    const { value } = await read(packed(`${open.repeat(depth)}${']}'.repeat(depth - 1)}],"protocol":2}`));
    let levels = 0;
    for (let at: PyValue | undefined = value; Array.isArray(at); at = at[0]) levels++;
    expect(levels).toBe(depth);
  });

  it('keeps ids apart that a double cannot hold', async () => {
    const [a, b] = ['9007199254740993', '9007199254740992'];
    const one = (id: string): string =>
      JSON.stringify(node('ListNode', { content: [], __id__: 0 }, 'list')).replace(':0', `:${id}`);
    const schema = text(listOf()).replace('[]', `[${one(a)},${one(b)},${one(a)}]`);
    const [first, second, third] = (await read(packed(schema))).value as PyValue[];
    expect([first === second, first === third]).toEqual([false, true]);
  });

  it('is refused at every length', async () => {
    const bytes = packed(text(listOf(json(1))));
    for (let i = 0; i < bytes.length; i++) expect(await outcome(bytes.subarray(0, i))).not.toBe('read');
  });

  it('is read or refused however its schema is changed', async () => {
    let seed = 1;
    const random = (n: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed % n;
    };
    const outcomes = new Set<string>();
    for (const name of ['skops0.16-arrays.skops', 'skops0.9-arrays.skops']) {
      const archive = await openZip(new BufferSource(bytesOf(name)));
      const members: Record<string, Uint8Array> = {};
      for (const entry of archive.entries) members[entry.name] = await entry.read();
      const schema = new TextDecoder().decode(members['schema.json']);
      // Indentation is half of it, and changes nothing.
      const compact = JSON.stringify(JSON.parse(schema));
      const tokens = compact.match(/"(?:[^"\\]|\\.)*"|[0-9]+|./g)!;
      for (let i = 0; i < 400; i++) {
        const changed = [...tokens];
        for (let k = random(3); k >= 0; k--)
          changed[random(tokens.length)] = random(3) === 0 ? '' : tokens[random(tokens.length)];
        outcomes.add(await outcome(packed(changed.join(''), members)));
      }
    }
    expect([...outcomes].sort()).toEqual(expect.arrayContaining(['CORRUPT', 'UNSUPPORTED', 'read']));
  });
});

describe('parseJson', () => {
  const dicts = {
    make: () => new PyDict(),
    add: (dict: PyDict, key: string, value: PyValue) => !dict.has(key) && (dict.set(key, value), true),
  };
  const parse = (source: string): PyValue => parseJson<PyValue, PyDict>(source, dicts, 'it');

  it("knows Python's numbers", () => {
    expect(parse('[0, -0, 1.0, 1e2, -1.5, NaN, -Infinity, 9007199254740993, -12345678901234567890]')).toEqual([
      0,
      0,
      new PyFloat(1),
      new PyFloat(100),
      -1.5,
      new PyFloat(NaN),
      new PyFloat(-Infinity),
      9007199254740993n,
      -12345678901234567890n,
    ]);
  });

  it('knows escapes, and keys in their order', () => {
    const dict = parse('{"10": "\\u00e9\\n\\"\\ud83d\\ude00", "2" : [ ] , "__proto__": {}}') as PyDict;
    expect(dict.keys).toEqual(['10', '2', '__proto__']);
    expect(dict.get('10')).toBe('é\n"😀');
  });

  it.each([
    '',
    ' ',
    '[1,]',
    '{"a" 1}',
    '{a: 1}',
    '01',
    '1.',
    '+1',
    '"\n"',
    '"\\x"',
    '"\\u12g4"',
    'nul',
    '[1 2]',
    '1 2',
    '"',
    ']',
  ])('refuses %j', (source) => {
    expect(() => parse(source)).toThrow(BrineError);
  });
});

describe('trusted', () => {
  const file = async (trusted?: readonly string[]): Promise<SkopsFile> =>
    readSkopsFile(new BufferSource(bytesOf('skops0.16-models.skops')), trusted ? { trusted } : {});

  it('is a list of names, judged before anything is made', async () => {
    const { untrusted } = await file();
    expect(untrusted.length).toBeGreaterThan(0);
    expect((await file(untrusted)).untrusted).toEqual(untrusted);
    await expect(file(untrusted.slice(1))).rejects.toThrow(untrusted[0]);
    await expect(file([])).rejects.toThrow(/nobody trusts/);
    await expect(file(true as unknown as string[])).rejects.toThrow(/never true/);
  });
});
