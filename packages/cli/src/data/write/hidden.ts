import { basename, dirname, join } from 'node:path';

/**
 * A name beside `path` for what becomes it once it is finished. It is made so that it must not exist yet: whoever guesses
 * it can make that fail, and nothing else. (node:crypto, whose random bytes nobody guesses, takes 4 ms to load.)
 */
export function hiddenBeside(path: string): string {
  const random = Array.from({ length: 2 }, () => Math.random().toString(36).slice(2, 8).padEnd(6, '0')).join('');
  return join(dirname(path), `.${basename(path)}.${random}.part`);
}
