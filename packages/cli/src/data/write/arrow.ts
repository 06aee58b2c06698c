import { BrineError } from '@brine/core';
import type * as Arrow from 'apache-arrow';
import { setImmediate } from 'node:timers/promises';
import type { ColumnType } from '../batch.js';
import { type Output, openOutput } from './output.js';
import { type WriteBatch, sameNames } from './text.js';

type Values = WriteBatch['columns'][number];

type Kind = 'int64' | 'uint64' | 'float32' | 'float64' | 'text' | 'bool';

/** JavaScript's types of cells. */
const arrowKinds = new Map<string, Kind>([
  ['string', 'text'],
  ['boolean', 'bool'],
  ['number', 'float64'],
  ['bigint', 'int64'],
]);

/** Record batches as they come: an Arrow file (Feather 2), or on standard output an Arrow stream. */
export class ArrowWriter {
  readonly #output: Output;
  readonly #arrow: typeof Arrow;
  readonly #writer: Arrow.RecordBatchWriter;
  readonly #pumped: Promise<void>;
  #names: readonly string[] | undefined;
  #schema: Arrow.Schema | undefined;
  /** True while everything apache-arrow has made is written. */
  #idle = false;
  #failure: Error | undefined;
  #kinds: Kind[] | undefined;

  constructor(output: Output, arrow: typeof Arrow, stream: boolean) {
    this.#output = output;
    this.#arrow = arrow;
    this.#writer = stream ? new arrow.RecordBatchStreamWriter() : new arrow.RecordBatchFileWriter();
    this.#pumped = this.#pump().catch((error: unknown) => {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    });
  }

  get closed(): boolean {
    return this.#output.closed;
  }

  async write(batch: WriteBatch): Promise<void> {
    const { Schema, Field, RecordBatch, Struct, makeData } = this.#arrow;
    this.#names = sameNames(this.#names, batch.names);
    const kinds = batch.columns.map((values, c) => this.#kind(values, batch.types?.[c], this.#kinds?.[c]));
    this.#kinds ??= kinds;
    const changed = kinds.findIndex((kind, c) => kind !== this.#kinds?.[c]);
    if (changed >= 0) {
      const name = JSON.stringify(batch.names[changed]);
      const message = `column ${name} began as ${this.#kinds[changed]} and goes on as ${kinds[changed]}; write CSV or JSON`;
      throw new BrineError('BAD_ARGUMENT', message, { file: this.#output.name });
    }
    const vectors = batch.columns.map((values, c) => this.#vector(values, kinds[c]));
    const schema = (this.#schema ??= new Schema(batch.names.map((name, c) => new Field(name, vectors[c].type, true))));
    const children = vectors.map((vector) => vector.data[0]);
    const data = makeData({ type: new Struct(schema.fields), length: batch.length, nullCount: 0, children });
    this.#writer.write(new RecordBatch(schema, data));
    // What is made is written before more is made.
    do await setImmediate();
    while (!this.#idle && this.#failure === undefined);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async finish(): Promise<void> {
    // Without a batch there is no schema; an empty one makes a readable file.
    if (this.#schema === undefined) this.#writer.write(new this.#arrow.Table(new this.#arrow.Schema([])));
    this.#writer.finish();
    await this.#pumped;
    if (this.#failure !== undefined) throw this.#failure;
    await this.#output.finish();
  }

  async abort(): Promise<void> {
    this.#writer.abort();
    await this.#pumped;
    await this.#output.abort();
  }

  /** What a column is to Arrow. One of nothing but missing values is what it was before, or text. */
  #kind(values: Values, type: ColumnType | undefined, before: Kind | undefined): Kind {
    if (type === 'int64' || values instanceof BigInt64Array) return 'int64';
    if (type === 'uint64' || values instanceof BigUint64Array) return 'uint64';
    if (!Array.isArray(values))
      return values instanceof Float32Array ? 'float32' : values instanceof Float64Array ? 'float64' : 'int64';
    const found = new Set(
      (values as readonly unknown[]).filter((v) => v !== null && v !== undefined).map((v) => typeof v),
    );
    const [first] = found;
    if (first === undefined) return before ?? 'text';
    const kind = found.size === 1 ? arrowKinds.get(first) : undefined;
    if (kind !== undefined) return kind;
    const message = 'a column of lists, records or values of several kinds is not written as Arrow; write CSV or JSON';
    throw new BrineError('BAD_ARGUMENT', message, { file: this.#output.name });
  }

  #vector(values: Values, kind: Kind): Arrow.Vector<Arrow.DataType> {
    const { Int64, Uint64, Float32, Float64, Utf8, Bool, makeData, makeVector, vectorFromArray } = this.#arrow;
    if (Array.isArray(values)) {
      const types = { int64: Int64, uint64: Uint64, float32: Float32, float64: Float64, text: Utf8, bool: Bool };
      return vectorFromArray(values as unknown[], new types[kind]());
    }
    if (kind === 'int64') return makeVector(makeData({ type: new Int64(), data: bigs(values, BigInt64Array) }));
    if (kind === 'uint64') return makeVector(makeData({ type: new Uint64(), data: bigs(values, BigUint64Array) }));
    return values instanceof Float32Array
      ? makeVector(makeData({ type: new Float32(), data: values }))
      : makeVector(makeData({ type: new Float64(), data: values as Float64Array }));
  }

  async #pump(): Promise<void> {
    const chunks = this.#writer[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    for (;;) {
      this.#idle = true;
      const next = await chunks.next();
      this.#idle = false;
      if (next.done === true) return;
      await this.#output.write(next.value);
    }
  }
}

function bigs<T extends BigInt64Array | BigUint64Array>(values: Values, make: { from(v: Iterable<bigint>): T }): T {
  return values instanceof BigInt64Array || values instanceof BigUint64Array
    ? (values as T)
    : make.from(Array.from(values as ArrayLike<number | bigint>, BigInt));
}

export async function openArrowWriter(path: string, stdout?: NodeJS.WritableStream): Promise<ArrowWriter> {
  const arrow = await import('apache-arrow');
  return new ArrowWriter(await openOutput(path, false, stdout), arrow, path === '-');
}
