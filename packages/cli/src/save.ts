import { BrineError } from '@brine/core/bytes';
import type { Conversion } from '@brine/core/convert';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Done, written } from './commands/model-output.js';

export interface SaveOptions {
  /** Replaces what is there; otherwise nothing that exists is touched. */
  readonly overwrite?: boolean;
  /** False: the output is not read back and compared before it is put in place. */
  readonly verify?: boolean;
}

/**
 * Writes a conversion to `path`, and the files that belong beside it: under other names first, then read back and
 * compared, and only then put in place. After a failure nothing is left, and what stood there still does.
 *
 *     await save(await convert(await open('model.pkl'), targetNamed('skops')), 'model.skops');
 *
 * Throws BrineError WRITE: something is there already, cannot be written, or does not read back as what went in.
 */
export async function save(conversion: Conversion, path: string, options: SaveOptions = {}): Promise<Done> {
  const files = [path, ...conversion.parts.map(({ name }) => join(dirname(path), name))];
  const there = options.overwrite === true ? undefined : files.find((file) => existsSync(file));
  if (there !== undefined) {
    throw new BrineError('WRITE', 'there is something of that name already; `overwrite: true` replaces it', {
      file: there,
    });
  }
  return written(conversion, path, { stdout: process.stdout }, options.verify);
}
