import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { readSkeleton } from '../../formats/onnx/large.js';
import { WHOLE_FILE } from '../../formats/onnx/limits.js';
import {
  readModelProto,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
} from '../../formats/onnx/protos.js';
import { WireReader } from '../../formats/onnx/wire.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { OnnxBudgets } from './onnx-budgets.js';
import { onnxOperators } from './onnx-ops.js';
import { tensorHead, type TensorHead } from './onnx-tensors.js';
import { listed, words } from './operators.js';
import { escapes, quoted } from './paths.js';
import { noteTexts } from './secrets.js';

const known: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(onnxOperators).map(([domain, names]) => [domain, words(names)]),
);

/** Operators that load code, read files or call Python. */
const denied: readonly { readonly test: RegExp; readonly does: string }[] = [
  { test: /(^|\.)(PyOp|PyCustomOp|PythonOp|PythonOpGrad|ATen|TritonOp)$/, does: 'calls a Python function' },
  {
    test: /(^|\.)(EPContext|SNPE)$/,
    does: 'loads a compiled model for an accelerator, from a path or from bytes in the file',
  },
  {
    test: /^ai\.onnx\.contrib\..*(File|Decode\w*Path|AzureT|OpenAI|Azure\w*)/,
    does: 'reads files or reaches the network',
  },
];

/**
 * ONNX: every operator of the graph, its subgraphs and functions; every tensor, wherever it stands, for data in other
 * files; budgets; and what metadata give away. Nothing is loaded from beside the file but sizes.
 */
export const examiner: Examiner = {
  formats: ['onnx'],
  async examine(source, context) {
    const bytes = source.size <= WHOLE_FILE ? await source.read(0, source.size) : (await readSkeleton(source)).bytes;
    const model = readModelProto(new WireReader(bytes, source.name));
    const audit = new ModelAudit(model, context);
    if (model.graph !== undefined) audit.graph(model.graph);
    else context.incomplete('it has no graph');
    if (model.opsets.size === 0 && model.irVersion >= 3)
      context.incomplete('it does not say which operators it means: it was cut short');
    for (const { name, domain, nodes, defaults } of model.functions) {
      for (const { graph } of audit.nodes(nodes, `${domain}.${name}`)) audit.graph(graph);
      for (const each of defaults) audit.attribute(each, `${domain}.${name}`);
    }
    audit.report();
    await audit.beside(source);
    for (const text of [model.docString, model.producer, model.domain, ...model.metadata.values()])
      noteTexts(text, context, 'its metadata');
    hasTraining(bytes, source.name, context);
  },
};

const TRAINING_INFO = 20;

/** Graphs for training stand in a field of their own, which nothing here runs. */
function hasTraining(bytes: Uint8Array, file: string, context: AuditContext): void {
  const reader = new WireReader(bytes, file);
  while (reader.next()) {
    if (reader.field === TRAINING_INFO) {
      context.incomplete('it holds graphs for training, which are not examined');
      return;
    }
    reader.skip();
  }
}

class ModelAudit {
  readonly #context: AuditContext;
  readonly #own: ReadonlySet<string>;
  readonly #dangerous = new Map<string, string>();
  readonly #unknown = new Set<string>();
  readonly #opsets: ReadonlyMap<string, number>;
  readonly #missing = new Set<string>();
  /** Files beside the model, and how far into them its tensors reach. */
  readonly #files = new Map<string, { end: number; tensor: string }>();

  constructor(model: ModelProto, context: AuditContext) {
    this.#context = context;
    this.#opsets = model.opsets;
    this.#own = new Set(model.functions.map(({ domain, name }) => `${domain}.${name}`));
  }

  /** A graph and all graphs inside it, without recursion. */
  graph(root: GraphProto): void {
    const todo: { graph: GraphProto; path: string }[] = [{ graph: root, path: '' }];
    const budgets = new OnnxBudgets(this.#context);
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const { graph, path } = next;
      this.#context.budget.check();
      budgets.graph(graph);
      for (const tensor of graph.initializers) this.#tensor(tensorHead(tensor.fresh()), path);
      for (const sparse of graph.sparseInitializers) this.#sparse(sparse.fresh(), path);
      todo.push(...this.nodes(graph.nodes, path));
    }
  }

  /** Nodes and their attributes; answers the graphs in them. */
  nodes(nodes: readonly NodeProto[], path: string): { graph: GraphProto; path: string }[] {
    const inner: { graph: GraphProto; path: string }[] = [];
    for (const node of nodes) {
      this.#operator(node);
      const where = `${path}/${node.name === '' ? node.op : node.name}`;
      for (const attribute of node.attributes) {
        this.attribute(attribute, where);
        for (const graph of [...(attribute.g === undefined ? [] : [attribute.g]), ...attribute.graphs])
          inner.push({ graph, path: where });
      }
    }
    return inner;
  }

  attribute(attribute: AttributeProto, path: string): void {
    for (const tensor of [...(attribute.t === undefined ? [] : [attribute.t]), ...attribute.tensors])
      this.#tensor(tensorHead(tensor.fresh()), path);
    if (attribute.sparse !== undefined) this.#sparse(attribute.sparse.fresh(), path);
  }

  #operator({ op, domain }: NodeProto): void {
    const home = domain === 'ai.onnx' ? '' : domain;
    const full = home === '' ? op : `${home}.${op}`;
    if (this.#opsets.size > 0 && !this.#opsets.has(home)) this.#missing.add(home);
    if (this.#own.has(`${domain}.${op}`) || known.get(home)?.has(op) === true) return;
    const bad = denied.find(({ test }) => test.test(full));
    if (bad !== undefined) this.#dangerous.set(full, bad.does);
    else this.#unknown.add(full);
  }

  #sparse(reader: WireReader, path: string): void {
    while (reader.next()) {
      if (reader.field === 1 || reader.field === 2) this.#tensor(tensorHead(reader.message()), path);
      else reader.skip();
    }
  }

  #tensor(tensor: TensorHead, path: string): void {
    const { location, name } = tensor;
    const details = path === '' ? {} : { path };
    if (location === undefined) {
      if (tensor.missing > 0)
        this.#context.incomplete(`the tensor ${quoted(name)} lacks ${tensor.missing} bytes of its data`, details);
      return;
    }
    const why =
      escapes(location) ?? (/^[a-z]+:/i.test(location) ? 'is an address' : location === '' ? 'is empty' : undefined);
    if (why !== undefined) {
      this.#context.report(
        'outside-file',
        `the tensor ${quoted(name)} takes its data from ${quoted(location)}, which ${why}`,
        {
          ...details,
          advisory: 'CVE-2024-27318',
        },
      );
      return;
    }
    const before = this.#files.get(location);
    if (before === undefined || before.end < tensor.end) this.#files.set(location, { end: tensor.end, tensor: name });
  }

  report(): void {
    if (this.#missing.size > 0)
      this.#context.incomplete(
        `it does not say which version it means of the operators of ${listed([...this.#missing].map(quoted))}`,
      );
    for (const [name, does] of this.#dangerous)
      this.#context.report('onnx-operator', `its graph uses the operator ${quoted(name)}, which ${does}`, {
        name,
        does,
      });
    if (this.#unknown.size > 0)
      this.#context.report(
        'unknown-operator',
        `its graph uses operators that neither ONNX nor onnxruntime has: ${listed([...this.#unknown].map(quoted))}`,
      );
  }

  /** The files with the weights must be there, as plain files, and be long enough. Their content is numbers. */
  async beside(source: Source): Promise<void> {
    for (const [location, { end, tensor }] of this.#files) {
      let file: Source | undefined;
      try {
        file = await source.sibling?.(location);
      } catch (error) {
        if (!(error instanceof BrineError) || error.code === 'ABORTED') throw error;
        // Links are refused by whoever opens files.
        this.#context.report('outside-file', `its weights in ${quoted(location)} cannot be opened: ${error.message}`);
        continue;
      }
      if (file === undefined)
        this.#context.incomplete(`the data of ${quoted(tensor)} lie in ${quoted(location)}, which is not beside it`);
      else {
        if (file.size < end)
          this.#context.incomplete(
            `the data of ${quoted(tensor)} reach to byte ${end} of ${quoted(location)}, which has ${file.size}`,
          );
        await file.close?.();
      }
    }
  }
}
