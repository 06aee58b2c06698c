/**
 * Files that are read by another thread while this one still loads the code that will look at them. A model of 20 MB
 * and the code of a command take some 40 ms each.
 */
import { closeSync, openSync, read, statSync } from 'node:fs';

/** Below this many bytes it is not worth the trouble. */
const LEAST = 1024 * 1024;
/**
 * Files up to this size are read whole, into one ArrayBuffer: everything in them is then a view, and nothing waits.
 * Larger ones are read by ranges, so that a gigabyte of arrays opens at once.
 */
export const WHOLE_FILE = 64 * 1024 * 1024;

const begun = new Map<string, { readonly size: number; readonly bytes: Promise<Uint8Array | undefined> }>();

/** Begins to read a file that will be opened soon. Whatever is wrong with it is said when it is. */
export function readAhead(path: string | undefined): void {
  if (path === undefined || path === '-' || begun.has(path)) return;
  let fd: number;
  let size: number;
  try {
    const stats = statSync(path);
    // Whoever opens a pipe and goes away ends the program at its other end.
    if (!stats.isFile() || stats.size < LEAST || stats.size > WHOLE_FILE) return;
    size = stats.size;
    fd = openSync(path, 'r');
  } catch {
    return;
  }
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
  const whole = new Promise<Uint8Array | undefined>((done) => {
    read(fd, bytes, 0, size, 0, (error, count) => {
      closeSync(fd);
      done(error === null && count === size ? bytes : undefined);
    });
  });
  begun.set(path, { size, bytes: whole });
}

/** What was read of a file ahead of time; undefined where it was not, or where the file is of another size by now. */
export function takeAhead(path: string, size: number): Promise<Uint8Array | undefined> {
  const there = begun.get(path);
  begun.delete(path);
  return there?.size === size ? there.bytes : Promise.resolve(undefined);
}
