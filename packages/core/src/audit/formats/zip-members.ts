import { contentBy, findMembers } from '../../archive/zip-salvage.js';
import { openZip, type Range, type ZipArchive, type ZipEntry } from '../../archive/zip.js';
import { SliceSource } from '../../bytes/slice.js';
import { BufferSource, type Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import type { AuditContext } from '../examiner.js';
import { checkLink, checkPath, quoted } from './paths.js';

/** Looks at a member in place of the general examination; undefined leaves it to that. */
export type Own = (entry: ZipEntry) => ((content: Source) => Promise<void> | void) | undefined;

/** Members whose headers disagree in these are two different members to two programs. */
const grave = new Set(['name', 'method', 'encryption']);

/**
 * Opens a zip archive and reports what is odd about it as a whole. What belongs to no member is examined too; of an
 * archive without a directory, whatever members can be found. Undefined where it cannot be opened.
 */
export async function openArchive(source: Source, context: AuditContext): Promise<ZipArchive | undefined> {
  let archive: ZipArchive;
  try {
    archive = await openZip(source);
  } catch (error) {
    context.failed(error);
    await salvage(source, { offset: 0, length: source.size }, context, false);
    return undefined;
  }
  for (const reason of archive.ambiguities) context.report('archive-two-readings', reason);
  for (const name of new Set(archive.repeated))
    context.report(
      'archive-two-members',
      `the name ${quoted(name)} occurs more than once: programs differ in which they take`,
    );
  if (archive.prefix > 0) await besides(source, { offset: 0, length: archive.prefix }, 'before the archive', context);
  for (const range of archive.unclaimed)
    await besides(source, range, `between members, at byte ${range.offset}`, context);
  const behind = source.size - archive.end;
  if (behind > 0) {
    context.report('trailing-data', `${behind} bytes follow the archive`, { offset: archive.end });
    await salvage(source, { offset: archive.end, length: behind }, context);
    await context.nested(new SliceSource(source, archive.end, behind), '(behind the archive)');
  }
  return archive;
}

/** Every member: by the format's own examination where it has one, else as a file of its own. */
export async function visitMembers(
  source: Source,
  archive: ZipArchive,
  context: AuditContext,
  own: Own = () => undefined,
): Promise<void> {
  const looked = new Set<string>();
  for (const entry of archive.entries) {
    context.budget.check();
    checkPath(entry.name, context);
    if (entry.isFolder || (isEmpty(entry) && own(entry) === undefined)) continue;
    // Thousands of entries for the same bytes are a bomb (CWE-409): they are examined once, under the first name.
    const { local } = entry;
    const bytes = `${local?.dataOffset ?? ''} ${local?.method ?? ''} ${local?.compressedSize ?? ''} ${entry.method} ${entry.compressedSize}`;
    if (local !== undefined && own(entry) === undefined) {
      if (looked.has(bytes)) continue;
      looked.add(bytes);
    }
    checkDifferences(entry, context);
    const contents: Source[] = [];
    try {
      contents.push(await checked(entry, context));
    } catch (error) {
      context.failed(error);
    }
    if (contents.length === 0 || entry.differences.some((what) => what !== 'name' && what !== 'flags'))
      contents.push(...(await otherContents(source, archive, entry, context, contents[0])));
    if (entry.isLink && contents[0] !== undefined) {
      const target = await contents[0].read(0, Math.min(contents[0].size, 4096));
      checkLink(entry.name, new TextDecoder().decode(target), context);
    }
    for (const content of contents) {
      const take = own(entry);
      try {
        if (take === undefined) await context.nested(content, entry.name);
        else await take(content);
      } catch (error) {
        context.failed(error);
      }
    }
  }
}

/** Nothing by either header, and nothing that a program could take for more. */
function isEmpty({ size, compressedSize, local, differences, problem, isLink }: ZipEntry): boolean {
  if (local === undefined || problem !== undefined || differences.length > 0 || isLink) return false;
  return size === 0 && compressedSize === 0 && local.size === 0 && local.compressedSize === 0;
}

/** Stored members up to this size are read at once to check their CRC-32; larger ones are tensors, read by range. */
const CHECKED_UP_TO = 16 * 1024 * 1024;

async function checked(entry: ZipEntry, context: AuditContext): Promise<Source> {
  const content = await entry.open(context.budget.expansion);
  if (entry.range() === undefined || content.size > CHECKED_UP_TO) return content;
  return new BufferSource(await entry.read(), content.name);
}

function checkDifferences(entry: ZipEntry, context: AuditContext): void {
  const { differences } = entry;
  if (differences.length === 0) return;
  const isGrave = differences.some((what) => grave.has(what));
  const what = `${quoted(entry.name)}: ${entry.warnings.slice(0, 4).join('; ')}`;
  context.report(isGrave ? 'archive-two-readings' : 'archive-mismatch', what);
}

/** What programs that are less strict, or believe the other header, take a member's content for. */
async function otherContents(
  source: Source,
  archive: ZipArchive,
  entry: ZipEntry,
  context: AuditContext,
  first: Source | undefined,
): Promise<Source[]> {
  const { local } = entry;
  if (local === undefined) return [];
  const out: Source[] = [];
  const methods = new Set([entry.method, local.method]);
  // A method that is not read may be a lie: stored is what is cheapest to hide.
  methods.add(0);
  for (const method of methods) {
    for (const size of new Set([entry.compressedSize, local.compressedSize])) {
      const bytes = await contentBy(source, method, local.dataOffset, size, archive.end, context.budget.expansion);
      if (bytes === undefined || bytes.length === 0) continue;
      if (first !== undefined && method === entry.method && bytes.length === first.size) continue;
      context.budget.expansion.spend(method === 0 ? bytes.length : 0);
      out.push(new BufferSource(bytes, `${source.name}:${entry.name}`));
    }
  }
  return out;
}

/** Bytes of an archive that belong to no member. */
async function besides(source: Source, range: Range, where: string, context: AuditContext): Promise<void> {
  const head = await source.read(range.offset, Math.min(range.length, 4096));
  // Some writers align members with zeros.
  if (range.length <= head.length && head.every((byte) => byte === 0)) return;
  context.report('archive-hidden-data', `${range.length} bytes ${where} belong to no member`, { offset: range.offset });
  await salvage(source, range, context);
  await context.nested(new SliceSource(source, range.offset, range.length), `(${where})`);
}

/** Examines members that no directory lists. `hidden`: there is one, and they are not in it. */
async function salvage(source: Source, range: Range, context: AuditContext, hidden = true): Promise<void> {
  const end = range.offset + range.length;
  try {
    for await (const { name, local, length } of findMembers(source, range.offset, end)) {
      context.budget.check();
      const { method, dataOffset } = local;
      const bytes = await contentBy(source, method, dataOffset, length, end, context.budget.expansion);
      if (hidden)
        context.report('archive-hidden-data', `the member ${quoted(name)} is listed in no directory`, {
          offset: dataOffset,
        });
      if (bytes !== undefined) await context.nested(new BufferSource(bytes, `${source.name}:${name}`), name);
    }
  } catch (error) {
    if (!(error instanceof BrineError)) throw error;
    context.failed(error);
  }
}
