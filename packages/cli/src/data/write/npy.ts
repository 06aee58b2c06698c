import { BrineError } from '@brine/core';
import type { ColumnType } from '../batch.js';
import { type Output, openOutput } from './output.js';
import { type WriteBatch, sameNames } from './text.js';

type Values = WriteBatch['columns'][number];

/** Element types that are written, narrowest first within a kind. */
interface Element {
  readonly descr: string;
  readonly bytes: number;
  readonly put: (view: DataView, at: number, value: unknown) => void;
}

const elements = {
  float64: {
    descr: '<f8',
    bytes: 8,
    put: (v, at, x) => {
      v.setFloat64(at, Number(x), true);
    },
  },
  float32: {
    descr: '<f4',
    bytes: 4,
    put: (v, at, x) => {
      v.setFloat32(at, x as number, true);
    },
  },
  int64: {
    descr: '<i8',
    bytes: 8,
    put: (v, at, x) => {
      v.setBigInt64(at, BigInt(x as number), true);
    },
  },
  uint64: {
    descr: '<u8',
    bytes: 8,
    put: (v, at, x) => {
      v.setBigUint64(at, BigInt(x as number), true);
    },
  },
  bool: {
    descr: '|b1',
    bytes: 1,
    put: (v, at, x) => {
      v.setUint8(at, x === true ? 1 : 0);
    },
  },
} satisfies Record<string, Element>;

type ElementName = keyof typeof elements | 'string';

/** What a column is to numpy; undefined for what has no place in a plain array. */
function elementOf(values: Values, type: ColumnType | undefined): ElementName | undefined {
  if (values instanceof Float32Array) return 'float32';
  if (values instanceof Float64Array) return type === 'int64' || type === 'uint64' ? type : 'float64';
  if (values instanceof BigInt64Array) return 'int64';
  if (values instanceof BigUint64Array) return 'uint64';
  if (!Array.isArray(values)) return 'int64';
  const any = values as readonly unknown[];
  if (any.every((v) => typeof v === 'boolean')) return 'bool';
  if (any.every((v) => typeof v === 'string')) return 'string';
  if (any.every((v) => typeof v === 'bigint' || (typeof v === 'number' && Number.isSafeInteger(v)))) return 'int64';
  if (any.every((v) => typeof v === 'number' || typeof v === 'bigint')) return 'float64';
  return undefined;
}

/** The one element type of all columns: numbers of several kinds become float64. */
function common(batch: WriteBatch, file: string): ElementName {
  const kinds = new Set(batch.columns.map((values, c) => elementOf(values, batch.types?.[c])));
  const [first] = kinds;
  if (kinds.size === 1 && first !== undefined) return first;
  if (kinds.size > 0 && !kinds.has(undefined) && !kinds.has('string') && !kinds.has('bool')) return 'float64';
  const advice = 'an NPY file holds values of one type, none missing but NaN; write CSV, JSON or Arrow';
  throw new BrineError('BAD_ARGUMENT', kinds.size > 1 ? `${advice}, or NPZ with an array for each column` : advice, {
    file,
  });
}

/** Room for the header, which tells the number of rows and is therefore written last. */
const HEADER_BYTES = 128;

/**
 * One array: `(n,)` for one column, `(n, k)` for k, C order, format version 1.0. Numbers go to the file as they
 * come; text is held until its longest is known, for numpy gives every element as much room.
 *
 * @param matrix writes one column as `(n, 1)`
 */
export class NpyWriter {
  readonly #output: Output;
  readonly #matrix: boolean;
  #names: readonly string[] | undefined;
  #element: ElementName | undefined;
  #rows = 0;
  #texts: string[] = [];

  constructor(output: Output, matrix: boolean) {
    this.#output = output;
    this.#matrix = matrix;
  }

  get closed(): boolean {
    return this.#output.closed;
  }

  async write(batch: WriteBatch): Promise<void> {
    this.#names = sameNames(this.#names, batch.names);
    const found = common(batch, this.#output.name);
    if (this.#element === undefined) {
      this.#element = found;
      await this.#output.write(new Uint8Array(HEADER_BYTES));
    }
    const element = this.#element;
    if (found !== element && element !== 'float64') {
      const message = `a column that began as ${element} goes on as ${found}, and an NPY file holds one type; write CSV, JSON or Arrow`;
      throw new BrineError('BAD_ARGUMENT', message, { file: this.#output.name });
    }
    this.#rows += batch.length;
    if (element === 'string') {
      for (let i = 0; i < batch.length; i++) for (const values of batch.columns) this.#texts.push(values[i] as string);
      return;
    }
    const { bytes, put } = elements[element];
    const out = new Uint8Array(batch.length * batch.columns.length * bytes);
    const view = new DataView(out.buffer);
    let at = 0;
    for (let i = 0; i < batch.length; i++) {
      for (const values of batch.columns) {
        put(view, at, values[i]);
        at += bytes;
      }
    }
    await this.#output.write(out);
  }

  async finish(): Promise<void> {
    const columns = this.#names?.length ?? 1;
    const shape = columns === 1 && !this.#matrix ? `(${this.#rows},)` : `(${this.#rows}, ${columns})`;
    const element = this.#element ?? 'float64';
    if (this.#element === undefined) await this.#output.write(new Uint8Array(HEADER_BYTES));
    const descr = element === 'string' ? await this.#writeTexts() : elements[element].descr;
    await this.#output.patch(0, header(descr, shape));
    await this.#output.finish();
  }

  abort(): Promise<void> {
    return this.#output.abort();
  }

  /** UTF-32 of one width for all. */
  async #writeTexts(): Promise<string> {
    const width = this.#texts.reduce((most, text) => Math.max(most, text.length), 1);
    for (const text of this.#texts) {
      const cell = new DataView(new ArrayBuffer(4 * width));
      let at = 0;
      for (const char of text) {
        cell.setUint32(at, char.codePointAt(0)!, true);
        at += 4;
      }
      await this.#output.write(new Uint8Array(cell.buffer));
    }
    return `<U${width}`;
  }
}

/** The header of version 1.0, filled to its place with spaces. */
function header(descr: string, shape: string): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const bytes = Buffer.alloc(HEADER_BYTES, ' ');
  bytes.write('\x93NUMPY\x01\x00', 'latin1');
  bytes.writeUInt16LE(HEADER_BYTES - 10, 8);
  bytes.write(text, 10, 'latin1');
  bytes[HEADER_BYTES - 1] = 0x0a;
  return bytes;
}

export async function openNpyWriter(path: string, matrix: boolean, stdout?: NodeJS.WritableStream): Promise<NpyWriter> {
  return new NpyWriter(await openOutput(path, true, stdout), matrix);
}
