import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { zipArchive } from '../../archive/zip-write.js';
import { openZip } from '../../archive/zip.js';
import { collect } from '../../bytes/compress.js';
import { BlobSource, BufferSource } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { PyDict, PyGlobal, PyInstance, type PyValue } from '../../pickle/values.js';
import { toTagged } from '../../python/json.js';
import { NdArray } from '../../python/ndarray.js';
import { writeNpy } from '../npy/index.js';
import { parseDtype } from '../../python/dtype.js';
import { readSkopsFile, type SkopsOptions } from './index.js';
import { skopsFile } from './write/index.js';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../../fixtures/skops/${name}`, import.meta.url)));

type Node = Record<string, unknown>;
type Members = Record<string, Uint8Array>;

async function archive(schema: string, members: Members = {}): Promise<Uint8Array> {
  const all = Object.entries({ ...members, 'schema.json': new TextEncoder().encode(schema) });
  return collect(zipArchive(all.map(([name, data]) => ({ name, size: data.length, chunks: () => [data] }))));
}

const read = async (bytes: Uint8Array, options: SkopsOptions = {}): Promise<PyValue> =>
  (await readSkopsFile(new BufferSource(bytes), options)).value;

/** As the writer makes it: what occurs again is an id alone, and what does not has none. */
const compact = (value: PyValue): Promise<Uint8Array> => skopsFile(value).then((file) => collect(file.chunks()));

/** What reading comes to when everything is looked at: the value as JSON with what is shared, or the error's code. */
async function outcome(bytes: Uint8Array, options?: SkopsOptions): Promise<unknown> {
  try {
    const file = await readSkopsFile(new BufferSource(bytes), options);
    const value = toTagged(file.value);
    return { value, names: file.names.map((name) => name.fullName), untrusted: file.untrusted };
  } catch (error) {
    if (error instanceof BrineError) return error.code;
    throw error;
  }
}

// ---- a forest of a few trees ------------------------------------------------------------------------

const node = (loader: string, id: number, more: Node, name = 'dict', module = 'builtins'): Node => ({
  __class__: name,
  __module__: module,
  __loader__: loader,
  ...more,
  __id__: id,
});
const json = (id: number, value: unknown): Node => node('JsonNode', id, { content: JSON.stringify(value) }, 'str');
const STR = node('TypeNode', 5, {}, 'str');
const dict = (id: number, content: Node): Node =>
  node('DictNode', id, {
    content,
    key_types: node('ListNode', id + 1, { content: Object.keys(content).map(() => STR) }, 'list'),
  });
const array = (id: number, file: string): Node => node('NdArrayNode', id, { type: 'numpy', file }, 'ndarray', 'numpy');

/** A tree whose ids begin at `id`. */
function tree(id: number, seed: number): Node {
  const state = dict(id + 1, {
    criterion: json(10, 'gini'),
    max_depth: json(11, null),
    random_state: json(id + 3, seed),
    classes_: array(id + 4, `${id + 4}.npy`),
    tree_: node(
      'TreeNode',
      id + 5,
      {
        content: dict(id + 6, { node_count: json(100 + (seed % 3), seed % 3), nodes: array(id + 8, 'nodes.npy') }),
        __reduce__: { args: node('TupleNode', id + 9, { content: [json(12, 4), array(id + 4, 'x.npy')] }, 'tuple') },
      },
      'Tree',
      'sklearn.tree._tree',
    ),
  });
  return node('ObjectNode', id, { content: state }, 'DecisionTreeClassifier', 'sklearn.tree._classes');
}

const numbers = writeNpy(new NdArray(parseDtype('f8')!, [2], false, new Uint8Array(new Float64Array([1, 2.5]).buffer)));

const COUNT = 6;
const ids = Array.from({ length: COUNT }, (_, i) => 1000 + 100 * i);
const files: Members = Object.fromEntries(['nodes.npy', ...ids.map((id) => `${id + 4}.npy`)].map((n) => [n, numbers]));

/** The schema of a list of trees, after `change` has been made to the text of each. */
function forest(change: (tree: string, at: number) => string = (text) => text): string {
  const trees = ids.map((id, i) => change(JSON.stringify(tree(id, 41 + i)), i));
  const list = JSON.stringify({ ...node('ListNode', 1, { content: [] }, 'list'), protocol: 2, _skops_version: '0.16' });
  return list.replace('[]', `[${trees.join()}]`);
}

/** A forest with a change to its tree number `at`. */
const changed = (at: number, from: string | RegExp, to: string): Promise<Uint8Array> =>
  archive(
    forest((text, i) => {
      if (i !== at) return text;
      expect(text.search(from)).toBeGreaterThanOrEqual(0);
      return text.replace(from, () => to);
    }),
    files,
  );

const state = (value: PyValue, at: number): PyDict => ((value as PyValue[])[at] as PyInstance).state as PyDict;

describe('objects that are alike', () => {
  it.each(['skops0.5-models.skops', 'skops0.9-models.skops', 'skops0.16-models.skops'])(
    '%s: are the same whether they are made at once or later',
    async (name) => {
      expect(await outcome(fixture(name))).toEqual(await outcome(fixture(name), { whole: true }));
    },
  );

  it('are made later too where they are written as ids of what came before, and have none of their own', async () => {
    const own = writeNpy(new NdArray(parseDtype('u1')!, [3], false, Uint8Array.of(7, 8, 9)));
    const bytes = await compact(await read(await archive(forest(), { ...files, '1404.npy': own })));
    expect(await outcome(bytes)).toEqual(await outcome(bytes, { whole: true }));
    const zip = await openZip(new BufferSource(bytes));
    const members: Members = {};
    for (const entry of zip.entries) members[entry.name] = await entry.read();
    // Only whoever looks at a tree hears that it is damaged.
    const { 'schema.json': schema, ...arrays } = members;
    const name = Object.keys(arrays).find((key) => arrays[key].at(-1) === 9)!;
    const text = new TextDecoder().decode(schema);
    const damaged = await read(await archive(text, { ...arrays, [name]: Uint8Array.of(1, 2, 3) }));
    expect(state(damaged, 3).get('random_state')).toBe(44);
    expect(() => state(damaged, 4).get('random_state')).toThrow(name);
    const third = state(await read(bytes), 2);
    expect(third.get('random_state')).toBe(43);
    expect((third.get('tree_') as PyInstance).args.items[1]).toBe(third.get('classes_'));
  });

  it('are made when they are asked for, each once', async () => {
    const value = await read(await archive(forest(), files));
    // What was not asked for has not been read: a damaged array is heard of by who wants it.
    const damaged = await read(await archive(forest(), { ...files, '1204.npy': Uint8Array.of(1, 2, 3) }));
    expect(state(damaged, 1).get('random_state')).toBe(42);
    for (let again = 0; again < 2; again++)
      expect(() => state(damaged, 2).get('random_state')).toThrow(/1204\.npy|no \.npy/);
    expect(state(damaged, 3).get('random_state')).toBe(44);

    const third = state(value, 2);
    expect(third.keys).toEqual(['criterion', 'max_depth', 'random_state', 'classes_', 'tree_']);
    const made = third.get('tree_') as PyInstance;
    // The array is one object in both places.
    expect(made.args.items[1]).toBe(third.get('classes_'));
    expect((made.state as PyDict).get('node_count')).toBe(1);
    expect(state(value, 2)).toBe(third);
  });

  it('may differ in what the first ones have in common, and then in more', async () => {
    const [depth, criterion] = [json(11, null), json(10, 'gini')].map((made) => JSON.stringify(made));
    const text = forest((tree, i) => {
      if (i === 2) return tree.replace(depth, JSON.stringify(json(9001, 7)));
      if (i === 3) return tree.replace(criterion, JSON.stringify(json(9002, 'log_loss')));
      return i === 5 ? tree.replace(depth, JSON.stringify(json(9001, 7))) : tree;
    });
    const bytes = await archive(text, files);
    const value = await read(bytes);
    const column = (key: string): unknown[] => ids.map((_, i) => state(value, i).get(key));
    expect(column('max_depth')).toEqual([null, null, 7, null, null, 7]);
    expect(column('criterion')).toEqual(['gini', 'gini', 'gini', 'log_loss', 'gini', 'gini']);
    expect(column('random_state')).toEqual([41, 42, 43, 44, 45, 46]);
    expect(await outcome(bytes)).toEqual(await outcome(bytes, { whole: true }));
  });

  it('are all made by `whole`', async () => {
    const bytes = await archive(forest(), { ...files, '1204.npy': Uint8Array.of(1, 2, 3) });
    expect(await outcome(bytes, { whole: true })).toBe('UNKNOWN_FORMAT');
  });

  it('are the same from a Blob', async () => {
    const bytes = await archive(forest(), files);
    const { value } = await readSkopsFile(new BlobSource(new Blob([new Uint8Array(bytes)])));
    expect(toTagged(value)).toEqual(toTagged(await read(bytes)));
  });

  const differences: Record<string, [from: string | RegExp, to: string, expected: string]> = {
    'an array that is missing': ['"1204.npy"', '"1205.npy"', 'CORRUPT'],
    'an array outside the archive': ['"1204.npy"', '"../1204.npy"', 'CORRUPT'],
    'its own id within itself': ['"__id__":1204', '"__id__":1200', 'CORRUPT'],
    'the id of the list that holds it': ['"__id__":1204', '"__id__":1', 'CORRUPT'],
    'the id of the one before it': [/"__id__":1200\}$/, '"__id__":1100}', 'read'],
    'the id of an array of the one before it': [/"__id__":1204/g, '"__id__":1104', 'read'],
    'a number of its own under the id of another': ['"content":"43"', '"content":"44"', 'read'],
    'two nodes with one id': ['"__id__":1208', '"__id__":1204', 'read'],
    'a number where an array was': [/"__id__":1204/g, '"__id__":10', 'read'],
    'a list where a number was': ['"content":"43"', '"content":"[4]"', 'read'],
    'no JSON where a number was': ['"content":"43"', '"content":"4 3"', 'CORRUPT'],
    'no JSON where a number was, of an id that is known': ['"content":"4"', '"content":"4 3"', 'read'],
    'an id of 2^53 + 1': ['"__id__":1203', '"__id__":9007199254740993', 'read'],
    'an id of 1e308': ['"__id__":1203', '"__id__":1e308', 'CORRUPT'],
    'an id with a zero before it': ['"__id__":1203', '"__id__":01203', 'CORRUPT'],
    'a negative id': ['"__id__":1203', '"__id__":-1203', 'read'],
    'an id that is text': ['"__id__":1203', '"__id__":"1203"', 'read'],
    'no id': [',"__id__":1203', '', 'read'],
    'a key twice': ['"__id__":1203', '"__id__":1203,"__id__":1203', 'CORRUPT'],
    'a key in escapes': ['"__id__":1203', '"__\\u0069d__":1203', 'read'],
    'a key twice, once in escapes': ['"__id__":1203', '"__id__":1203,"__\\u0069d__":1', 'CORRUPT'],
    'a tree that is named otherwise': ['"Tree","__module__":"sklearn.tree._tree"', '"x","__module__":"os"', 'CORRUPT'],
    'a name in escapes': ['"__class__":"Tree"', '"__class__":"T\\u0072ee"', 'read'],
    'a class of another kind': ['DecisionTreeClassifier', 'ExtraTreeClassifierXXXX', 'read'],
    'a control character': ['"content":"43"', '"content":"4\n"', 'CORRUPT'],
    'its end missing': [/\}$/, '', 'CORRUPT'],
    'something behind its end': [/$/, 'x', 'CORRUPT'],
  };
  it.each(Object.entries(differences))('%s in one of them', async (_, [from, to, expected]) => {
    const bytes = await changed(2, from, to);
    const whole = await outcome(bytes, { whole: true });
    expect(typeof whole === 'string' ? whole : 'read').toBe(expected);
    // Whatever is wrong with a schema is said when the file is opened.
    if (expected === 'CORRUPT') await expect(read(bytes)).rejects.toThrow(BrineError);
    else expect(await outcome(bytes)).toEqual(whole);
  });

  it('are judged before they are made', async () => {
    const named = (module: string, name: string, id: number): string =>
      JSON.stringify(node('TypeNode', id, {}, name, module));
    // The object with the id 5 is the type str, whatever is said of it behind the first time.
    const known = await changed(2, named('builtins', 'str', 5), named('os', 'system', 5));
    expect((await readSkopsFile(new BufferSource(known))).untrusted).not.toContain('os.system');
    const other = await changed(2, named('builtins', 'str', 5), named('os', 'system', 77));
    await expect(read(other, { trusted: [] })).rejects.toThrow(/nobody trusts: os\.system/);
  });

  it('are the same at once or later however their schema is changed', async () => {
    let seed = 7;
    const random = (n: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * n);
    };
    const sources = [{ text: forest(), members: files }];
    const zip = await openZip(new BufferSource(fixture('skops0.16-models.skops')));
    const members: Members = {};
    for (const entry of zip.entries) members[entry.name] = await entry.read();
    sources.push({ text: JSON.stringify(JSON.parse(new TextDecoder().decode(members['schema.json']))), members });
    const short = await openZip(new BufferSource(await compact(await read(fixture('skops0.16-models.skops')))));
    const shortMembers: Members = {};
    for (const entry of short.entries) shortMembers[entry.name] = await entry.read();
    sources.push({ text: new TextDecoder().decode(shortMembers['schema.json']), members: shortMembers });
    const counts = new Map<string, number>();
    for (const { text, members: parts } of sources) {
      const tokens = text.match(/"(?:[^"\\]|\\.)*"|[0-9]+|./g)!;
      // Everything that stands where ids, files and contents stand, and may be taken from elsewhere.
      const holes = tokens.flatMap((token, i) => (/^(?:[0-9]{2,}|"[0-9].*")$/.test(token) ? [i] : []));
      for (let i = 0; i < 150; i++) {
        const copy = [...tokens];
        for (let k = random(2); k >= 0; k--) {
          const all = random(4) > 0 ? holes : [...tokens.keys()];
          copy[all[random(all.length)]] = tokens[all[random(all.length)]];
        }
        const bytes = await archive(copy.join(''), parts);
        const [later, whole] = [await outcome(bytes), await outcome(bytes, { whole: true })];
        // The arrays are sound, so what is wrong is said when the file is opened.
        if (typeof whole === 'string') await expect(read(bytes)).rejects.toThrow(BrineError);
        // Of two mistakes, each may be the first that is met.
        if (typeof later === 'string' && typeof whole === 'string') expect(later).toMatch(/^[A-Z_]+$/);
        else expect(later).toEqual(whole);
        const kind = typeof whole === 'string' ? whole : 'read';
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
    }
    expect(counts.get('read')).toBeGreaterThan(50);
    expect(counts.get('CORRUPT')).toBeGreaterThan(10);
  });

  it('may be lists within lists, each like the one before it', async () => {
    // A template for each of them would have the innermost read over and over.
    const tail = `,"pad":"${'x'.repeat(1100)}"}`;
    const open = '{"__class__":"list","__module__":"builtins","__loader__":"ListNode","content":[';
    const twin = `${open}]${tail}`;
    const depth = 2000;
    const text = `${open.repeat(depth)}${`]${tail},${twin}`.repeat(depth - 1)}],"protocol":2}`;
    const value = await read(await archive(text));
    let levels = 0;
    for (let at: PyValue | undefined = value; Array.isArray(at); at = at[0]) levels++;
    expect(levels).toBe(depth);
  });

  it('may be lists of objects', async () => {
    const rows = (text: string, i: number): string =>
      JSON.stringify(node('ListNode', 5000 + i, { content: ['X'] }, 'list')).replace('"X"', () => text);
    const bytes = await archive(forest(rows), files);
    expect(await outcome(bytes)).toEqual(await outcome(bytes, { whole: true }));
    const value = (await read(bytes)) as PyValue[][];
    const last = value[COUNT - 1][0] as PyInstance;
    expect(last.callable).toBeInstanceOf(PyGlobal);
    expect((last.state as PyDict).get('random_state')).toBe(41 + COUNT - 1);
  });
});
