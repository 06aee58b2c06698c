import type { GraphDef, NodeDef } from '../../formats/savedmodel/index.js';
import type { AuditContext } from '../examiner.js';
import { listed, words } from './operators.js';
import { escapes, quoted } from './paths.js';
import { tfCheckpointOperators, tfDataOperators, tfOperators } from './tf-ops.js';

const known = words(`${tfOperators} ${tfDataOperators}`);
const checkpoint = words(tfCheckpointOperators);

/** Operators that reach beyond the graph, and what they do. */
const denied: readonly { readonly test: RegExp; readonly does: string }[] = [
  { test: /PyFunc/, does: 'calls a Python function' },
  {
    test: /^(ReadFile|WholeFileReader|TextLineReader|TFRecordReader|FixedLengthRecordReader|LMDBReader|IdentityReader|ReaderRead)/,
    does: 'reads any file, from this machine or over the network',
  },
  {
    test: /^(Experimental)?(TextLine|TFRecord|FixedLengthRecord|CSV|LMDB|Load|SaveDataset|Snapshot|DatasetToTFRecord|Sql|Cache).*/,
    does: 'reads or writes any file',
  },
  { test: /MatchingFiles/, does: 'lists the files of any folder' },
  {
    test: /^(WriteFile|.*SummaryWriter.*|.*SummaryDbWriter|Write.*Summary|ImportEvent|FlushSummaryWriter|SaveDataset.*)$/,
    does: 'writes any file',
  },
  {
    test: /^(DebugIdentity|DebugNan|DebugNumeric|DebugGradient)/,
    does: 'writes what passes it to a file or another machine',
  },
  {
    test: /^(Recv|_Recv|Send|_Send|_Host(Recv|Send)|Collective|Nccl|RemoteCall|DataService|RegisterDataset|RpcServer|RpcClient|RpcCall|TPUConfigure|ConfigureDistributed|WorkerHeartbeat|DistributedSave)/,
    does: 'exchanges data with other machines or processes',
  },
  { test: /^(Abort)$/, does: 'ends the process' },
  { test: /^(FileSystemSetConfiguration|LoadAndRemapMatrix|ListSnapshotChunks.*)$/, does: 'reaches files' },
  { test: /^(BigQuery|Bigtable|Kafka|Kinesis|PubSub|GcsConfigure|S3|Cloud)/, does: 'reaches the network' },
];

/** Operators that are given a path. From a constant, it must not lead out of the model’s folder. */
const withPath: Readonly<Record<string, number>> = {
  InitializeTableFromTextFile: 1,
  InitializeTableFromTextFileV2: 1,
  SaveV2: 0,
  Save: 0,
  SaveSlices: 0,
  RestoreV2: 0,
  Restore: 0,
  RestoreSlice: 0,
};

/** Texts that are a graph themselves may hold others (CWE-674). */
const MAX_EMBEDDED = 8;

/** Collects what the graphs of one file use, and judges it together. */
export class TensorFlowUses {
  readonly all = new Set<string>();
  readonly #dangerous = new Map<string, { does: string; where: string }>();
  readonly #unknown = new Set<string>();
  readonly #embedded: (bytes: Uint8Array) => GraphDef | undefined;

  /** @param embedded the graph that some bytes are, if they are one. */
  constructor(embedded: (bytes: Uint8Array) => GraphDef | undefined) {
    this.#embedded = embedded;
  }

  /** Every operator of a graph, of its functions, and of graphs within texts. `assets` are tensors given their path. */
  graph(root: GraphDef, assets: ReadonlySet<string> = new Set()): void {
    const todo = [{ graph: root, depth: 0 }];
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const { graph, depth } = next;
      const own = new Set(graph.functions.map(({ name }) => name));
      const bodies = [{ name: '', nodes: graph.nodes }, ...graph.functions];
      for (const { name, nodes } of bodies) {
        const constants = constantsOf(nodes);
        for (const node of nodes) {
          const where = name === '' ? node.name : `${name}/${node.name}`;
          if (!own.has(node.op)) this.#operator(node.op, where);
          // A function that the library does not have is looked up among the operators.
          for (const called of node.attrs.flatMap(({ functions }) => functions))
            if (called !== '' && !own.has(called)) this.#operator(called, where);
          this.#paths(node, constants, assets, where);
          if (depth < MAX_EMBEDDED)
            for (const bytes of node.attrs.flatMap(({ strings, texts }) => [...strings, ...texts])) {
              const inner = this.#embedded(bytes);
              if (inner !== undefined) todo.push({ graph: inner, depth: depth + 1 });
            }
        }
      }
    }
  }

  #operator(op: string, where: string): void {
    if (this.all.has(op)) return;
    this.all.add(op);
    if (known.has(op) || checkpoint.has(op) || op in withPath) return;
    const bad = denied.find(({ test }) => test.test(op));
    if (bad !== undefined) this.#dangerous.set(op, { does: bad.does, where });
    else this.#unknown.add(op);
  }

  #paths(node: NodeDef, constants: ReadonlyMap<string, string>, assets: ReadonlySet<string>, where: string): void {
    if (node.op === 'PrintV2' || node.op === 'Print') {
      const stream = node.attrs.find(({ key }) => key === 'output_stream')?.texts[0];
      const target = stream === undefined ? '' : new TextDecoder().decode(stream);
      if (target.startsWith('file://')) this.#dangerous.set(node.op, { does: `writes to ${quoted(target)}`, where });
      return;
    }
    const at = Object.hasOwn(withPath, node.op) ? withPath[node.op] : undefined;
    if (at === undefined) return;
    const tensor = node.inputs[at]?.replace(/^\^/, '') ?? '';
    const source = tensor.split(':')[0];
    const path = constants.get(source);
    if (path === undefined || assets.has(`${source}:0`) || path === '') return;
    if (escapes(path) !== undefined || path.includes('://'))
      this.#dangerous.set(node.op, { does: `reaches the file ${quoted(path)}`, where });
  }

  report(context: AuditContext): void {
    for (const [name, { does, where }] of this.#dangerous)
      context.report('tf-operator', `its graph uses the operator ${quoted(name)}, which ${does}`, {
        name,
        does,
        path: where,
      });
    if (this.#unknown.size > 0)
      context.report(
        'unknown-operator',
        `its graph uses operators that TensorFlow does not have, or that are not vouched for: ${listed([...this.#unknown].map(quoted))}`,
      );
  }
}

/** The texts of constant nodes, by name. */
function constantsOf(nodes: readonly NodeDef[]): Map<string, string> {
  const out = new Map<string, string>();
  for (const { name, op, attrs } of nodes) {
    if (op !== 'Const') continue;
    const text = attrs.find(({ key }) => key === 'value')?.strings[0];
    if (text !== undefined && text.length < 4096) out.set(name, new TextDecoder().decode(text));
  }
  return out;
}
