import type { ZipArchive } from '../../archive/zip.js';
import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { decodeText, WireReader } from '../../formats/onnx/wire.js';
import {
  readCheckpointIndex,
  readGraph,
  readSavedModel,
  tryGraph,
  type NodeBudget,
} from '../../formats/savedmodel/index.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { readJson } from './json-value.js';
import { readKerasConfig } from './keras-config.js';
import { checkPath, quoted } from './paths.js';
import { TensorFlowUses } from './tf-operators.js';
import { openArchive, visitMembers } from './zip-members.js';

/** Protocol buffers have no larger messages. */
const MAX_MESSAGE = 2 ** 31;

/**
 * TensorFlow: SavedModels (a file, or a folder in a zip archive), frozen graphs, Keras 2's metadata, the index of a
 * checkpoint. Every operator of every graph is judged, in functions and in graphs within constants too.
 */
export const examiner: Examiner = {
  formats: ['savedmodel', 'graphdef', 'keras-metadata', 'tf-checkpoint', 'tf-data', 'tf-fingerprint'],
  async examine(source, context) {
    const head = await source.read(0, Math.min(4, source.size));
    if (head[0] === 0x50 && head[1] === 0x4b) await zipped(source, context);
    else await reader[context.identity.format]?.(source, context);
  },
};

const reader: Readonly<Partial<Record<string, (source: Source, context: AuditContext) => Promise<void>>>> = {
  savedmodel: (source, context) => savedModel(source, context),
  graphdef: (source, context) => graphDef(source, context),
  'keras-metadata': (source, context) => kerasMetadata(source, context),
  'tf-checkpoint': async (source, context) => {
    for (const { name } of await readCheckpointIndex(source)) checkPath(name, context, 'the variable');
  },
  'tf-data': (source, context) => checkpointData(source, context),
  // A few numbers, which its detector has read to the end.
  'tf-fingerprint': () => Promise.resolve(),
};

async function wire(source: Source): Promise<WireReader> {
  if (source.size > MAX_MESSAGE)
    throw new BrineError('LIMIT', `a message of ${source.size} bytes (limit ${MAX_MESSAGE})`, { file: source.name });
  return new WireReader(await source.read(0, source.size), source.name);
}

/** Texts of a file that may be graphs share one count of nodes. */
function usesOf(source: Source, budget: NodeBudget): TensorFlowUses {
  return new TensorFlowUses((bytes) => tryGraph(bytes, source.name, budget));
}

async function savedModel(source: Source, context: AuditContext): Promise<void> {
  const budget = { nodes: 0 };
  const uses = usesOf(source, budget);
  for (const { graph, assets } of readSavedModel(await wire(source), budget)) {
    context.budget.check();
    for (const { file } of assets) checkPath(file, context, 'the asset');
    uses.graph(graph, new Set(assets.map(({ tensor }) => tensor)));
  }
  uses.report(context);
}

async function graphDef(source: Source, context: AuditContext): Promise<void> {
  const budget = { nodes: 0 };
  const uses = usesOf(source, budget);
  uses.graph(readGraph(await wire(source), budget));
  uses.report(context);
}

/** SavedMetadata: nodes with a path, a kind and a config in JSON. Keras 2 makes its layers of them. */
async function kerasMetadata(source: Source, context: AuditContext): Promise<void> {
  const outer = await wire(source);
  while (outer.next()) {
    if (outer.field !== 1) {
      outer.skip();
      continue;
    }
    const node = outer.message();
    let path = '';
    let config = '';
    while (node.next()) {
      if (node.field === 3) path = textOf(node);
      else if (node.field === 5) config = textOf(node);
      else node.skip();
    }
    if (config === '') continue;
    const what = path === '' ? 'metadata' : path;
    try {
      readKerasConfig(readJson(config, what, context), context, what);
    } catch (error) {
      context.failed(error);
    }
  }
}

function textOf(node: WireReader): string {
  const chunk = node.chunk();
  return decodeText(chunk) ?? new TextDecoder().decode(chunk);
}

/** Numbers, held against the index beside them. */
async function checkpointData(source: Source, context: AuditContext): Promise<void> {
  const [, stem = '', number = ''] = /([^/\\]+)\.data-(\d{5})-of-\d{5}$/.exec(source.name) ?? [];
  const index = await source.sibling?.(`${stem}.index`);
  if (index === undefined) throw new BrineError('MISSING_PART', 'the index of its variables is not beside it');
  for (const { name, shard, offset, size } of await readCheckpointIndex(index)) {
    if (shard === Number(number) && offset + size > source.size)
      context.incomplete(`the variable ${quoted(name)} lies beyond its end`);
  }
  await index.close?.();
}

/** A SavedModel's folder in an archive: the data of its variables are held against their index. */
async function zipped(source: Source, context: AuditContext): Promise<void> {
  const archive = await openArchive(source, context);
  if (archive === undefined) return;
  const data = await variables(archive, context);
  await visitMembers(source, archive, context, ({ name }) =>
    data.has(name) ? (content) => context.suspected(content, name) : undefined,
  );
}

/** The members that hold variables as raw numbers. */
async function variables(archive: ZipArchive, context: AuditContext): Promise<Set<string>> {
  const out = new Set<string>();
  for (const entry of archive.entries) {
    if (!entry.name.endsWith('.index') || entry.problem !== undefined) continue;
    try {
      const entries = await readCheckpointIndex(await entry.open(context.budget.expansion));
      const stem = entry.name.slice(0, -'.index'.length);
      for (const shard of archive.entries) {
        const number = shard.name.startsWith(`${stem}.data-`)
          ? /\.data-(\d{5})-of-\d{5}$/.exec(shard.name)?.[1]
          : undefined;
        if (number === undefined) continue;
        out.add(shard.name);
        const beyond = entries.find((each) => each.shard === Number(number) && each.offset + each.size > shard.size);
        if (beyond !== undefined)
          context.within(shard.name).incomplete(`the variable ${quoted(beyond.name)} lies beyond its end`);
      }
    } catch (error) {
      context.within(entry.name).failed(error);
    }
  }
  return out;
}
