import type { ZipArchive, ZipEntry } from '../../archive/zip.js';
import type { Source } from '../../bytes/source.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { auditPickle } from '../pickles.js';
import { textOf } from './json-value.js';
import { quoted } from './paths.js';
import { readSource } from './python-source.js';
import { isTorchName } from './torch-known.js';
import { classesOf, readTorchCode, TorchUses } from './torch-code.js';
import { Storages } from './torch-storages.js';
import { vouching } from './vouching.js';
import { openArchive, visitMembers } from './zip-members.js';

/** Small texts that torch puts beside its pickles. */
const NOTES =
  /(^|\/)(version|byteorder|\.format_version|\.storage_alignment|\.data\/(serialization_id|version|python_version|extern_modules)|model\.json|producer_info\.json)$/;
/** A note is a few bytes; anything larger is looked at as a file of its own. */
const MAX_NOTE = 1 << 20;
/** The pickles that have a folder of storages beside them. */
const PICKLES =
  /^(?:(.*)\/)?(data|constants|traced_inputs|bytecode|debug|attributes|\w+)\.pkl$|^(?:.*\/)?code\/.*\.debug_pkl$/;

/**
 * PyTorch's zip files: state dicts, checkpoints and modules, TorchScript, torch.package. Pickles are read with the
 * storages they refer to, whose bytes must be there; code is listed; everything else is examined as a file of its own.
 */
export const examiner: Examiner = {
  formats: ['torch', 'torchscript'],
  async examine(source, context) {
    const archive = await openArchive(source, context);
    if (archive === undefined) return;
    const names = new Set(archive.entries.map((entry) => entry.name));
    const script = [...names].some((name) => /(^|\/)code\/.*\.py$/.test(name));
    const isPackage = [...names].some((name) => /(^|\/)\.data\/extern_modules$/.test(name));
    const uses = new TorchUses();
    const judging = script ? await scripted(archive, context, uses) : vouching(context, isTorchName);
    const read = await readPickles(archive, judging);
    await visitMembers(source, archive, context, (entry) => {
      const { name } = entry;
      if (read.pickles.has(name)) return nothing;
      if (read.storages.has(name)) return (content) => storage(content, entry, context);
      if (script && /(^|\/)code\/.*\.py$/.test(name)) return nothing;
      if (isPackage && name.endsWith('.py')) return (content) => packaged(content, name, context);
      return NOTES.test(name) ? (content) => note(content, entry, context) : undefined;
    });
    uses.report(context);
  },
};

const nothing = (): void => undefined;

/** Lists what the code of a TorchScript archive uses. Its classes are its own, and no names that Python would import. */
async function scripted(archive: ZipArchive, context: AuditContext, uses: TorchUses): Promise<AuditContext> {
  const own = new Set<string>();
  for (const entry of archive.entries) {
    const path = /(?:^|\/)code\/(.*\.py)$/.exec(entry.name)?.[1];
    if (path === undefined || entry.problem !== undefined) continue;
    try {
      const code = await textOf(await entry.open(context.budget.expansion));
      for (const name of classesOf(code, path)) own.add(name);
      readTorchCode(code, uses);
    } catch (error) {
      context.failed(error);
    }
  }
  const helpers = /^torch\.jit\._pickle\.(build_(int|tensor|double|bool)list|restore_type_tag|build_tensor_from_id)$/;
  return vouching(
    context,
    (module, name) =>
      own.has(`${module}.${name}`) ||
      isTorchName(module, name) ||
      helpers.test(`${module}.${name}`) ||
      classes.test(`${module}.${name}`),
  );
}

/** What packed parameters of quantised layers are instances of. */
const classes = /^__torch__\.torch\.classes\.(quantized|sparse|rnn|mkldnn|xnnpack)\.\w+$/;

interface ReadPickles {
  readonly pickles: ReadonlySet<string>;
  /** Members that pickles take for their storages. */
  readonly storages: ReadonlySet<string>;
}

/** Reads the pickles, and holds the storages they refer to against the archive's members. */
async function readPickles(archive: ZipArchive, context: AuditContext): Promise<ReadPickles> {
  const pickles = new Set<string>();
  const taken = new Set<string>();
  for (const entry of archive.entries) {
    const match = PICKLES.exec(entry.name);
    if (match === null || entry.problem !== undefined) continue;
    const [, root, stem] = match;
    const storages = new Storages();
    const inner = context.within(entry.name);
    try {
      const content = await entry.open(context.budget.expansion);
      const { end } = await auditPickle(content, inner, 0, storages.take);
      pickles.add(entry.name);
      if (end < content.size) {
        inner.report('trailing-data', `${content.size - end} bytes follow the pickle`, { offset: end });
        pickles.delete(entry.name);
      }
    } catch (error) {
      inner.failed(error);
    }
    for (const problem of storages.problems) inner.report('torch-storage', problem);
    const prefix = root === undefined ? '' : `${root}/`;
    for (const { key, count, size } of storages.byKey.values()) {
      // torch.package names the member; others have a folder named after the pickle.
      const member = [
        `${prefix}${stem}/${key}`,
        `${prefix}.data/${key}.storage`,
        `${prefix}data/${key}`,
        key,
        `${rootOf(entry.name)}.data/${key}.storage`,
      ]
        .map((name) => archive.get(name))
        .find((found) => found !== undefined);
      if (member === undefined) inner.incomplete(`the storage ${quoted(key)} that it refers to is not in the archive`);
      else {
        taken.add(member.name);
        // Tracing leaves the inputs' storages out, and nobody reads them.
        const isLeftOut = member.size === 0 && stem === 'traced_inputs';
        if (member.size < count * size && !isLeftOut)
          inner.report(
            'torch-storage',
            `it takes ${count} elements of ${size} bytes from ${quoted(member.name)}, which has ${member.size} bytes`,
          );
      }
    }
  }
  return { pickles, storages: taken };
}

function rootOf(name: string): string {
  const slash = name.indexOf('/');
  return slash < 0 ? '' : name.slice(0, slash + 1);
}

/** Numbers: harmless, unless another program finds something else in them. */
async function storage(content: Source, entry: ZipEntry, context: AuditContext): Promise<void> {
  await context.suspected(content, entry.name);
}

async function note(content: Source, entry: ZipEntry, context: AuditContext): Promise<void> {
  const bytes = await content.read(0, Math.min(content.size, MAX_NOTE));
  const isText =
    bytes.length === content.size && bytes.every((byte) => byte >= 32 || byte === 10 || byte === 13 || byte === 9);
  if (!isText) await context.nested(content, entry.name);
}

/** Source code that torch.package runs when something is imported from it. */
async function packaged(content: Source, name: string, context: AuditContext): Promise<void> {
  const inner = context.within(name);
  inner.report('carried-source', 'it carries Python source code, which runs when something is loaded from the package');
  readSource(await textOf(content), inner);
}
