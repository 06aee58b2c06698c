import { BrineError } from '@brine/core';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { NpyWriter } from './npy.js';
import { type Output, openOutput } from './output.js';
import { type WriteBatch, sameNames } from './text.js';

/** Beyond this a zip archive needs 64-bit fields, which are not written. */
const MAX_ZIP_BYTES = 2 ** 32 - 2 ** 20;

/**
 * One array for each column, in a zip archive without compression, as `numpy.savez` writes it. Each column goes
 * to a temporary file of its own; the archive is put together at the end.
 */
export class NpzWriter {
  readonly #output: Output;
  readonly #folder: string;
  #names: readonly string[] | undefined;
  #columns: NpyWriter[] = [];

  constructor(output: Output, folder: string) {
    this.#output = output;
    this.#folder = folder;
  }

  get closed(): boolean {
    return this.#output.closed;
  }

  async write(batch: WriteBatch): Promise<void> {
    if (this.#names === undefined) {
      this.#columns = await Promise.all(
        batch.names.map(async (_, i) => new NpyWriter(await openOutput(this.#path(i), true), false)),
      );
    }
    this.#names = sameNames(this.#names, batch.names);
    for (const [i, column] of this.#columns.entries()) {
      const type = batch.types?.[i];
      const only = { names: [batch.names[i]], columns: [batch.columns[i]], length: batch.length };
      await column.write(type === undefined ? only : { ...only, types: [type] });
    }
  }

  async finish(): Promise<void> {
    for (const column of this.#columns) await column.finish();
    await this.#archive();
    await this.#output.finish();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async abort(): Promise<void> {
    for (const column of this.#columns) await column.abort();
    await this.#output.abort();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #path(column: number): string {
    return join(this.#folder, `${column}.npy`);
  }

  async #archive(): Promise<void> {
    const directory: Buffer[] = [];
    let position = 0;
    for (const [i, name] of (this.#names ?? []).entries()) {
      const path = this.#path(i);
      const { size } = await stat(path);
      if (position + size > MAX_ZIP_BYTES) {
        const message = `an NPZ file of more than ${MAX_ZIP_BYTES} bytes is not written (MAX_ZIP_BYTES); write Arrow or CSV`;
        throw new BrineError('LIMIT', message, { file: this.#output.name });
      }
      let crc = 0;
      for await (const chunk of createReadStream(path)) crc = crc32(chunk as Uint8Array, crc);
      const entry = { name: Buffer.from(`${name}.npy`), size, crc, position };
      const local = localHeader(entry);
      await this.#output.write(local);
      for await (const chunk of createReadStream(path)) await this.#output.write(chunk as Uint8Array);
      directory.push(centralHeader(entry));
      position += local.length + size;
    }
    const central = Buffer.concat(directory);
    await this.#output.write(central);
    await this.#output.write(endOfDirectory(directory.length, central.length, position));
  }
}

export async function openNpzWriter(path: string, stdout?: NodeJS.WritableStream): Promise<NpzWriter> {
  const output = await openOutput(path, false, stdout);
  return new NpzWriter(output, await mkdtemp(join(tmpdir(), 'brine-')));
}

interface Entry {
  readonly name: Buffer;
  readonly size: number;
  readonly crc: number;
  readonly position: number;
}

/** What local and central headers share: version 2.0, UTF-8 names, stored, 1980-01-01, sizes (APPNOTE 4.3.7). */
function commonFields({ name, size, crc }: Entry): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x0800, 2);
  fields.writeUInt16LE(0x21, 8);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(size, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function localHeader(entry: Entry): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), commonFields(entry), entry.name]);
}

function centralHeader(entry: Entry): Buffer {
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(entry.position, 10);
  return Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), commonFields(entry), tail, entry.name]);
}

function endOfDirectory(entries: number, size: number, position: number): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(position, 16);
  return end;
}
