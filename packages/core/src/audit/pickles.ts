import { BufferSource, type Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { readPickleFile } from '../formats/pickle/read.js';
import { DEFAULT_LIMITS, FIRST_WINDOW, WINDOWED_ABOVE, type PickleLimits } from '../pickle/limits.js';
import { plainData, type PlainData } from '../pickle/plain.js';
import { readPickle, type Pickle } from '../pickle/read.js';
import type { PyValue } from '../pickle/values.js';
import { pythonWorld } from '../python/world.js';
import type { AuditBudget } from './budget.js';
import type { AuditContext } from './examiner.js';
import { noteTexts } from './formats/secrets.js';
import { sentence } from './report.js';
import { TextSearch } from './text-search.js';
import { Watcher } from './watcher.js';

/**
 * Examines the pickle at `offset` and gives what it holds. What it would do is reported even if it breaks off later;
 * then throws what the reader throws. `persistent` says which persistent ids the format itself explains.
 */
export async function auditPickle(
  source: Source,
  context: AuditContext,
  offset = 0,
  persistent?: (id: PyValue) => boolean,
): Promise<Pickle> {
  const watcher = new Watcher(context, persistent);
  try {
    const { budget } = context;
    const pickle = await readPickle(source, {
      world: pythonWorld(),
      observer: watcher,
      offset,
      ...limited(budget, source),
    });
    await watcher.finish(pickle.value, offsetsIn(source));
    return pickle;
  } catch (error) {
    await watcher.finish();
    throw framed(error, context);
  }
}

/** Examines a file of pickles: all of them, with the arrays and pickles that joblib puts between and beside them. */
export async function auditPickleFile(source: Source, context: AuditContext): Promise<void> {
  const { budget } = context;
  if (await isPlainData(source, context)) return;
  const watcher = new Watcher(context);
  try {
    const file = await readPickleFile(source, {
      observer: watcher,
      budget: budget.expansion,
      ...limited(budget, source),
    });
    await watcher.finish(file.values.length === 1 ? file.value : [...file.values], offsetsIn(source));
    context.read?.(file, watcher.imported);
    for (const note of file.notes) {
      const trailing = /^\d+ bytes from (\d+) on are not read/.exec(note);
      if (trailing) context.report('trailing-data', note, { offset: Number(trailing[1]) });
    }
    // pickle.load takes joblib's arrays for opcodes: it must find nothing there.
    if (file.joblib && context.identity.compression.length === 0) await otherReading(source, context, watcher);
  } catch (error) {
    await watcher.finish();
    throw framed(error, context);
  }
}

/** What pickle.load would do with a joblib file, until it fails. */
async function otherReading(source: Source, context: AuditContext, first: Watcher): Promise<void> {
  const watcher = new Watcher(context);
  try {
    await readPickle(source, { world: pythonWorld(), observer: watcher, ...limited(context.budget, source) });
  } catch (error) {
    if (!(error instanceof BrineError) || error.code === 'ABORTED' || error.code === 'READ') throw error;
  }
  for (const { rule, message, offset, name } of watcher.beyond(first)) {
    const details = { offset, ...(name === undefined ? {} : { name }) };
    context.report(
      rule === 'unknown-name' ? rule : 'two-readings',
      `pickle.load, which takes arrays for opcodes, would find: ${message}`,
      details,
    );
  }
}

/** Below this many bytes the machine is as soon done. */
const WORTH_A_GLANCE = 256 * 1024;
/** Milliseconds after which the event loop gets its turn. */
const TURN = 40;

/**
 * Is the file one pickle of plain data, uncompressed, of which there is nothing to say? Costs a look at its beginning
 * where it is not. (Compressed data begins with no opcode of plain data.)
 */
async function isPlainData(source: Source, context: AuditContext): Promise<boolean> {
  const { size } = source;
  const { budget } = context;
  if (size < WORTH_A_GLANCE || size > WINDOWED_ABOVE) return false;
  const { spent } = budget;
  const within = { ...DEFAULT_LIMITS, ...budget.pickleLimits(size) };
  const limits: PickleLimits = { ...within, opcodes: within.opcodes - spent.opcodes };
  if ((await glance(await source.read(0, Math.min(size, FIRST_WINDOW)), limits, budget)) !== 'cut') return false;
  const bytes = source instanceof BufferSource ? source.bytes : await source.read(0, size);
  const texts = new TextSearch(bytes);
  const plain = await glance(bytes, limits, budget, texts);
  if (plain === undefined || plain === 'cut' || plain.end !== size) return false;
  spent.opcodes += plain.opcodes;
  for (const { text, offset } of texts.found()) noteTexts(text, context, 'a text in it', { offset });
  return true;
}

/** Undefined as well where the audit was cancelled or its time is over: whoever reads next finds out. */
async function glance(
  bytes: Uint8Array,
  limits: PickleLimits,
  { signal, spent }: AuditBudget,
  texts?: TextSearch,
): Promise<PlainData | 'cut' | undefined> {
  const looking = plainData(bytes, limits, texts?.told);
  let since = performance.now();
  for (;;) {
    const { done, value } = looking.next();
    const now = performance.now();
    if (done === true || now - since > TURN) {
      spent.milliseconds += now - since;
      if (done === true) return value;
      await new Promise((resolve) => setTimeout(resolve, 0));
      since = performance.now();
    }
    if (signal?.aborted === true || spent.milliseconds > limits.milliseconds) return undefined;
  }
}

/** Characters by which a text is found again. */
const FOUND_BY = 64;

/** Where a text begins in bytes that are in memory. */
function offsetsIn(source: Source): ((text: string) => number | undefined) | undefined {
  if (!(source instanceof BufferSource)) return undefined;
  const { bytes } = source;
  return (text) => {
    const wanted = new TextEncoder().encode(text.slice(0, FOUND_BY));
    for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1))
      if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
    return undefined;
  };
}

function limited(budget: AuditContext['budget'], source: Source): object {
  const { spent, signal } = budget;
  return { limits: budget.pickleLimits(source.size), spent, ...(signal === undefined ? {} : { signal }) };
}

/** A violated frame is a finding of its own; the error itself still says that the rest was not read. */
function framed(error: unknown, context: AuditContext): unknown {
  if (!(error instanceof BrineError) || error.code !== 'CORRUPT' || !/\bframe\b/.test(sentence(error))) return error;
  const { offset } = error.place;
  context.report(
    'broken-frame',
    'readers that trust frames and readers that do not see different opcodes',
    offset === undefined ? {} : { offset },
  );
  return error;
}
