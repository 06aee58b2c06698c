import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Io } from '../src/commands/io.js';
import { run } from '../src/commands/program.js';

/** A path in fixtures/. Of a case's model only the folder counts: how it was written is the fixtures' own affair. */
export function fixture(path: string): string {
  const full = fileURLToPath(new URL(`../../../fixtures/${path}`, import.meta.url));
  if (existsSync(full) || !basename(full).startsWith('model.')) return full;
  const name = readdirSync(dirname(full)).find((entry) => entry.startsWith('model.'));
  return name === undefined ? full : join(dirname(full), name);
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

class Sink extends Writable {
  text = '';
  readonly columns = 100;
  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: () => void): void {
    this.text += Buffer.from(chunk).toString();
    done();
  }
}

/** Runs a command line in this process. */
export async function brine(words: readonly string[], stdin = ''): Promise<Ran> {
  const stdout = new Sink();
  const stderr = new Sink();
  const io: Io = { stdin: Readable.from([Buffer.from(stdin)]), stdout, stderr, env: {}, closed: false };
  const code = await run(words, io);
  return { code, out: stdout.text, err: stderr.text };
}

/** A folder for one test file. */
export class Scratch {
  readonly path = mkdtempSync(join(tmpdir(), 'brine-test-'));

  at(name: string): string {
    return join(this.path, name);
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.at(name), content);
    return this.at(name);
  }

  /** Characters as bytes, one each. */
  bytes(name: string, content: string): string {
    return this.write(name, Buffer.from(content, 'latin1'));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
