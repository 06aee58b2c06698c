import { BrineError } from '../errors.js';
import type { Value } from '../graph/tensor.js';
import { NAMES, type Answerer } from './answerer.js';
import { OutputComparer, type CompareOptions, type OutputComparison } from './compare.js';
import type { SampleGroup } from './make.js';
import { pairsOf, whole, type Pair } from './pair.js';
import { selectRows, type Samples } from './samples.js';

/** Rows that one of the two, or both, would not answer. */
export interface Refusal {
  /** The kind of rows: `missing values in age`. */
  readonly what: string;
  readonly by: 'first' | 'second' | 'both';
  readonly rows: number;
  readonly message: string;
  /** Rows that the first answers and the second does not are a difference. */
  readonly harmless: boolean;
}

export interface MethodReport {
  readonly name: string;
  readonly same: boolean;
  readonly outputs: readonly OutputComparison[];
  readonly refusals: readonly Refusal[];
}

/** Rows that were given to both, and their numbers in the report. */
export interface GivenRows {
  readonly what: string;
  readonly first: number;
  readonly samples: Samples;
}

export interface VerifyReport {
  readonly same: boolean;
  /** Rows that were given. */
  readonly rows: number;
  readonly methods: readonly MethodReport[];
  readonly notes: readonly string[];
  /** The rows themselves, where they were kept. */
  readonly given: readonly GivenRows[];
}

export interface VerifyOptions extends CompareOptions {
  readonly methods?: readonly string[] | undefined;
  /** Keeps the rows in the report (`given`): not for large files. */
  readonly keep?: boolean;
  readonly signal?: AbortSignal;
  readonly progress?: (rows: number) => void;
}

/** Runs of one group: halves of halves find which rows are refused, but not for ever. */
const MAX_RUNS = 48;

/** Rows in blocks, as they are given to both. */
export type Blocks = Iterable<SampleGroup> | AsyncIterable<SampleGroup>;

/** `data` of one's own, as blocks of rows that both are to answer. */
export function dataBlock(samples: Samples): SampleGroup {
  return { what: 'data', made: '', kind: 'usual', samples };
}

/**
 * Gives the same rows to two answerers and compares what they have in common. A block that is refused is tried in
 * halves, so that one bad row hides no others.
 * Throws NO_METHOD where they have nothing in common, and what running throws that is no refusal of an input.
 */
export async function verifyAnswerers(
  a: Answerer,
  b: Answerer,
  blocks: Blocks,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const named = options.methods === undefined || options.methods.includes(NAMES);
  const both = named && a.names !== undefined && b.names !== undefined;
  const asked = both ? options.methods?.filter((m) => m !== NAMES) : options.methods;
  const { pairs, notes } = asked?.length === 0 ? { pairs: [], notes: [] } : pairsOf(a, b, asked);
  const checks = pairs.map((pair) => new Check(pair, options));
  const given: GivenRows[] = [];
  let rows = 0;
  for await (const block of blocks) {
    for (let at: SampleGroup | undefined = block; at;) {
      const numbers = Array.from({ length: at.samples.rows }, (_, i) => rows + i);
      const refused = await runBlock(checks, a, b, at, numbers, options);
      // Refused as a whole: the same without what is often refused.
      if (refused && at.otherwise) {
        at = at.otherwise;
        continue;
      }
      for (const check of checks) check.settle();
      if (options.keep === true) given.push({ what: at.what, first: rows, samples: at.samples });
      rows += at.samples.rows;
      break;
    }
    options.progress?.(rows);
  }
  for (const { name, rows: kept } of [a, b])
    if (kept !== undefined && kept !== rows)
      throw new BrineError('AMBIGUOUS', `${name} holds the answers to ${kept} rows, the data has ${rows}`);
  if (rows === 0) throw new BrineError('BAD_INPUT', 'there are no rows to compare');
  const methods = checks.map((check) => check.report);
  if (both) methods.push(await compareNames(a, b, options));
  return { same: methods.every((m) => m.same), rows, methods, notes, given };
}

/** What both call the columns that they give: once, for it is about no rows. */
async function compareNames(a: Answerer, b: Answerer, options: VerifyOptions): Promise<MethodReport> {
  const check = new Check({ name: NAMES, a: whole(NAMES), b: whole(NAMES) }, options);
  const [x, y] = [await namesOf(a), await namesOf(b)];
  if (x.values && y.values) check.add(x.values, y.values, []);
  else {
    const samples: Samples = { kind: 'list', rows: 0, values: [] };
    check.refuse({ what: 'names of columns', made: '', kind: 'usual', samples }, x.error, y.error, 1);
    check.settle();
  }
  const { outputs, refusals } = check.report;
  const same = outputs.every((o) => o.same) && refusals.every((r) => r.harmless);
  return { name: NAMES, same, outputs, refusals };
}

async function namesOf({ names }: Answerer): Promise<Outcome> {
  try {
    return names === undefined ? {} : { values: new Map([[NAMES, await names()]]) };
  } catch (error) {
    if (!(error instanceof BrineError) || !refusals.has(error.code)) throw error;
    return { error };
  }
}

/** Fewer answers than this to a block whose rows may be made otherwise, and they are. */
const ENOUGH = 0.25;

/** True where the first answered few of the block's rows, or none, by every method. */
async function runBlock(
  checks: readonly Check[],
  a: Answerer,
  b: Answerer,
  group: SampleGroup,
  numbers: readonly number[],
  options: VerifyOptions,
): Promise<boolean> {
  let most = 0;
  const memory = new Map<string, Outcome>();
  for (const check of checks) {
    check.begin();
    let runs = 0;
    let answered = 0;
    const todo: (readonly number[])[] = [numbers];
    while (todo.length > 0) {
      if (options.signal?.aborted === true) throw new BrineError('ABORTED', 'the comparison was cancelled');
      const part = todo.pop()!;
      const samples =
        part.length === numbers.length
          ? group.samples
          : selectRows(
              group.samples,
              part.map((r) => r - numbers[0]),
            );
      runs++;
      const [x, y] = [
        await ask(a, check.pair.a.method, samples, part, memory, 'a'),
        await ask(b, check.pair.b.method, samples, part, memory, 'b'),
      ];
      const splittable =
        part.length > 1 && group.uniform !== true && samples.kind !== 'tensors' && runs + todo.length < MAX_RUNS;
      if (x.values && y.values) {
        check.add(x.values, y.values, part);
      } else if (splittable) {
        const middle = part.length >> 1;
        todo.push(part.slice(middle), part.slice(0, middle));
      } else check.refuse(group, x.error, y.error, part.length);
      if (x.values) answered += part.length;
    }
    most = Math.max(most, answered);
  }
  return most < numbers.length * ENOUGH;
}

interface Outcome {
  readonly values?: ReadonlyMap<string, Value>;
  readonly error?: BrineError;
}

/** Refusals of an input; anything else is no matter of rows, and stops the comparison. */
const refusals = new Set(['BAD_INPUT', 'UNSUPPORTED', 'LIMIT', 'CORRUPT', 'BAD_STATE', 'UNKNOWN_CLASS', 'NOT_FITTED']);

async function ask(
  who: Answerer,
  method: string,
  samples: Samples,
  rows: readonly number[],
  memory: Map<string, Outcome>,
  side: string,
): Promise<Outcome> {
  const key = `${side} ${method} ${rows[0] ?? 0} ${rows.length}`;
  const known = memory.get(key);
  if (known) return known;
  let outcome: Outcome;
  try {
    outcome = { values: await who.answer(method, samples, rows) };
  } catch (error) {
    if (!(error instanceof BrineError) || !refusals.has(error.code)) throw error;
    outcome = { error };
  }
  // A graph's one run answers for all of its outputs.
  if (who.kind === 'outputs') memory.set(key, outcome);
  return outcome;
}

/** One method's comparison, block by block. */
class Check {
  readonly pair: Pair;
  readonly #options: CompareOptions;
  readonly #comparers = new Map<string, OutputComparer>();
  readonly #refusals = new Map<string, Refusal>();
  #pending: Refusal[] = [];

  constructor(pair: Pair, options: CompareOptions) {
    this.pair = pair;
    this.#options = options;
  }

  begin(): void {
    this.#pending = [];
  }

  /** Keeps what was refused since `begin`: unless the block is tried again in another way. */
  settle(): void {
    for (const refusal of this.#pending) {
      const key = `${refusal.what}\n${refusal.by}`;
      const known = this.#refusals.get(key);
      this.#refusals.set(key, known ? { ...known, rows: known.rows + refusal.rows } : refusal);
    }
    this.#pending = [];
  }

  add(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>, rows: readonly number[]): void {
    const left = named(a, this.pair.a.take);
    const right = named(b, this.pair.b.take);
    for (const [name, value] of left) {
      const comparer = this.#comparer(name);
      const other = right.get(name);
      if (other === undefined) comparer.fail('only the first has it');
      else comparer.add(value, other, (r) => rows[r] ?? r);
    }
    for (const name of right.keys()) if (!left.has(name)) this.#comparer(name).fail('only the second has it');
  }

  #comparer(name: string): OutputComparer {
    let known = this.#comparers.get(name);
    if (!known) this.#comparers.set(name, (known = new OutputComparer(name, this.#options)));
    return known;
  }

  refuse(group: SampleGroup, a: BrineError | undefined, b: BrineError | undefined, rows: number): void {
    const by = a && b ? 'both' : a ? 'first' : 'second';
    const message = (a ?? b)?.message ?? '';
    this.#pending.push({ what: group.what, by, rows, message, harmless: by === 'both' || by === 'first' });
  }

  get report(): MethodReport {
    const outputs = [...this.#comparers.values()].map((c) => c.result);
    const refused = [...this.#refusals.values()];
    // Nothing compared is nothing verified.
    const same = outputs.length > 0 && outputs.every((o) => o.same) && refused.every((r) => r.harmless);
    return { name: this.pair.name, same, outputs, refusals: refused };
  }
}

function named(values: ReadonlyMap<string, Value>, take: (output: string) => string | undefined): Map<string, Value> {
  const out = new Map<string, Value>();
  for (const [key, value] of values) {
    const name = take(key);
    if (name !== undefined) out.set(name, value);
  }
  return out;
}
