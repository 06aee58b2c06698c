/** What commands that write models share: where to, and that it is written whole and verified. */
import type { Model, Verdict } from '@brine/core';
import { BrineError } from '@brine/core/bytes';
import type { Conversion, Verified } from '@brine/core/convert';
import { statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OutputSet } from '../data/write/output-set.js';
import { openOutput, type Output } from '../data/write/output.js';
import { fileSource } from '../source/file.js';
import { safe } from '../terminal/width.js';
import { UsageError, hinted } from './failure.js';
import type { Io } from './io.js';

/** What was written, and how that was shown to be right. */
export interface Done {
  readonly size: number;
  /** Files beside it that belong to it. */
  readonly parts: readonly { readonly file: string; readonly size: number }[];
  readonly verified: Verified | undefined;
}

/**
 * Writes beside the target, reads it back, and puts it in place if it is what went in; unless `verify` is false, which
 * leaves the reading out.
 */
export async function written(
  conversion: Conversion,
  to: string,
  io: Pick<Io, 'stdout'>,
  verify = true,
): Promise<Done> {
  if (conversion.parts.length > 0) return writtenInParts(conversion, to, verify);
  // What goes to a pipe is verified before, from a temporary file.
  const output: Output = await openOutput(to, verify, io.stdout);
  try {
    let size = 0;
    for await (const chunk of conversion.chunks()) {
      await output.write(chunk);
      size += chunk.length;
    }
    const path = verify ? await output.written() : undefined;
    const verified = path === undefined ? undefined : await readBack(conversion, path);
    await output.finish();
    return { size, parts: [], verified };
  } catch (error) {
    await output.abort();
    throw error;
  }
}

async function writtenInParts(conversion: Conversion, to: string, verify: boolean): Promise<Done> {
  const set = await OutputSet.open(to);
  try {
    const parts: Done['parts'][number][] = [];
    for (const part of conversion.parts) {
      parts.push({ file: join(dirname(to), part.name), size: await set.write(part) });
    }
    const name = basename(to);
    // Last: who finds it, finds the others.
    const size = await set.write({ name, chunks: () => conversion.chunks() });
    const verified = verify ? await readBack(conversion, set.path(name)) : undefined;
    await set.finish();
    return { size, parts, verified };
  } catch (error) {
    await set.abort();
    throw error;
  }
}

async function readBack(conversion: Conversion, path: string): Promise<Verified> {
  const source = await fileSource(path);
  try {
    return await conversion.verify(source);
  } finally {
    await source.close?.();
  }
}

const VERDICTS = ['dangerous', 'unknown', 'incomplete'] as const;

/** What `--allow` names. */
export function verdicts(given: readonly string[]): Exclude<Verdict, 'clean'>[] {
  return given.map((text) => {
    const verdict = VERDICTS.find((v) => v === text);
    if (!verdict) throw new UsageError(`--allow ${safe(text)}: there are ${VERDICTS.join(', ')}`);
    return verdict;
  });
}

/** An output never replaces the input, and nothing else unasked. */
export function checkPlaces(
  from: string,
  to: string,
  options: { readonly force?: boolean; readonly dryRun?: boolean },
): void {
  if (to === '-') return;
  const there = statSync(to, { throwIfNoEntry: false });
  if (!there) return;
  const here = from === '-' ? undefined : statSync(from, { throwIfNoEntry: false });
  if (here?.ino === there.ino && here.dev === there.dev) {
    throw new UsageError(
      'IN and OUT are the same file: the input stays as it is',
      'write to another name, and rename it',
    );
  }
  if (there.isFile() && options.force !== true && options.dryRun !== true) {
    throw hinted(new BrineError('WRITE', 'the output is there already', { file: to }), '--force overwrites it');
  }
}

/** The files beside a saved model that it was read from too, by name. */
export function partsOf(model: Model): readonly string[] {
  const artifact = 'artifact' in model ? (model.artifact as { readonly parts?: readonly string[] }) : undefined;
  return artifact?.parts ?? [];
}

/** The same for the files beside the output: they replace neither a file of the input's nor, unasked, another. */
export function checkParts(
  input: { readonly from: string; readonly parts: readonly string[] },
  to: string,
  { parts }: Conversion,
  options: { readonly force?: boolean; readonly dryRun?: boolean },
): void {
  const inputs = [input.from, ...input.parts.map((name) => join(dirname(input.from), name))];
  const outputs = [to, ...parts.map(({ name }) => join(dirname(to), name))];
  for (const output of outputs) for (const from of inputs) checkPlaces(from, output, options);
}
