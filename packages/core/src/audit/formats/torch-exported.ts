import type { Source } from '../../bytes/source.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { at, isObject, objectsIn, readJson, textOf, type JsonValue } from './json-value.js';
import { quoted } from './paths.js';
import { TorchUses } from './torch-code.js';
import { openArchive, visitMembers } from './zip-members.js';

/** Small texts beside the model. */
const NOTES = /(^|\/)(archive_format|archive_version|version|byteorder|\.data\/(version|serialization_id))$/;
const MAX_NOTE = 4096;

/** Bytes of an element by the number that the schema gives its type (torch/_export/serde/schema.py). */
const elementSizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 2,
  7: 4,
  8: 8,
  9: 4,
  10: 8,
  11: 16,
  12: 1,
  13: 2,
  28: 2,
  29: 1,
  30: 1,
};

/**
 * Programs that torch.export saved: graphs in JSON whose operators are listed, weights as raw bytes, and members that
 * torch.load is given. Compiled libraries are told.
 */
export const examiner: Examiner = {
  formats: ['pt2'],
  async examine(source, context) {
    const archive = await openArchive(source, context);
    if (archive === undefined) return;
    const uses = new TorchUses();
    const sizes = new Map(archive.entries.map((entry) => [entry.name, entry.size]));
    await visitMembers(source, archive, context, (entry) => {
      const { name } = entry;
      if (/_config\.json$/.test(name)) return (content) => config(content, name, sizes, context);
      if (/\.json$/.test(name)) return (content) => graph(content, name, uses, context);
      // Weights may be pickles, whatever their names; what is neither pickle nor archive is numbers.
      if (/(^|\/)data\/(weights|constants)\/[^/]+$/.test(name)) return (content) => context.suspected(content, name);
      if (/\.(so|o|dylib|dll|cubin|ptx|spv|cpp)$/.test(name))
        return (content) => {
          context
            .within(name)
            .report('native-code', `${quoted(name)} (${content.size} bytes) is compiled code, which loading it runs`);
        };
      return NOTES.test(name) ? (content) => note(content, name, context) : undefined;
    });
    uses.report(context);
  },
};

async function note(content: Source, name: string, context: AuditContext): Promise<void> {
  const bytes = await content.read(0, Math.min(content.size, MAX_NOTE));
  if (content.size > MAX_NOTE || !bytes.every((byte) => byte === 10 || (byte >= 32 && byte < 127)))
    await context.nested(content, name);
}

/** Every `target` of a graph, at any depth: branches and loops hold graphs of their own. */
async function graph(content: Source, name: string, uses: TorchUses, context: AuditContext): Promise<void> {
  const inner = context.within(name);
  const root = readJson(await textOf(content), name, inner);
  for (const { object } of objectsIn(root)) {
    const target = object.get('target');
    if (typeof target === 'string' && object.has('inputs')) uses.target(target);
  }
}

/** Weights: the bytes that a tensor needs must be there. */
async function config(
  content: Source,
  name: string,
  sizes: ReadonlyMap<string, number>,
  context: AuditContext,
): Promise<void> {
  const inner = context.within(name);
  const root = readJson(await textOf(content), name, inner);
  const entries = at(root, 'config') ?? root;
  if (!isObject(entries)) return;
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  for (const [weight, entry] of entries) {
    const path = at(entry, 'path_name');
    if (typeof path !== 'string') continue;
    const size = sizes.get(folder + path);
    if (size === undefined) inner.incomplete(`the bytes of ${quoted(weight)} (${quoted(path)}) are not in the archive`);
    else if (at(entry, 'use_pickle') !== true && needs(at(entry, 'tensor_meta')) > size)
      inner.report(
        'torch-storage',
        `${quoted(weight)} takes ${needs(at(entry, 'tensor_meta'))} bytes from ${quoted(path)}, which has ${size}`,
      );
  }
}

/** The bytes up to a tensor's last element; 0 where its form does not say. */
function needs(meta: JsonValue | undefined): number {
  const size = elementSizes[Number(at(meta, 'dtype'))];
  const [shape, strides] = [at(meta, 'sizes'), at(meta, 'strides')];
  if (size === undefined || !Array.isArray(shape) || !Array.isArray(strides) || shape.length !== strides.length)
    return 0;
  const offset = at(meta, 'storage_offset', 'as_int');
  let last = typeof offset === 'number' ? offset : 0;
  for (let i = 0; i < shape.length; i++) {
    const [n, stride] = [at(shape[i], 'as_int'), at(strides[i], 'as_int')];
    if (typeof n !== 'number' || typeof stride !== 'number') return 0;
    if (n === 0) return 0;
    last += (n - 1) * stride;
  }
  return (last + 1) * size;
}
