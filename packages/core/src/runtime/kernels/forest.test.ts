import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { BrineError } from '../../errors.js';
import type { Ensemble, TreeNodes } from '../../graph/ensemble.js';
import { fieldOf, nodeField, type FieldType } from '../../graph/node-field.js';
import { forestKernel, plainForest, wasmForest, type ForestBackend } from './forest.js';
import { ForestMemory } from './forest-memory.js';
import { packForest } from './forest-pack.js';
import { csrRows, denseRows } from './rows.js';

// Written by oracle/make_kernels.py: scikit-learn's own node records, and what its compiled code answers.
interface Saved {
  dtype: string;
  shape: number[];
  data: string;
}
interface Table {
  count: number;
  stride: number;
  offsets: Record<string, number>;
  data: string;
}
interface Case {
  nFeatures: number;
  trees: Table[];
  values?: Saved[];
  X: Saved;
  sums: Saved;
  leaves?: Saved;
  paths?: [Saved, Saved][];
  init?: number[];
  scale?: number;
  classes?: number;
  bitsets?: Saved[];
  known?: Saved;
  knownFeatures?: [number, number][];
}

const file = new URL('../../../../../fixtures/kernels/forests.json.gz', import.meta.url);
const cases = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Record<string, Case>;

/** Bytes at an odd place of a buffer, as they may lie in a file. */
function bytesOf(base64: string, shift = 0): Uint8Array {
  const bytes = Buffer.from(base64, 'base64');
  const moved = new Uint8Array(bytes.length + shift);
  moved.set(bytes, shift);
  return moved.subarray(shift);
}
const floats = (saved: Saved): Float64Array => new Float64Array(bytesOf(saved.data).buffer);
const ints = (saved: Saved): Int32Array => new Int32Array(bytesOf(saved.data).buffer);

function treeOf(
  table: Table,
  shift: number,
): Omit<TreeNodes, 'values'> & { at: (name: string, type: FieldType) => TreeNodes['left'] } {
  const bytes = bytesOf(table.data, shift);
  const { count, stride, offsets } = table;
  const at = (name: string, type: FieldType): TreeNodes['left'] =>
    nodeField(bytes, { offset: offsets[name], stride, type, count });
  if ('is_leaf' in offsets) {
    return {
      at,
      count,
      left: at('left', 'u4'),
      right: at('right', 'u4'),
      feature: at('feature_idx', 'i8'),
      threshold: at('num_threshold', 'f8'),
      missingGoLeft: at('missing_go_to_left', 'u1'),
      isLeaf: at('is_leaf', 'u1'),
    };
  }
  return {
    at,
    count,
    left: at('left_child', 'i8'),
    right: at('right_child', 'i8'),
    feature: at('feature', 'i8'),
    threshold: at('threshold', 'f8'),
    missingGoLeft: at('missing_go_to_left', 'u1'),
  };
}

function ensembleOf(saved: Case, shift = 3): Ensemble {
  const histogram = saved.values === undefined;
  const trees = saved.trees.map((table, t): TreeNodes => {
    const { at, ...tree } = treeOf(table, shift);
    const boosted = saved.classes === undefined ? {} : { output: t % saved.classes };
    if (saved.values !== undefined) {
      const [count, width] = saved.values[t].shape;
      const layout = { offset: 0, stride: 8 * width, type: 'f8', count, width } as const;
      const values = nodeField(bytesOf(saved.values[t].data, shift), layout);
      return { ...tree, ...boosted, values, ...(saved.scale === undefined ? {} : { scale: saved.scale }) };
    }
    const bitsets = new Uint32Array(bytesOf(saved.bitsets![t].data).buffer);
    const categorical = {
      isCategorical: at('is_categorical', 'u1'),
      bitset: at('bitset_idx', 'u4'),
      bitsets,
      words: 8,
    };
    return { ...tree, ...boosted, values: at('value', 'f8'), ...(bitsets.length === 0 ? {} : { categorical }) };
  });
  const outputs = saved.sums.shape[1];
  const known = saved.known === undefined ? undefined : new Uint32Array(bytesOf(saved.known.data).buffer);
  const knownCategories = new Map((saved.knownFeatures ?? []).map(([f, i]) => [f, known!.subarray(8 * i, 8 * i + 8)]));
  return { nFeatures: saved.nFeatures, comparison: histogram ? 'f64' : 'f32', outputs, trees, knownCategories };
}

function startOf(saved: Case): Float64Array {
  const [rows, outputs] = saved.sums.shape;
  return Float64Array.from({ length: rows * outputs }, (_, i) => saved.init?.[i % outputs] ?? 0);
}

const identical = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(Array.from(actual)).toEqual(Array.from(expected));
};

const backends: readonly (readonly [string, ForestBackend])[] = [
  ['JavaScript', plainForest],
  ['WebAssembly', wasmForest],
];
const runs = Object.entries(cases).flatMap((c) => backends.map((b) => [...c, ...b] as const));

describe.each(runs)('%s, as scikit-learn answers', (name, saved, _, backend) => {
  const [rows, columns] = saved.X.shape;
  const X = floats(saved.X);
  const kernel = forestKernel(ensembleOf(saved), backend);

  it('sums leaf values bit for bit', () => {
    const out = startOf(saved);
    kernel.sum(denseRows(X, rows, columns), out);
    identical(out, floats(saved.sums));
  });

  it('sums one row, two rows, three rows at a time the same', () => {
    for (const size of [1, 2, 3]) {
      const out = startOf(saved);
      for (let row = 0; row < rows; row += size) {
        const n = Math.min(size, rows - row);
        const part = out.subarray(row * kernel.outputs, (row + n) * kernel.outputs);
        kernel.sum(denseRows(X, n, columns, { offset: row * columns }), part);
      }
      identical(out, floats(saved.sums));
    }
  });

  it('sums in stages', () => {
    const out = startOf(saved);
    const half = kernel.trees >> 1;
    kernel.sum(denseRows(X, rows, columns), out, { to: half });
    kernel.sum(denseRows(X, rows, columns), out, { from: half });
    identical(out, floats(saved.sums));
  });

  it('takes columns in any stride, and sparse rows', () => {
    const turned = new Float64Array(X.length + 1);
    const indices = new Int32Array(X.length);
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) turned[1 + j * rows + i] = X[i * columns + j];
    for (let i = 0; i < X.length; i++) indices[i] = i % columns;
    const indptr = Int32Array.from({ length: rows + 1 }, (_, i) => i * columns);
    for (const input of [
      denseRows(turned, rows, columns, { offset: 1, rowStride: 1, columnStride: rows }),
      csrRows(X, indices, indptr, rows, columns),
    ]) {
      const out = startOf(saved);
      kernel.sum(input, out);
      identical(out, floats(saved.sums));
    }
  });

  it.runIf(saved.leaves !== undefined)('finds the leaves and the ways to them', () => {
    identical(kernel.leaves(denseRows(X, rows, columns)), ints(saved.leaves!));
    const { indptr, indices, nodePointers } = kernel.decisionPath(denseRows(X, rows, columns));
    const expected: number[] = [];
    for (let i = 0; i < rows; i++) {
      saved.paths!.forEach(([pointers, nodes], t) => {
        const p = ints(pointers);
        for (const node of ints(nodes).subarray(p[i], p[i + 1])) expected.push(node + nodePointers[t]);
      });
      expect(indptr[i + 1]).toBe(expected.length);
    }
    identical(indices, expected);
  });

  it.runIf(name === 'sparse')('leaves zeros out of sparse rows', () => {
    const values: number[] = [];
    const indices: number[] = [];
    const indptr = [0];
    for (let i = 0; i < rows; i++) {
      for (let j = columns - 1; j >= 0; j--) {
        if (X[i * columns + j] !== 0) {
          values.push(X[i * columns + j]);
          indices.push(j);
        }
      }
      indptr.push(values.length);
    }
    const input = csrRows(Float64Array.from(values), Int32Array.from(indices), Int32Array.from(indptr), rows, columns);
    identical(kernel.leaves(input), ints(saved.leaves!));
  });
});

describe('layouts', () => {
  it('walks in the memory of a module what has values and no categories', () => {
    for (const [name, saved] of Object.entries(cases)) {
      const ensemble = ensembleOf(saved);
      const memory = ForestMemory.of(packForest(ensemble), ensemble.comparison !== 'f64');
      expect(memory !== undefined, name).toBe(name !== 'HistGradientBoosting categories');
    }
  });

  it('takes 8-byte nodes for few columns, 16-byte nodes for many, for float64 thresholds and for categories', () => {
    const kinds = Object.fromEntries(
      Object.entries(cases).map(([name, saved]) => [name, packForest(ensembleOf(saved)).nodes.kind]),
    );
    expect(kinds).toMatchObject({
      RandomForestClassifier: 'narrow',
      'best-first': 'narrow',
      missing: 'narrow',
      'many features': 'wide',
      'HistGradientBoosting numbers': 'wide',
      'HistGradientBoosting categories': 'wide',
    });
  });

  it('answers the same whether records are packed in one pass or field by field', () => {
    const saved = cases['missing'];
    const whole = ensembleOf(saved);
    const apart = whole.trees.map((tree) => {
      const ids = (field: TreeNodes['left']): Int32Array =>
        Int32Array.from({ length: tree.count }, (_, i) => field.view.getInt32(field.offset + i * field.stride, true));
      const feature = fieldOf(ids(tree.feature));
      return { ...tree, left: fieldOf(ids(tree.left)), right: fieldOf(ids(tree.right)), feature };
    });
    expect(packForest({ ...whole, trees: apart })).toEqual(packForest(whole));
  });

  it('reads big-endian records', () => {
    const saved = cases['stump'];
    const swapped = saved.trees.map((table) => {
      const bytes = bytesOf(table.data);
      for (let i = 0; i < table.count; i++) {
        for (let f = 0; f < 56; f += 8) bytes.subarray(i * table.stride + f, i * table.stride + f + 8).reverse();
      }
      const { count, stride, offsets } = table;
      const at = (name: string, type: FieldType): TreeNodes['left'] =>
        nodeField(bytes, { offset: offsets[name], stride, type, count, littleEndian: false });
      return {
        count,
        left: at('left_child', 'i8'),
        right: at('right_child', 'i8'),
        feature: at('feature', 'i8'),
        threshold: at('threshold', 'f8'),
      };
    });
    const kernel = forestKernel({ nFeatures: saved.nFeatures, comparison: 'f32', outputs: 1, trees: swapped });
    identical(kernel.leaves(denseRows(floats(saved.X), ...(saved.X.shape as [number, number]))), ints(saved.leaves!));
  });
});

/** A tree from plain arrays; leaf values are the node numbers. */
function plainTree(
  left: number[],
  right: number[],
  feature: number[],
  threshold: number[],
  missing?: number[],
): TreeNodes {
  return {
    count: left.length,
    left: fieldOf(Int32Array.from(left)),
    right: fieldOf(Int32Array.from(right)),
    feature: fieldOf(Int32Array.from(feature)),
    threshold: fieldOf(Float64Array.from(threshold)),
    values: fieldOf(Float64Array.from(left, (_, i) => i)),
    ...(missing === undefined ? {} : { missingGoLeft: fieldOf(Uint8Array.from(missing)) }),
  };
}

describe('random trees against a walk that only follows the definition', () => {
  const special = [
    0,
    -0,
    1,
    -1,
    1e-45,
    -1e-45,
    1e-46,
    -1e-46,
    3.4028234663852886e38,
    3.5e38,
    -3.5e38,
    Infinity,
    -Infinity,
    0.1,
    Math.fround(0.1),
    16777217,
  ];
  const number = fc.oneof(fc.constantFrom(...special), fc.double({ noNaN: true }), fc.float({ noNaN: true }));
  const value = fc.oneof(number, number, fc.constant(NaN));
  const treeArbitrary = (nFeatures: number): fc.Arbitrary<number[][]> =>
    fc
      .array(fc.tuple(fc.nat(), fc.nat(nFeatures - 1), value, fc.nat(1), fc.boolean()), { maxLength: 24 })
      .map((splits) => {
        // Splits a random leaf each time; children take the next numbers, so the order is not depth-first.
        const [left, right, feature, threshold, missing] = [[-1], [-1], [-2], [-2], [0]];
        for (const [pick, f, t, m, swap] of splits) {
          const leaves = left.flatMap((child, i) => (child === -1 ? [i] : []));
          const node = leaves[pick % leaves.length];
          left[node] = left.length + (swap ? 1 : 0);
          right[node] = left.length + (swap ? 0 : 1);
          [feature[node], threshold[node], missing[node]] = [f, t, m];
          for (const [column, v] of [
            [left, -1],
            [right, -1],
            [feature, -2],
            [threshold, -2],
            [missing, 0],
          ] as const)
            column.push(v, v);
        }
        return [left, right, feature, threshold, missing];
      });

  const goesLeft = {
    f32: (x: number, t: number) => Math.fround(x) <= t,
    f64: (x: number, t: number) => x <= t,
    lt32: (x: number, t: number) => Math.fround(x) < Math.fround(t),
  };

  it.each(['f32', 'f64', 'lt32'] as const)('%s', (comparison) => {
    const scenario = fc
      .integer({ min: 1, max: 5 })
      .chain((p) =>
        fc.tuple(
          fc.array(treeArbitrary(p), { minLength: 1, maxLength: 6 }),
          fc.array(fc.array(value, { minLength: p, maxLength: p }), { minLength: 1, maxLength: 9 }),
        ),
      );
    fc.assert(
      fc.property(scenario, fc.boolean(), ([trees, rows], wide) => {
        const p = rows[0].length;
        const nFeatures = wide ? p + 300 : p;
        // Enough other columns for the wide layout, in a chain that no row of zeros leaves early.
        const chain = wide ? [chainTree(p, 300)] : [];
        const all = [...trees.map((t) => plainTree(t[0], t[1], t[2], t[3], t[4])), ...chain];
        const ensemble: Ensemble = { nFeatures, comparison, outputs: 1, trees: all };
        const kernel = forestKernel(ensemble, plainForest);
        const inMemory = forestKernel(ensemble, wasmForest);
        const X = new Float64Array(rows.length * nFeatures);
        rows.forEach((row, i) => {
          X.set(row, i * nFeatures);
        });
        const leaves = kernel.leaves(denseRows(X, rows.length, nFeatures));
        rows.forEach((row, i) => {
          trees.forEach(([left, right, feature, threshold, missing], t) => {
            let node = 0;
            while (left[node] !== -1) {
              const x = row[feature[node]];
              const isLeft = Number.isNaN(x) ? missing[node] === 1 : goesLeft[comparison](x, threshold[node]);
              node = isLeft ? left[node] : right[node];
            }
            expect(leaves[i * kernel.trees + t]).toBe(node);
          });
          const reached = leaves.subarray(i * kernel.trees, (i + 1) * kernel.trees);
          const sum = new Float64Array(1);
          kernel.sum(denseRows(X, 1, nFeatures, { offset: i * nFeatures }), sum);
          expect(sum[0]).toBe(reached.reduce((a, b) => a + b, 0));
          const again = new Float64Array(1);
          inMemory.sum(denseRows(X, 1, nFeatures, { offset: i * nFeatures }), again);
          expect(again).toEqual(sum);
        });
        const [sums, again] = [new Float64Array(rows.length), new Float64Array(rows.length)];
        kernel.sum(denseRows(X, rows.length, nFeatures), sums);
        inMemory.sum(denseRows(X, rows.length, nFeatures), again);
        expect(again).toEqual(sums);
      }),
      { numRuns: 300, seed: 11 },
    );
  });

  function chainTree(first: number, length: number): TreeNodes {
    const inner = Array.from({ length }, (_, i) => i);
    const left = [...inner.map((i) => 2 * i + 1), ...inner.map(() => -1), -1];
    const nodes = 2 * length + 1;
    const tree = { left: [] as number[], right: [] as number[], feature: [] as number[], threshold: [] as number[] };
    for (let node = 0; node < nodes; node++) {
      const split = node % 2 === 0 && node < nodes - 1;
      tree.left.push(split ? node + 1 : -1);
      tree.right.push(split ? node + 2 : -1);
      tree.feature.push(split ? first + node / 2 : -2);
      tree.threshold.push(split ? -1 : -2);
    }
    expect(left.length).toBe(nodes);
    return plainTree(tree.left, tree.right, tree.feature, tree.threshold);
  }
});

describe('hostile trees', () => {
  const stump = (over: Partial<Record<'left' | 'right' | 'feature', number[]>> = {}): TreeNodes =>
    plainTree(over.left ?? [1, -1, -1], over.right ?? [2, -1, -1], over.feature ?? [0, -2, -2], [0.5, -2, -2]);
  const build = (tree: TreeNodes, more: Partial<Ensemble> = {}): (() => unknown) => {
    return () => forestKernel({ nFeatures: 2, comparison: 'f32', outputs: 1, trees: [stump(), tree], ...more });
  };
  const refused = (call: () => unknown, message: RegExp, code = 'CORRUPT'): void => {
    expect(call).toThrow(BrineError);
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ code }) as Error);
  };

  it.each(['f32', 'f64'] as const)('are refused by tree and node (%s)', (comparison) => {
    const made = (tree: TreeNodes): (() => unknown) => build(tree, { comparison });
    refused(made(stump({ left: [0, -1, -1] })), /tree 1 reaches node 0 twice/);
    refused(made(stump({ right: [1, -1, -1] })), /tree 1 reaches node 1 twice/);
    refused(made(stump({ left: [1, 0, -1], right: [2, 2, -1] })), /tree 1 reaches node 0 twice/);
    refused(made(stump({ left: [3, -1, -1] })), /tree 1, node 0 has child 3 of 3 nodes/);
    refused(made(stump({ right: [-7, -1, -1] })), /tree 1, node 0 has child -7 of 3 nodes/);
    refused(made(stump({ feature: [2, -2, -2] })), /tree 1, node 0 tests feature 2 of 2/);
    refused(made(stump({ feature: [-2, -2, -2] })), /tree 1, node 0 tests feature -2 of 2/);
    refused(made({ ...stump(), count: 0 }), /tree 1 has no node/);
    refused(made({ ...stump(), count: 4 }), /tree 1 has 4 nodes, but a field of 3/);
  });

  it('are refused where 64-bit numbers look small in their low half', () => {
    const left = fieldOf(BigInt64Array.from([4294967297n, -1n, -1n]));
    refused(build({ ...stump(), left }), /child 4294967297 of 3/);
    const feature = fieldOf(BigInt64Array.from([-4294967296n, -2n, -2n]));
    refused(build({ ...stump(), feature }), /feature -4294967296 of 2/);
    // The same in records, which take the fast way.
    const record = new BigInt64Array(5 * 3);
    [1n, 2n, 4294967296n, 0n, 0n, -1n, -1n, -2n, 0n, 0n, -1n, -1n, -2n, 0n, 0n].forEach((v, i) => (record[i] = v));
    const bytes = new Uint8Array(record.buffer);
    const at = (offset: number, type: FieldType): TreeNodes['left'] =>
      nodeField(bytes, { offset, stride: 40, type, count: 3 });
    const tree = { count: 3, left: at(0, 'i8'), right: at(8, 'i8'), feature: at(16, 'i8'), threshold: at(24, 'f8') };
    refused(build(tree), /tests feature 4294967296 of 2/);
  });

  it('are refused where sets, values or maps do not fit', () => {
    const categorical = {
      isCategorical: fieldOf(Uint8Array.from([1, 0, 0])),
      bitset: fieldOf(Uint32Array.from([1, 0, 0])),
      bitsets: new Uint32Array(8),
      words: 8,
    };
    refused(build({ ...stump(), categorical }, { comparison: 'f64' }), /tests category set 1 of 1/);
    refused(
      build({ ...stump(), values: fieldOf(new Float64Array(6), 2) }),
      /2 values per leaf, but there are 1 outputs/,
    );
    refused(build({ ...stump(), features: Int32Array.from([9]) }), /uses feature 9 of 2/);
    refused(build({ ...stump(), output: 0 }), /1 of 2 trees name an output column/, 'BAD_STATE');
    refused(build(stump(), { nFeatures: 2 ** 40 }), /features; at most/, 'LIMIT');
    refused(() => nodeField(new Uint8Array(100), { offset: 8, stride: 2 ** 40, type: 'i8', count: 2 }), /does not fit/);
    refused(() => nodeField(new Uint8Array(100), { offset: 8, stride: 8, type: 'i8', count: -1 }), /does not fit/);
  });

  it('are walked without recursion, however deep', () => {
    const depth = 200_000;
    const nodes = 2 * depth + 1;
    const odd = (i: number): boolean => i % 2 === 1 || i === nodes - 1;
    const count = Array.from({ length: nodes }, (_, i) => i);
    const deep = plainTree(
      count.map((i) => (odd(i) ? -1 : i + 2)),
      count.map((i) => (odd(i) ? -1 : i + 1)),
      count.map(() => 0),
      count.map(() => 1),
    );
    const kernel = forestKernel({ nFeatures: 1, comparison: 'f32', outputs: 1, trees: [deep] });
    identical(kernel.leaves(denseRows(Float64Array.from([0, 5]), 2, 1)), [nodes - 1, 1]);
  });

  it('may name features of great number without much memory', () => {
    const nFeatures = 2 ** 30 - 1;
    const tree = stump({ feature: [nFeatures - 1, -2, -2] });
    const kernel = forestKernel({ nFeatures, comparison: 'f32', outputs: 1, trees: [tree, tree, stump()] });
    const input = csrRows(Float64Array.of(1), Int32Array.of(nFeatures - 1), Int32Array.of(0, 1, 1), 2, nFeatures);
    identical(kernel.leaves(input), [2, 2, 1, 1, 1, 1]);
  });

  it('leaves out nodes that the root does not reach', () => {
    const kernel = forestKernel({
      nFeatures: 1,
      comparison: 'f32',
      outputs: 1,
      trees: [plainTree([3, 9, -1, -1, -1], [2, 9, -1, -1, -1], [0, 9, 0, 0, 0], [1, 1, 1, 1, 1])],
    });
    identical(kernel.leaves(denseRows(Float64Array.from([0, 5]), 2, 1)), [3, 2]);
    identical(kernel.decisionPath(denseRows(Float64Array.from([0]), 1, 1)).nodePointers, [0, 5]);
  });
});

describe('input', () => {
  const kernel = forestKernel({
    nFeatures: 2,
    comparison: 'f32',
    outputs: 1,
    trees: [plainTree([-1], [-1], [-2], [-2])],
  });
  it('is checked', () => {
    expect(() => denseRows(new Float64Array(5), 2, 3)).toThrow(/2 × 3 values do not fit into an array of 5/);
    expect(() => kernel.leaves(denseRows(new Float64Array(3), 1, 3))).toThrow(/3 columns, the trees expect 2/);
    expect(() => {
      kernel.sum(denseRows(new Float64Array(2), 1, 2), new Float64Array(2));
    }).toThrow(BrineError);
    expect(() => csrRows(new Float64Array(1), Int32Array.of(2), Int32Array.of(0, 1), 1, 2)).toThrow(/column 2 of 2/);
    expect(() => csrRows(new Float64Array(1), Int32Array.of(1), Int32Array.of(0, 2), 1, 2)).toThrow(/end at 2/);
    expect(() => csrRows(new Float64Array(1), Int32Array.of(1), Int32Array.of(0, 1, 0), 2, 2)).toThrow(/falls/);
  });
  it('may be empty', () => {
    expect(kernel.leaves(denseRows(new Float64Array(0), 0, 2)).length).toBe(0);
  });
});
