import { compare, emptyVerdict, expectedFromNpy, plain, type Limits, type Verdict } from './compare.js';
import { readNpy } from './npy.js';

/** `case.json`, as fixtures/README.md describes it. */
export interface Case {
  readonly id: string;
  readonly estimator: string;
  readonly versions: Readonly<Record<string, string>>;
  /** One file, or several that are applied in this order. */
  readonly model: string | readonly string[];
  /** A folder that must be understood without being told the order. */
  readonly folder?: string;
  readonly format: string;
  /** Which part of the object is asked, and which parts must be offered. */
  readonly pick?: string;
  readonly parts?: readonly string[];
  readonly inputs: Readonly<Record<string, { readonly file: string; readonly kind: string }>>;
  readonly expect: readonly (Limits & { readonly method: string; readonly input: string; readonly file: string })[];
  /** Set where the model or the input must be refused, in these words. */
  readonly refuse?: {
    readonly method: string;
    readonly input: string;
    readonly codes: string[];
    readonly says: string;
  };
}

/** As much of the public contract as the corpus needs. */
export interface Opened {
  readonly format: string;
  readonly methods: readonly string[];
  readonly parts: unknown;
  run(method: string, input: unknown): Promise<unknown>;
}

/** How a platform gives the files of a case: bytes to read, and whatever its `open` takes. */
export interface Platform {
  open(source: unknown, options?: { pick?: string }): Promise<Opened>;
  read(path: string): Promise<Uint8Array>;
  source(path: string): Promise<unknown>;
  /** What stands for a whole folder, where the platform has folders. */
  folder?(path: string): unknown;
}

/** What came of a case: each failure is one sentence. */
export interface Outcome extends Verdict {
  readonly id: string;
  readonly estimator: string;
  /** Expectations checked; a refusal is one, and so are the detected format and the offered parts. */
  checks: number;
  readonly failures: string[];
}

const utf8 = new TextDecoder();

async function readJson(platform: Platform, path: string): Promise<unknown> {
  return JSON.parse(utf8.decode(await platform.read(path)));
}

/** Opens the models of a case through the public contract, asks what it asks, and compares. */
export async function check(platform: Platform, folder: string): Promise<Outcome> {
  const entry = (await readJson(platform, `${folder}/case.json`)) as Case;
  const outcome: Outcome = { ...emptyVerdict(), id: entry.id, estimator: entry.estimator, checks: 0, failures: [] };
  if (entry.refuse) {
    await checkRefusal(platform, folder, entry, entry.refuse, outcome);
    return outcome;
  }
  await checkAnswers(platform, folder, entry, await sources(platform, folder, entry), outcome);
  if (entry.folder !== undefined && platform.folder)
    await checkAnswers(platform, folder, entry, platform.folder(`${folder}/${entry.folder}`), outcome);
  return outcome;
}

async function sources(platform: Platform, folder: string, entry: Case): Promise<unknown> {
  const source = (name: string): Promise<unknown> => platform.source(`${folder}/${name}`);
  return typeof entry.model === 'string' ? source(entry.model) : Promise.all(entry.model.map(source));
}

async function checkAnswers(
  platform: Platform,
  folder: string,
  entry: Case,
  source: unknown,
  outcome: Outcome,
): Promise<void> {
  const failures = outcome.failures;
  let model: Opened;
  try {
    if (entry.parts) {
      outcome.checks++;
      const offered = partNames((await platform.open(source)).parts);
      const absent = entry.parts.filter((part) => !offered.includes(part));
      if (absent.length > 0) failures.push(`parts ${absent.join(', ')} not offered (has ${offered.join(', ')})`);
    }
    model = await platform.open(source, entry.pick === undefined ? {} : { pick: entry.pick });
  } catch (error) {
    outcome.checks++;
    failures.push(`open: ${describe(error)}`);
    return;
  }
  if (typeof entry.model === 'string') {
    outcome.checks++;
    if (model.format !== entry.format) failures.push(`format is ${model.format}, should be ${entry.format}`);
  }
  for (const expectation of entry.expect) {
    outcome.checks++;
    const name = `${expectation.method}(${expectation.input})`;
    const verdict = emptyVerdict();
    try {
      if (!model.methods.includes(expectation.method)) throw new Error('not among the methods offered');
      const input = await readInput(platform, folder, entry, expectation.input);
      const answer = await model.run(expectation.method, input);
      compare(plain(answer), await readExpected(platform, `${folder}/${expectation.file}`), expectation, verdict);
    } catch (error) {
      verdict.wrong++;
      verdict.first ??= describe(error);
    }
    if (verdict.first !== undefined) failures.push(`${name}: ${verdict.first}; ${verdict.wrong} wrong`);
    outcome.values += verdict.values;
    outcome.wrong += verdict.wrong;
    outcome.largest = Math.max(outcome.largest, verdict.largest);
  }
}

async function checkRefusal(
  platform: Platform,
  folder: string,
  entry: Case,
  refuse: NonNullable<Case['refuse']>,
  outcome: Outcome,
): Promise<void> {
  outcome.checks++;
  try {
    const model = await platform.open(await sources(platform, folder, entry));
    await model.run(refuse.method, await readInput(platform, folder, entry, refuse.input));
    outcome.failures.push(`${refuse.method} answered; it should have been refused`);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === undefined || !refuse.codes.includes(code))
      outcome.failures.push(`refused with ${describe(error)}; the code should be ${refuse.codes.join(' or ')}`);
    else if (!message.includes(refuse.says))
      outcome.failures.push(`the refusal does not mention ${JSON.stringify(refuse.says)}: ${message}`);
  }
}

function partNames(parts: unknown): string[] {
  const entries: unknown[] =
    parts instanceof Map ? [...parts.keys()] : Array.isArray(parts) ? parts : Object.keys(parts as object);
  return entries.map((part) =>
    typeof part === 'object' && part !== null && 'path' in part ? String(part.path) : String(part),
  );
}

async function readInput(platform: Platform, folder: string, entry: Case, name: string): Promise<unknown> {
  const input = entry.inputs[name];
  if (!input) throw new Error(`the case has no input ${name}`);
  const path = `${folder}/${input.file}`;
  return path.endsWith('.npy') ? readNpy(await platform.read(path)) : readJson(platform, path);
}

async function readExpected(platform: Platform, path: string): Promise<unknown> {
  if (path.endsWith('.npy')) return expectedFromNpy(readNpy(await platform.read(path)));
  const value = await readJson(platform, path);
  return typeof value === 'object' && value !== null && 'tuple' in value ? value.tuple : value;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${'code' in error ? String(error.code) : error.name}: ${error.message}`;
}
