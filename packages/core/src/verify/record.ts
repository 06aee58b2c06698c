import { BrineError } from '../errors.js';
import type { Value } from '../graph/tensor.js';
import { RecordedAnswerer, type Answerer } from './answerer.js';
import type { SampleGroup } from './make.js';
import { selectRows, type Samples } from './samples.js';
import type { Blocks } from './verify.js';

/** Rows, and what a model answered to them: by method, then by output. */
export interface RecordedBlock {
  readonly what: string;
  readonly kind: SampleGroup['kind'];
  /** Undefined where the rows lie in a file of their own. */
  readonly samples: Samples | undefined;
  readonly rows: number;
  readonly answers: ReadonlyMap<string, ReadonlyMap<string, Value>>;
  /** Methods that refused these rows, and in which words. */
  readonly refused: ReadonlyMap<string, string>;
}

/** Blocks that are refused are split this often: then what refuses is kept as refused. */
const MAX_SPLITS = 32;

/**
 * What a model answers, to be kept beside it. Blocks that some method refuses are split, so that the rows which are
 * answered are kept with their answers, and the others as refused. With `keepRows` false only answers are kept.
 */
export async function record(
  who: Answerer,
  blocks: Blocks,
  methods: readonly string[] | undefined,
  keepRows = true,
): Promise<RecordedBlock[]> {
  const asked = who.kind === 'outputs' ? ['run'] : (methods ?? who.offers);
  const unknown = who.kind === 'methods' ? asked.find((m) => !who.offers.includes(m)) : undefined;
  if (unknown !== undefined)
    throw new BrineError('NO_METHOD', `${who.name} does not offer ${unknown}; it has ${who.offers.join(', ')}`);
  const out: RecordedBlock[] = [];
  for await (const block of blocks) {
    let at: SampleGroup | undefined = block;
    while (at) {
      const parts: RecordedBlock[] = await recordBlock(who, at, asked, keepRows);
      const answered = parts.reduce((n, p) => n + (p.answers.size > 0 ? p.rows : 0), 0);
      if (at.otherwise && answered * 4 < at.samples.rows) {
        at = at.otherwise;
        continue;
      }
      out.push(...parts);
      break;
    }
  }
  return out;
}

async function recordBlock(
  who: Answerer,
  group: SampleGroup,
  methods: readonly string[],
  keepRows: boolean,
): Promise<RecordedBlock[]> {
  const out: RecordedBlock[] = [];
  const todo: Samples[] = [group.samples];
  let splits = 0;
  while (todo.length > 0) {
    const samples = todo.pop()!;
    const answers = new Map<string, ReadonlyMap<string, Value>>();
    const refused = new Map<string, string>();
    for (const method of methods) {
      try {
        answers.set(method, await who.answer(method, samples, []));
      } catch (error) {
        if (!(error instanceof BrineError) || error.code === 'ABORTED') throw error;
        refused.set(method, error.message);
      }
    }
    const splittable = samples.rows > 1 && samples.kind !== 'tensors' && group.uniform !== true && splits < MAX_SPLITS;
    // Rows in a file of their own are not taken apart.
    if (refused.size > 0 && splittable && keepRows) {
      splits++;
      const rows = Array.from({ length: samples.rows }, (_, i) => i);
      const middle = rows.length >> 1;
      todo.push(selectRows(samples, rows.slice(middle)), selectRows(samples, rows.slice(0, middle)));
      continue;
    }
    out.push({
      what: group.what,
      kind: group.kind,
      samples: keepRows ? samples : undefined,
      rows: samples.rows,
      answers,
      refused,
    });
  }
  return out;
}

/** Answers that were kept, as one who answers. */
export class Recording implements Answerer {
  readonly kind: 'methods' | 'outputs';
  readonly name: string;
  readonly offers: readonly string[];
  readonly blocks: readonly RecordedBlock[];
  readonly rows: number;
  readonly #starts: number[] = [];

  constructor(blocks: readonly RecordedBlock[], name: string) {
    this.blocks = blocks;
    this.name = name;
    const methods = new Set(blocks.flatMap((b) => [...b.answers.keys(), ...b.refused.keys()]));
    this.kind = methods.has('run') ? 'outputs' : 'methods';
    const outputs = new Set(blocks.flatMap((b) => [...(b.answers.get('run')?.keys() ?? [])]));
    this.offers = this.kind === 'outputs' ? [...outputs] : [...methods];
    let start = 0;
    for (const block of blocks) {
      this.#starts.push(start);
      start += block.rows;
    }
    this.rows = start;
  }

  /** The rows that were asked, as blocks; undefined where they lie in a file of their own. */
  get groups(): SampleGroup[] | undefined {
    const out: SampleGroup[] = [];
    for (const { what, kind, samples } of this.blocks) {
      if (!samples) return undefined;
      out.push({ what, kind, samples, made: '' });
    }
    return out;
  }

  async answer(method: string, samples: Samples, rows: readonly number[]): Promise<ReadonlyMap<string, Value>> {
    const first = rows[0] ?? 0;
    let at = this.#starts.length - 1;
    while (at > 0 && this.#starts[at] > first) at--;
    const block = this.blocks[at];
    const message = block.refused.get(method);
    if (message !== undefined) throw new BrineError('BAD_INPUT', message);
    const start = this.#starts[at];
    return new RecordedAnswerer(block.answers, this.name, block.rows).answer(
      method,
      samples,
      rows.map((r) => r - start),
    );
  }
}
