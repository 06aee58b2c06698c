import { openZip, type ZipArchive, type ZipEntry } from '../../archive/zip.js';
import { ExpansionBudget } from '../../bytes/expansion.js';
import { LazyBytes } from '../../bytes/lazy.js';
import { BufferSource, type Source } from '../../bytes/source.js';
import { utf8 } from '../../bytes/utf8.js';
import { BrineError } from '../../errors.js';
import type { PyGlobal, PyValue } from '../../pickle/values.js';
import type { NdArray } from '../../python/ndarray.js';
import { pythonWorld } from '../../python/world.js';
import { npyArray, readNpy, readNpz } from '../npy/index.js';
import { Builder, type Building } from './build.js';
import { PROTOCOL, type Stored, type StoredFile } from './loaders.js';
import { SchemaObject } from './schema.js';
import { parseSchema } from './template.js';

/** A skops file, read. */
export interface SkopsFile {
  readonly value: PyValue;
  /** 0 up to skops 0.5, 1 up to 0.9, 2 since. */
  readonly protocol: number;
  /** The skops that wrote it, as the file says. */
  readonly version: string | undefined;
  /** Every name that Python would import, once each, in the order of the file. */
  readonly names: readonly PyGlobal[];
  /** What `skops.io.get_untrusted_types` answers: what the user of Python must vouch for before loading. */
  readonly untrusted: readonly string[];
  /** Arrays that are still in the file. */
  readonly lazy: readonly LazyBytes[];
  readonly notes: readonly string[];
}

/** A forest of ten thousand trees takes 160 MB; engines hold no text beyond 512 MB (CWE-400). */
export const MAX_SCHEMA = 2 ** 28;

const SCHEMA = 'schema.json';

/** Archives up to this size are read whole; what is in them can then be made when it is asked for. */
const WHOLE_ARCHIVE = 2 ** 26;

/** Stored members up to this size are read at once, and their checksum with them; larger ones stay in the file. */
const READ_AT_ONCE = 2 ** 26;

export interface SkopsOptions {
  readonly budget?: ExpansionBudget;
  /** Names that may be in the file beside those that skops trusts by itself. */
  readonly trusted?: readonly string[];
  /** The archive, where somebody has opened it already. */
  readonly archive?: ZipArchive;
  /** True makes everything at once, so that whatever is wrong anywhere is thrown from here. */
  readonly whole?: boolean;
}

/**
 * Reads a skops file of protocol 0, 1 or 2 into the values that a pickle of the same object gives. Nothing the
 * file names is imported or run, whatever it is; `untrusted` lists what skops would ask about. With `trusted`, every
 * name is judged before anything is made, and UNSUPPORTED is thrown for those that neither skops nor the list trusts.
 *
 * The schema is always read and judged to its end. Of objects in one list that are alike, such as the trees of a
 * forest, the attributes of all but the first are made, and their arrays read, when somebody looks at them; a
 * damaged array is heard of then.
 *
 * Throws BrineError: TRUNCATED, CORRUPT, UNSUPPORTED, LIMIT.
 * Source: skops 0.5 to 0.16, skops/io/_persist.py and the modules that it registers.
 */
export function readSkopsFile(source: Source, options: SkopsOptions = {}): Promise<SkopsFile> {
  return named(source, () => readArchive(source, options));
}

/**
 * What `skops.io.get_untrusted_types` answers of a file: the names that its user must vouch for, sorted. Nothing is
 * made. Throws as `readSkopsFile` does; a name of a loader that skops does not have is never left out in silence.
 */
export function untrustedTypes(source: Source, options: SkopsOptions = {}): Promise<readonly string[]> {
  return named(source, async () => judge(await openSchema(source, options)));
}

/** Names the file in what is thrown. */
async function named<T>(source: Source, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BrineError) || error.place.file !== undefined) throw error;
    throw new BrineError(error.code, error.message, { file: source.name }, { cause: error });
  }
}

/** A file whose schema has been read, and nothing else. */
interface Opened {
  readonly archive: ZipArchive;
  readonly inMemory: boolean;
  readonly root: SchemaObject;
  readonly building: Building;
}

async function openSchema(source: Source, options: SkopsOptions): Promise<Opened> {
  const { budget = new ExpansionBudget() } = options;
  const isReady = source.size > WHOLE_ARCHIVE || source instanceof BufferSource;
  const near = isReady ? source : new BufferSource(await source.read(0, source.size), source.name);
  const archive = near === source && options.archive ? options.archive : await openZip(near);
  const text = utf8(await readSchema(archive, budget));
  if (text === undefined) throw new BrineError('CORRUPT', 'schema.json is no UTF-8');
  // Of a file that is read page by page: whatever may be looked at later is in memory from now on.
  if (source.glance) for (const entry of archive.entries) if (entry.name !== SCHEMA) entry.hold();
  const root = parseSchema(text);
  if (!(root instanceof SchemaObject)) throw new BrineError('CORRUPT', 'schema.json holds no object');
  const protocol = root.get('protocol');
  if (typeof protocol !== 'number' || !Number.isInteger(protocol) || protocol < 0)
    throw new BrineError('CORRUPT', 'schema.json does not say which protocol of skops it follows');
  if (protocol > PROTOCOL)
    throw new BrineError('UNSUPPORTED', `skops protocol ${protocol} is not read; 0 to ${PROTOCOL} are`);
  const building: Building = {
    file: source.name,
    protocol,
    world: pythonWorld(),
    schemaSize: text.length,
    has: (name) => archive.get(name) !== undefined,
    readNow: undefined,
  };
  return { archive, inMemory: near instanceof BufferSource, root, building };
}

/** The names that nobody trusts, in alphabetical order. */
function judge({ root, building }: Opened): readonly string[] {
  const builder = new Builder({ ...building, make: false });
  builder.build(root).next();
  return builder.untrusted;
}

async function readArchive(source: Source, options: SkopsOptions): Promise<SkopsFile> {
  const { trusted, budget = new ExpansionBudget(), whole = false } = options;
  const opened = await openSchema(source, { ...options, budget });
  const { archive, inMemory, root, building } = opened;
  if (trusted) checkTrusted(judge(opened), trusted);
  const members = new Members(archive, budget);
  const readNow = inMemory && !whole ? (file: StoredFile): Stored => members.readNow(file) : undefined;
  const builder = new Builder({ ...building, readNow });
  const value = await run(builder.build(root), (file) =>
    inMemory && file.kind !== 'npz' ? members.readNow(file) : members.read(file),
  );
  const version = root.get('_skops_version');
  return {
    value,
    names: builder.names,
    untrusted: builder.untrusted,
    protocol: building.protocol,
    version: typeof version === 'string' ? version : undefined,
    lazy: members.lazy,
    notes: [...archive.warnings, ...members.notes],
  };
}

/** Gives a builder the members that it asks for. */
async function run(
  building: Generator<StoredFile, PyValue, Stored>,
  read: (file: StoredFile) => Stored | Promise<Stored>,
): Promise<PyValue> {
  let step = building.next();
  while (!step.done) {
    const stored = read(step.value);
    step = building.next(stored instanceof Promise ? await stored : stored);
  }
  return step.value;
}

/** Names in one message. */
const LISTED = 8;

/** skops's own `trusted`: a list of names, never a blank permission. */
function checkTrusted(untrusted: readonly string[], trusted: readonly string[]): void {
  if (!Array.isArray(trusted) || !trusted.every((name) => typeof name === 'string')) {
    throw new BrineError('BAD_ARGUMENT', 'trusted is a list of names, as get_untrusted_types gives them; never true');
  }
  const left = untrusted.filter((name) => !trusted.includes(name));
  if (left.length === 0) return;
  const more = left.length > LISTED ? ` and ${left.length - LISTED} more` : '';
  throw new BrineError('UNSUPPORTED', `the file holds what nobody trusts: ${left.slice(0, LISTED).join(', ')}${more}`);
}

/** schema.json, to be made into text at once. */
async function readSchema(archive: ZipArchive, budget: ExpansionBudget): Promise<Uint8Array> {
  const entry = archive.get(SCHEMA);
  if (!entry) throw new BrineError('CORRUPT', 'the archive has no schema.json');
  if (entry.size > MAX_SCHEMA)
    throw new BrineError('LIMIT', `schema.json has ${entry.size} bytes; the limit is ${MAX_SCHEMA}`);
  return entry.glance(budget);
}

/** The members of the archive, each expanded once however many nodes name it. */
class Members {
  readonly lazy: LazyBytes[] = [];
  readonly notes: string[] = [];
  readonly #archive: ZipArchive;
  readonly #budget: ExpansionBudget;
  readonly #sources = new Map<string, Source>();

  constructor(archive: ZipArchive, budget: ExpansionBudget) {
    this.#archive = archive;
    this.#budget = budget;
  }

  /** An array or bytes of an archive in memory. */
  readNow(file: StoredFile): Stored {
    const expected = this.#expected(file);
    if (expected) return expected;
    const { name, kind } = file;
    let source = this.#sources.get(name);
    if (!(source instanceof BufferSource)) {
      source = new BufferSource(this.#entry(name).readNow(this.#budget), name);
      this.#sources.set(name, source);
    }
    const { bytes } = source as BufferSource;
    return kind === 'bytes' ? bytes : npyArray(bytes, name);
  }

  async read(file: StoredFile): Promise<Stored> {
    const expected = this.#expected(file);
    if (expected) return expected;
    const { name, kind } = file;
    const source = await this.#open(name);
    if (kind === 'bytes') return source.read(0, source.size);
    if (kind === 'npy') return this.#keep((await readNpy(source)).array);
    const arrays = new Map<string, NdArray>();
    for (const [key, inner] of await readNpz(source, undefined, this.#budget))
      arrays.set(key, this.#keep((await inner.load()).array));
    return arrays;
  }

  /** Of what somebody expects of the member, who looks whether it is so. */
  #expected({ name, kind }: StoredFile): Stored | undefined {
    const [first, rest, ...more] = this.#entry(name).expected ?? [];
    if (!first || more.length > 0) return undefined;
    if (kind === 'npy') return npyArray(first, name, rest);
    return kind === 'bytes' && !rest ? first : undefined;
  }

  async #open(name: string): Promise<Source> {
    let source = this.#sources.get(name);
    if (source === undefined) {
      const entry = this.#entry(name);
      const lazy = entry.size > READ_AT_ONCE && entry.range() !== undefined;
      if (lazy) this.notes.push(`${name}: larger than ${READ_AT_ONCE} bytes, its checksum is not compared`);
      source = lazy ? await entry.open(this.#budget) : new BufferSource(await entry.read(this.#budget), name);
      this.#sources.set(name, source);
    }
    return source;
  }

  #entry(name: string): ZipEntry {
    // A builder asks only for members that are there.
    return this.#archive.get(name)!;
  }

  #keep(array: NdArray): NdArray {
    if (array.data instanceof LazyBytes) this.lazy.push(array.data);
    return array;
  }
}
