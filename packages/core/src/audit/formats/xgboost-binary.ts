import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';

/**
 * XGBoost's binary form before UBJSON: fixed structures, one behind the other (src/learner.cc and src/gbm/gbtree_model.h of
 * 0.90 to 3.0). Walked to the end; the texts in it are answered.
 *
 * @throws TRUNCATED, CORRUPT, UNSUPPORTED
 */
const LEARNER = 136;
const TREES = 160;
const TREE = 148;
const NODE = 20;
const STATISTICS = 16;
const LINEAR = 136;
/** Trees of one model; texts (CWE-400). */
const MAX_TREES = 10_000_000;
const MAX_TEXT = 1 << 24;

export async function readXgboostBinary(source: Source): Promise<string[]> {
  const reader = new Reader(source);
  const texts: string[] = [];
  if ((await reader.peek(4)) === 'binf') reader.pos += 4;
  const learner = await reader.view(LEARNER);
  const hasAttributes = learner.getInt32(12, true) !== 0;
  const hasMetrics = learner.getInt32(16, true) !== 0;
  texts.push(await reader.text());
  const booster = await reader.text();
  if (booster === 'gbtree' || booster === 'dart') {
    const parameters = await reader.view(TREES);
    const trees = parameters.getInt32(0, true);
    if (!(trees >= 0 && trees <= MAX_TREES)) throw reader.corrupt(`${trees} trees`);
    for (let i = 0; i < trees; i++) {
      const tree = await reader.view(TREE);
      const nodes = tree.getInt32(4, true);
      if (!(nodes > 0)) throw reader.corrupt(`a tree of ${nodes} nodes`);
      reader.skip(nodes * (NODE + STATISTICS));
      // Leaves of several values follow, where there are any.
      if (tree.getInt32(20, true) > 0) reader.skip(4 * (await reader.length()));
    }
    reader.skip(4 * trees);
    if (booster === 'dart' && trees > 0) reader.skip(4 * (await reader.length()));
  } else if (booster === 'gblinear') {
    reader.skip(LINEAR);
    reader.skip(4 * (await reader.length()));
  } else
    throw new BrineError('UNSUPPORTED', `the booster ${JSON.stringify(booster.slice(0, 40))}`, { file: source.name });
  if (hasAttributes) {
    const count = await reader.length();
    for (let i = 0; i < count; i++) texts.push(await reader.text(), await reader.text());
  }
  // Poisson regression keeps a number as text; metrics are a list of names.
  if (texts[0] === 'count:poisson' && reader.left > 0) texts.push(await reader.text());
  if (hasMetrics) {
    const count = await reader.length();
    for (let i = 0; i < count; i++) texts.push(await reader.text());
  }
  if (reader.left > 0) throw reader.corrupt(`${reader.left} bytes behind its end`);
  return texts;
}

class Reader {
  pos = 0;
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  get left(): number {
    return this.#source.size - this.pos;
  }

  corrupt(what: string): BrineError {
    return new BrineError('CORRUPT', `XGBoost: ${what}`, { file: this.#source.name, offset: this.pos });
  }

  skip(length: number): void {
    if (!(length >= 0 && length <= this.left))
      throw new BrineError('TRUNCATED', `XGBoost: ${length} bytes where ${this.left} are left`, {
        file: this.#source.name,
        offset: this.pos,
      });
    this.pos += length;
  }

  async view(length: number): Promise<DataView> {
    const from = this.pos;
    this.skip(length);
    const bytes = await this.#source.read(from, length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }

  async peek(length: number): Promise<string> {
    if (length > this.left) return '';
    return String.fromCharCode(...(await this.#source.read(this.pos, length)));
  }

  async length(): Promise<number> {
    const n = Number((await this.view(8)).getBigUint64(0, true));
    if (n > this.left)
      throw new BrineError('TRUNCATED', `XGBoost: ${n} of something, where ${this.left} bytes are left`, {
        file: this.#source.name,
        offset: this.pos,
      });
    return n;
  }

  async text(): Promise<string> {
    const n = await this.length();
    if (n > MAX_TEXT) throw this.corrupt(`a text of ${n} bytes`);
    const view = await this.view(n);
    return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset, n));
  }
}
