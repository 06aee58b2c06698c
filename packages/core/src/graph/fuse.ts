import type { Ensemble, TreeNodes } from './ensemble.js';
import { fuseDense } from './fuse-dense.js';
import type { Graph, Node } from './graph.js';
import { fieldOf } from './node-field.js';
import { isTensor, type Tensor } from './tensor.js';

/**
 * What brine writes as ONNX, back as the operators of its own that say the same at once: guards against missing and
 * infinite numbers, and trees whose leaves are places in a table. Other graphs have none of those patterns, and stay.
 */
export function fuse(given: Graph): Graph {
  const graph = fuseDense(given);
  if (!graph.nodes.some((n) => n.op === 'TreeEnsemble' || n.op === 'Gather')) return graph;
  return new Fusion(graph).run();
}

class Fusion {
  readonly #graph: Graph;
  readonly #maker = new Map<number, Node>();
  readonly #uses = new Map<number, number>();
  readonly #reader = new Map<number, Node>();
  /** Nodes to put in the place of others, by the value that they make. */
  readonly #instead = new Map<number, Node>();

  constructor(graph: Graph) {
    this.#graph = graph;
    const use = (id: number): void => {
      this.#uses.set(id, (this.#uses.get(id) ?? 0) + 1);
    };
    for (const node of graph.nodes) {
      for (const id of node.outputs) this.#maker.set(id, node);
      node.inputs.forEach(use);
      for (const id of node.inputs) this.#reader.set(id, node);
      for (const a of Object.values(node.attributes))
        if (typeof a === 'object' && a !== null && 'captures' in a)
          a.captures?.forEach((outer) => {
            use(outer);
          });
    }
    for (const output of graph.outputs) use(output.value);
  }

  run(): Graph {
    for (const node of this.#graph.nodes) {
      const fused = this.#guard(node) ?? this.#table(node) ?? this.#ensemble(node) ?? this.#onto(node);
      if (fused) this.#instead.set(node.outputs[0], fused);
    }
    if (this.#instead.size === 0) return this.#graph;
    const nodes = this.#graph.nodes.map((node) => this.#instead.get(node.outputs[0]) ?? node);
    return { ...this.#graph, nodes, opsets: new Map([...this.#graph.opsets, ['brine', 1]]) };
  }

  #from(id: number, op: string, domain = ''): Node | undefined {
    const node = this.#maker.get(id);
    return node?.op === op && node.domain === domain ? node : undefined;
  }

  #constant(id: number): Tensor | undefined {
    const value = this.#graph.constants.get(id);
    return value && isTensor(value) ? value : undefined;
  }

  #number(id: number): number | undefined {
    const t = this.#constant(id);
    return t?.data.length === 1 ? Number(t.data[0]) : undefined;
  }

  /** x times a one that is looked up beyond its list where any |x| is too large, or missing. */
  #guard(node: Node): Node | undefined {
    if (node.op !== 'Mul' || node.domain !== '') return undefined;
    const [x, one] = node.inputs;
    const gather = this.#from(one, 'Gather');
    const data = gather && this.#constant(gather.inputs[0]);
    if (!gather || data?.dtype !== 'float64' || data.data.length !== 1 || data.data[0] !== 1) return undefined;
    const index = this.#from(gather.inputs[1], 'Cast');
    const greater = index && this.#from(index.inputs[0], 'Greater');
    if (!greater || this.#number(greater.inputs[1]) !== 0) return undefined;
    const sum = this.#from(greater.inputs[0], 'ReduceSum');
    if (!sum || sum.inputs.length !== 1 || sum.attributes['axes'] !== undefined) return undefined;
    const bad = this.#from(this.#from(sum.inputs[0], 'Cast')?.inputs[0] ?? -1, 'Not');
    const tooLarge = bad
      ? this.#from(bad.inputs[0], 'LessOrEqual')
      : this.#from(this.#from(sum.inputs[0], 'Cast')?.inputs[0] ?? -1, 'Greater');
    if (!tooLarge || this.#from(tooLarge.inputs[0], 'Abs')?.inputs[0] !== x) return undefined;
    const bound = this.#number(tooLarge.inputs[1]);
    const float32 = bound !== undefined && bound < Number.MAX_VALUE;
    if (bound === undefined || (float32 && bound !== 3.4028234663852886e38)) return undefined;
    const who = (gather.name ?? '').split('/').at(-1)?.split(' takes no ')[0] ?? 'the model';
    const attributes = { who, nan: bad === undefined, infinite: bound === Infinity, float32 };
    return own(node, 'Finite', [x], attributes);
  }

  /** The input as trees see it: in single precision where it is cast there and back. */
  #seen(id: number): { x: number; comparison: Ensemble['comparison'] } {
    const back = this.#from(id, 'Cast');
    const there = back && isDouble(back.attributes['to']) ? this.#from(back.inputs[0], 'Cast') : undefined;
    if (there && isSingle(there.attributes['to'])) return { x: there.inputs[0], comparison: 'f32' };
    return { x: id, comparison: 'f64' };
  }

  /** ReduceSum of a table's rows at the places that trees answer with. */
  #table(node: Node): Node | undefined {
    if (node.op !== 'ReduceSum' || node.attributes['keepdims'] !== 0) return undefined;
    const axes =
      node.inputs.length > 1 ? this.#constant(node.inputs[1])?.data : (node.attributes['axes'] as number[] | undefined);
    if (axes?.length !== 1 || Number(axes[0]) !== 1) return undefined;
    const gather = this.#from(node.inputs[0], 'Gather');
    if (!gather || Number(gather.attributes['axis'] ?? 0) !== 0) return undefined;
    const table = this.#constant(gather.inputs[0]);
    const trees = this.#from(this.#from(gather.inputs[1], 'Cast')?.inputs[0] ?? -1, 'TreeEnsemble', 'ai.onnx.ml');
    if (!trees || table?.dtype !== 'float64' || table.shape.length !== 2) return undefined;
    return this.#forest(node, trees, table);
  }

  /** Trees that add their own numbers, of which nothing else is asked. */
  #ensemble(node: Node): Node | undefined {
    if (node.op !== 'TreeEnsemble' || node.domain !== 'ai.onnx.ml') return undefined;
    // What answers with places of leaves is for `#table`.
    const places = this.#reader.get(node.outputs[0]);
    if (places?.op === 'Cast' && this.#reader.get(places.outputs[0])?.op === 'Gather') return undefined;
    return this.#forest(node, node, undefined);
  }

  #forest(node: Node, trees: Node, table: Tensor | undefined): Node | undefined {
    const { x, comparison } = this.#seen(trees.inputs[0]);
    const ensemble = ensembleOf(trees, comparison, table);
    return ensemble && own(node, 'Forest', [x], { ensemble, wider: true });
  }

  /** A sum onto another: trees add in their order to what is there. */
  #onto(node: Node): Node | undefined {
    if (node.op !== 'Add' || node.domain !== '') return undefined;
    const [base, sums] = node.inputs;
    const forest = this.#instead.get(sums);
    if (forest?.op !== 'Forest' || forest.inputs.length !== 1 || this.#uses.get(sums) !== 1) return undefined;
    const { ensemble } = forest.attributes as unknown as { ensemble: Ensemble };
    const constant = this.#constant(base);
    const before = this.#instead.get(base);
    if (!constant && before?.op === 'Forest') {
      const first = before.attributes as unknown as { ensemble: Ensemble };
      if (first.ensemble.outputs !== ensemble.outputs) return undefined;
      const together = before.inputs[0] === forest.inputs[0] && this.#uses.get(base) === 1;
      const joined = together ? joinedOf(first.ensemble, ensemble) : undefined;
      if (joined) return own(node, 'Forest', before.inputs, { ensemble: joined, wider: true });
      return own(node, 'Forest', [forest.inputs[0], base], { ensemble, wider: true });
    }
    const fits = constant?.dtype === 'float64' && constant.data.length === ensemble.outputs;
    return fits ? own(node, 'Forest', [forest.inputs[0], base], { ensemble, wider: true }) : undefined;
  }
}

function own(node: Node, op: string, inputs: readonly number[], attributes: Node['attributes']): Node {
  return {
    domain: 'brine',
    op,
    inputs,
    outputs: node.outputs,
    attributes,
    ...(node.name === undefined ? {} : { name: node.name }),
  };
}

/** Trees that come in groups, as one forest; undefined where they compare, or add, in different ways. */
function joinedOf(a: Ensemble, b: Ensemble): Ensemble | undefined {
  const alike =
    a.comparison === b.comparison && (a.trees[0]?.output === undefined) === (b.trees[0]?.output === undefined);
  const known = a.knownCategories === undefined && b.knownCategories === undefined;
  if (!alike || !known) return undefined;
  const nFeatures = Math.max(a.nFeatures, b.nFeatures);
  return { nFeatures, comparison: a.comparison, outputs: a.outputs, trees: [...a.trees, ...b.trees] };
}

const isDouble = (to: unknown): boolean => to === 11 || to === 'float64';
const isSingle = (to: unknown): boolean => to === 1 || to === 'float32';

/** The trees of a TreeEnsemble (ai.onnx.ml 5) that compare by `<=` alone; undefined for others, and for broken ones. */
function ensembleOf(node: Node, comparison: Ensemble['comparison'], table: Tensor | undefined): Ensemble | undefined {
  const { attributes } = node;
  const ints = (name: string): Int32Array | undefined => {
    const list = attributes[name] as ArrayLike<number | bigint> | undefined;
    return list === undefined ? undefined : Int32Array.from(list as ArrayLike<number>, Number);
  };
  const tensor = (name: string): Tensor['data'] | undefined => (attributes[name] as Tensor | undefined)?.data;
  if (Number(attributes['aggregate_function'] ?? 1) !== 1 || Number(attributes['post_transform'] ?? 0) !== 0)
    return undefined;
  const [roots, feature, whenTrue, whenFalse, trueLeaf, falseLeaf, targets] = [
    'tree_roots',
    'nodes_featureids',
    'nodes_truenodeids',
    'nodes_falsenodeids',
    'nodes_trueleafs',
    'nodes_falseleafs',
    'leaf_targetids',
  ].map(ints);
  const missing = ints('nodes_missing_value_tracks_true');
  const [splits, modes, weights] = ['nodes_splits', 'nodes_modes', 'leaf_weights'].map(tensor);
  if (!roots || !feature || !whenTrue || !whenFalse || !trueLeaf || !falseLeaf || !targets) return undefined;
  if (!(splits instanceof Float64Array) || !(weights instanceof Float64Array) || !modes) return undefined;
  const size = feature.length;
  const whole = [whenTrue, whenFalse, trueLeaf, falseLeaf, splits, modes].every((a) => a.length === size);
  if (!whole || targets.length !== weights.length || (missing && missing.length !== size)) return undefined;
  for (let i = 0; i < size; i++) if (Number(modes[i]) !== 0) return undefined;
  const width = table ? table.shape[1] : 1;
  const outputs = table ? width : Number(attributes['n_targets'] ?? 1);
  const rows = table?.data as Float64Array | undefined;
  let features = 0;
  const trees: TreeNodes[] = [];
  // Nodes that several trees share would be written out again for each (CWE-409).
  let budget = 2 * (size + roots.length) + 1;
  for (const root of roots) {
    // Inner nodes and leaves under one numbering, as they are met; `from` is the tree's own place of each.
    const inner: number[] = [];
    const places: number[] = [];
    const todo = [root, 0];
    let at = 0;
    const left: number[] = [];
    const right: number[] = [];
    let target = -1;
    while (todo.length > 0) {
      const leaf = todo.pop()!;
      const id = todo.pop()!;
      const place = at++;
      if (--budget < 0) return undefined;
      if (place > 0) {
        const [parent, side] = [places.pop()!, places.pop()!];
        (side === 0 ? left : right)[parent] = place;
      }
      if (leaf !== 0) {
        if (!(id >= 0 && id < weights.length)) return undefined;
        if (!table && target >= 0 && targets[id] !== target) return undefined;
        target = targets[id];
        inner[place] = -1 - id;
        left[place] = right[place] = -1;
        continue;
      }
      if (!(id >= 0 && id < size)) return undefined;
      inner[place] = id;
      features = Math.max(features, feature[id] + 1);
      // A tree that is one leaf: both ways lead there.
      places.push(1, place, 0, place);
      todo.push(whenFalse[id], falseLeaf[id], whenTrue[id], trueLeaf[id]);
    }
    const count = at;
    const columns = {
      feature: new Int32Array(count),
      threshold: new Float64Array(count),
      missing: new Uint8Array(count),
      values: new Float64Array(count * width),
    };
    for (let place = 0; place < count; place++) {
      const id = inner[place];
      if (id >= 0) {
        columns.feature[place] = feature[id];
        columns.threshold[place] = splits[id];
        columns.missing[place] = missing?.[id] ?? 0;
      } else if (rows) {
        // The weight of a leaf is its row of the table.
        const row = weights[-1 - id];
        if (!(Number.isInteger(row) && row >= 0 && (row + 1) * width <= rows.length)) return undefined;
        columns.values.set(rows.subarray(row * width, (row + 1) * width), place * width);
      } else columns.values[place] = weights[-1 - id];
    }
    trees.push({
      count,
      left: fieldOf(Int32Array.from(left)),
      right: fieldOf(Int32Array.from(right)),
      feature: fieldOf(columns.feature),
      threshold: fieldOf(columns.threshold),
      missingGoLeft: fieldOf(columns.missing),
      values: fieldOf(columns.values, width),
      ...(table ? {} : { output: target }),
    });
  }
  if (!table && trees.some((t) => !(t.output! >= 0 && t.output! < outputs))) return undefined;
  return { nFeatures: features, comparison, outputs, trees };
}
