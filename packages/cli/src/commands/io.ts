import type { Readable } from 'node:stream';
import type { TerminalStream } from '../terminal/colours.js';

/** A stream that a command writes to. */
export interface OutputStream extends TerminalStream {
  write(text: string | Uint8Array, done?: () => void): boolean;
}

/** What surrounds a command, so that tests can stand in for a terminal. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: OutputStream & NodeJS.WritableStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whoever read standard output has gone: nothing more needs to be made. */
  readonly closed: boolean;
}

/** The process's own streams. A reader that goes away early (`brine dis x | head`) is no failure. */
export function processIo(): Io {
  let closed = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  });
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    get closed() {
      return closed;
    },
  };
}

/** Writes to standard output, and waits until the reader has room for more. */
export async function print(io: Io, text: string): Promise<void> {
  if (io.closed || text === '') return;
  await new Promise<void>((resolve) => {
    // The callback comes even where the write fails.
    io.stdout.write(text, () => {
      resolve();
    });
  });
}

/** Standard error: notes and complaints. */
export function complain(io: Io, text: string): void {
  io.stderr.write(`${text}\n`);
}

/** A value as indented JSON on standard output. */
export async function printJson(io: Io, value: unknown): Promise<void> {
  await print(io, `${JSON.stringify(value, (_, part: unknown) => jsonSafe(part), 2)}\n`);
}

function jsonSafe(part: unknown): unknown {
  if (typeof part === 'bigint') return Number.isSafeInteger(Number(part)) ? Number(part) : String(part);
  return part;
}
