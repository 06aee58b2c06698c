import { BrineError } from '../../../errors.js';
import type { Tensor } from '../../../graph/tensor.js';
import type { Site } from '../../operator.js';
import { int, list, texts } from '../common.js';

/** How a node compares; the numbers are TreeEnsemble version 5's, and leaves follow. */
export const MODES = [
  'BRANCH_LEQ',
  'BRANCH_LT',
  'BRANCH_GTE',
  'BRANCH_GT',
  'BRANCH_EQ',
  'BRANCH_NEQ',
  'BRANCH_MEMBER',
  'LEAF',
];
export const LEQ = 0;
export const LT = 1;
export const GTE = 2;
export const GT = 3;
export const EQ = 4;
export const NEQ = 5;
export const MEMBER = 6;
export const LEAF = 7;

/** One tree: nodes numbered from 0, which is the root. */
export interface TreeTable {
  readonly mode: Uint8Array;
  readonly feature: Int32Array;
  readonly value: Float64Array;
  readonly whenTrue: Int32Array;
  readonly whenFalse: Int32Array;
  /** Non-zero where a missing value takes the true branch. */
  readonly missingTrue: Uint8Array;
  /** The votes of node i are `weightFrom[i]` … `weightFrom[i + 1]`. */
  readonly weightFrom: Int32Array;
  readonly target: Int32Array;
  readonly weight: Float64Array;
  readonly members: ReadonlyMap<number, ReadonlySet<number>>;
}

/** A list of numbers given as floats or, in double precision, as a tensor. */
export function floats(site: Site, name: string): ArrayLike<number> {
  const t = site.attributes[`${name}_as_tensor`];
  if (t !== undefined) return (t as Tensor).data as ArrayLike<number>;
  const v = site.attributes[name];
  return v === undefined ? [] : (v as ArrayLike<number>);
}

function corrupt(message: string): BrineError {
  return new BrineError('CORRUPT', message);
}

/**
 * The trees of TreeEnsembleClassifier and TreeEnsembleRegressor: tables of (tree, node) pairs. `prefix` names the
 * votes: `class` or `target`.
 */
export function readNodeTables(site: Site, prefix: 'class' | 'target'): TreeTable[] {
  const treeIds = list(site, 'nodes_treeids') ?? [];
  const nodeIds = list(site, 'nodes_nodeids') ?? [];
  const features = list(site, 'nodes_featureids') ?? [];
  const modes = texts(site, 'nodes_modes') ?? [];
  const whenTrue = list(site, 'nodes_truenodeids') ?? [];
  const whenFalse = list(site, 'nodes_falsenodeids') ?? [];
  const missing = list(site, 'nodes_missing_value_tracks_true') ?? [];
  const values = floats(site, 'nodes_values');
  const n = treeIds.length;
  for (const [name, column] of Object.entries({ nodeIds, features, modes, whenTrue, whenFalse, values }))
    if (column.length !== n) throw corrupt(`${n} tree nodes, but ${column.length} ${name}`);
  if (missing.length !== 0 && missing.length !== n)
    throw corrupt(`${n} tree nodes, but ${missing.length} missing flags`);

  const trees = new Map<number, Map<number, number>>();
  for (let i = 0; i < n; i++) {
    let tree = trees.get(treeIds[i]);
    if (!tree) {
      tree = new Map<number, number>();
      trees.set(treeIds[i], tree);
    }
    if (tree.has(nodeIds[i])) throw corrupt(`tree ${treeIds[i]} has two nodes ${nodeIds[i]}`);
    tree.set(nodeIds[i], i);
  }
  const votes = votesByNode(site, prefix, trees, n);
  const codes = new Map(MODES.map((name, code) => [name, code]));
  return [...trees].map(([id, nodes]) => {
    const place = new Map([...nodes.keys()].map((node, at) => [node, at]));
    const table = emptyTable(
      nodes.size,
      [...nodes.values()].reduce((sum, i) => sum + votes.count(i), 0),
    );
    let at = 0;
    let w = 0;
    for (const i of nodes.values()) {
      const mode = codes.get(modes[i]);
      if (mode === undefined || mode === MEMBER) throw corrupt(`an unknown node mode ${JSON.stringify(modes[i])}`);
      table.mode[at] = mode;
      table.feature[at] = features[i];
      table.value[at] = values[i];
      table.missingTrue[at] = missing.length > 0 && missing[i] !== 0 ? 1 : 0;
      if (mode !== LEAF) {
        const child = (node: number): number => {
          const p = place.get(node);
          if (p === undefined) throw corrupt(`tree ${id}: node ${nodeIds[i]} leads to ${node}, which is not there`);
          return p;
        };
        table.whenTrue[at] = child(whenTrue[i]);
        table.whenFalse[at] = child(whenFalse[i]);
      }
      table.weightFrom[at] = w;
      votes.each(i, (target, weight) => {
        table.target[w] = target;
        table.weight[w++] = weight;
      });
      table.weightFrom[++at] = w;
    }
    checkTree(table, id);
    return table;
  });
}

function emptyTable(nodes: number, weights: number): TreeTable & { members: Map<number, ReadonlySet<number>> } {
  return {
    mode: new Uint8Array(nodes),
    feature: new Int32Array(nodes),
    value: new Float64Array(nodes),
    whenTrue: new Int32Array(nodes),
    whenFalse: new Int32Array(nodes),
    missingTrue: new Uint8Array(nodes),
    weightFrom: new Int32Array(nodes + 1),
    target: new Int32Array(weights),
    weight: new Float64Array(weights),
    members: new Map(),
  };
}

/** Votes chained per node, in the file's order. */
function votesByNode(site: Site, prefix: string, trees: ReadonlyMap<number, ReadonlyMap<number, number>>, n: number) {
  const treeIds = list(site, `${prefix}_treeids`) ?? [];
  const nodeIds = list(site, `${prefix}_nodeids`) ?? [];
  const ids = list(site, `${prefix}_ids`) ?? [];
  const weights = floats(site, `${prefix}_weights`);
  const count = ids.length;
  if (treeIds.length !== count || nodeIds.length !== count || weights.length !== count)
    throw corrupt(
      `${count} votes, but ${treeIds.length} trees, ${nodeIds.length} nodes, ${weights.length} weights of them`,
    );
  const first = new Int32Array(n).fill(-1);
  const last = new Int32Array(n).fill(-1);
  const next = new Int32Array(count).fill(-1);
  for (let k = 0; k < count; k++) {
    const i = trees.get(treeIds[k])?.get(nodeIds[k]);
    if (i === undefined) throw corrupt(`a vote for node ${nodeIds[k]} of tree ${treeIds[k]}, which is not there`);
    if (first[i] < 0) first[i] = k;
    else next[last[i]] = k;
    last[i] = k;
  }
  const each = (i: number, f: (target: number, weight: number) => void): void => {
    for (let k = first[i]; k >= 0; k = next[k]) f(ids[k], weights[k]);
  };
  const countOf = (i: number): number => {
    let c = 0;
    for (let k = first[i]; k >= 0; k = next[k]) c++;
    return c;
  };
  return { each, count: countOf };
}

/** The trees of TreeEnsemble version 5: inner nodes and leaves in tables of their own, with roots. */
export function readEnsemble(site: Site): TreeTable[] {
  const roots = list(site, 'tree_roots') ?? [];
  const features = list(site, 'nodes_featureids') ?? [];
  const splits = tensorData(site, 'nodes_splits');
  const modes = tensorData(site, 'nodes_modes');
  const trueIds = list(site, 'nodes_truenodeids') ?? [];
  const falseIds = list(site, 'nodes_falsenodeids') ?? [];
  const trueLeafs = list(site, 'nodes_trueleafs') ?? [];
  const falseLeafs = list(site, 'nodes_falseleafs') ?? [];
  const missing = list(site, 'nodes_missing_value_tracks_true') ?? [];
  const targets = list(site, 'leaf_targetids') ?? [];
  const weights = tensorData(site, 'leaf_weights');
  const n = features.length;
  for (const [name, column] of Object.entries({ splits, modes, trueIds, falseIds, trueLeafs, falseLeafs }))
    if (column.length !== n) throw corrupt(`${n} tree nodes, but ${column.length} ${name}`);
  if (missing.length !== 0 && missing.length !== n)
    throw corrupt(`${n} tree nodes, but ${missing.length} missing flags`);
  if (targets.length !== weights.length) throw corrupt(`${targets.length} leaf targets, but ${weights.length} weights`);
  const sets = memberSets(modes, site);

  return roots.map((root, t) => {
    if (!(root >= 0 && root < n)) throw corrupt(`tree ${t} begins at node ${root} of ${n}`);
    // A tree whose root leads to one leaf on both sides is that leaf.
    const single = trueLeafs[root] !== 0 && falseLeafs[root] !== 0 && trueIds[root] === falseIds[root];
    const nodes: number[] = single ? [~trueIds[root]] : [root];
    const seen = new Set(nodes);
    const links: [number, number][] = [];
    const visit = (id: number, leaf: boolean): number => {
      const limit = leaf ? targets.length : n;
      if (!(id >= 0 && id < limit)) throw corrupt(`tree ${t} leads to ${leaf ? 'leaf' : 'node'} ${id} of ${limit}`);
      const key = leaf ? ~id : id;
      if (seen.has(key)) throw corrupt(`tree ${t} reaches ${leaf ? 'leaf' : 'node'} ${id} twice`);
      seen.add(key);
      nodes.push(key);
      return nodes.length - 1;
    };
    for (let at = 0; at < nodes.length; at++) {
      const i = nodes[at];
      if (i < 0) links.push([0, 0]);
      else links.push([visit(trueIds[i], trueLeafs[i] !== 0), visit(falseIds[i], falseLeafs[i] !== 0)]);
    }
    const leaves = nodes.filter((i) => i < 0).length;
    const table = emptyTable(nodes.length, leaves);
    let w = 0;
    nodes.forEach((i, at) => {
      table.weightFrom[at] = w;
      if (i < 0) {
        table.mode[at] = LEAF;
        table.target[w] = targets[~i];
        table.weight[w++] = weights[~i];
      } else {
        table.mode[at] = modes[i];
        table.feature[at] = features[i];
        table.value[at] = splits[i];
        table.missingTrue[at] = missing.length > 0 && missing[i] !== 0 ? 1 : 0;
        table.whenTrue[at] = links[at][0];
        table.whenFalse[at] = links[at][1];
        const set = sets.get(i);
        if (set) table.members.set(at, set);
      }
      table.weightFrom[at + 1] = w;
    });
    return table;
  });
}

function tensorData(site: Site, name: string): ArrayLike<number> {
  const t = site.attributes[name] as Tensor | undefined;
  return t ? (t.data as ArrayLike<number>) : [];
}

/** The sets of the MEMBER nodes, in their order, each ended by a NaN. */
function memberSets(modes: ArrayLike<number>, site: Site): ReadonlyMap<number, ReadonlySet<number>> {
  const values = tensorData(site, 'membership_values');
  const out = new Map<number, Set<number>>();
  let at = 0;
  for (let i = 0; i < modes.length; i++) {
    if (modes[i] > MEMBER) throw corrupt(`an unknown node mode ${modes[i]}`);
    if (modes[i] !== MEMBER) continue;
    const set = new Set<number>();
    for (; at < values.length && !Number.isNaN(values[at]); at++) set.add(values[at]);
    at++;
    out.set(i, set);
  }
  if (out.size > 0 && at < values.length) throw corrupt('more membership sets than nodes that ask for one');
  return out;
}

/** Every node of a tree must be reached at most once: then every walk ends. */
function checkTree(t: TreeTable, id: number): void {
  const seen = new Uint8Array(t.mode.length);
  const todo = [0];
  while (todo.length > 0) {
    const i = todo.pop()!;
    if (seen[i] === 1) throw corrupt(`tree ${id} reaches a node twice`);
    seen[i] = 1;
    if (t.feature[i] < 0) throw corrupt(`tree ${id} splits on feature ${t.feature[i]}`);
    if (t.mode[i] !== LEAF) todo.push(t.whenTrue[i], t.whenFalse[i]);
  }
}

export function targetsOf(site: Site, name: string, trees: readonly TreeTable[]): number {
  const n = int(site, name, 1);
  // Every tree keeps a count per target (CWE-789).
  site.budget.allocate(n * (trees.length + 1), 8);
  for (const t of trees)
    for (const target of t.target)
      if (!(target >= 0 && target < n)) throw corrupt(`a vote for target ${target} of ${n}`);
  return n;
}
