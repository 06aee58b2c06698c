/** In which format and compression a model is written, as options or the name of the output say it. */
import type { Encoding } from '@brine/core';
import { type Target, targetNamed, targetOfName, targets } from '@brine/core/convert';
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { didYouMean, nearest } from '../terminal/suggest.js';
import { safe } from '../terminal/width.js';
import { UsageError } from './failure.js';

/** One compression, as `--compress` names it. */
export interface Compression {
  readonly compress: Encoding | 'none';
  readonly level?: number;
}

interface Given {
  readonly to?: string | undefined;
  readonly compress?: string | undefined;
}

/** The format and the compression that options ask for, or the name of the output. */
export function chosenTarget(
  to: string | undefined,
  options: Given,
): { target: Target; compress: Compression | Record<string, never> } {
  const named = to === undefined || to === '-' ? undefined : targetOfName(to);
  const target = options.to === undefined ? named?.target : targetNamed(options.to);
  if (!target) throw unnamed(to);
  const given = options.compress === undefined ? undefined : parseCompress(options.compress);
  const inName = named?.compress;
  if (to !== undefined && inName !== undefined) {
    const bare = to.slice(0, to.lastIndexOf('.'));
    if (target.name === 'skops' || target.name === 'npz') {
      throw new UsageError(
        `${safe(to)}: ${target.name} files are compressed inside, and nothing reads one that is packed as a whole`,
        `name it ${safe(bare)}`,
      );
    }
    if (given && given.compress !== inName) {
      throw new UsageError(
        `--compress ${safe(options.compress ?? '')}, and the name ${safe(to)} says ${inName}`,
        `name it ${safe(bare)}: what reads it looks at the content`,
      );
    }
  }
  return { target, compress: given ?? (inName === undefined ? {} : { compress: inName }) };
}

/** Extensions of compressions that are read, and not written. */
const NOT_WRITTEN = ['bz2', 'zst', 'lzma', 'zip', '7z'];

/** No format: what the user may have meant. */
function unnamed(to: string | undefined): UsageError {
  const known = targets.map((t) => `.${t.extensions[0]}`).join(', ');
  const all = `there are ${known}; or --to ${targets.map((t) => t.name).join('|')}`;
  if (to === undefined || to === '-') return new UsageError('which format? --to says it', all);
  if (statSync(to, { throwIfNoEntry: false })?.isDirectory() === true)
    return new UsageError(`${safe(to)} is a folder`, `name the file in it, such as ${safe(join(to, 'model.joblib'))}`);
  const extension = basename(to).toLowerCase().split('.').slice(1).at(-1) ?? '';
  if (NOT_WRITTEN.includes(extension))
    return new UsageError(
      `the extension of ${safe(to)} is of no format that is written: ${extension} is read only`,
      'compressed files are written as .joblib.gz, .joblib.xz (the smallest) or .joblib.lz4',
    );
  const near = nearest(
    extension,
    targets.flatMap((t) => t.extensions),
  );
  return new UsageError(
    `the extension of ${safe(to)} is of no format that is written${near === undefined ? '' : ` (did you mean .${near}?)`}`,
    all,
  );
}

const ENCODINGS: readonly string[] = ['none', 'zlib', 'gzip', 'lz4', 'xz'];

/** What others call them. */
const ALIASES: Readonly<Record<string, string | undefined>> = { gz: 'gzip', z: 'zlib', deflate: 'zlib', lzma: 'xz' };

function parseCompress(text: string): Compression {
  const [name, level, ...rest] = text.split(':');
  if (name === 'best' || name === 'auto') {
    throw new UsageError(
      text === name
        ? `--compress ${name} is for \`brine convert\``
        : `--compress ${safe(text)}: ${name} takes no level`,
    );
  }
  const known = ENCODINGS.includes(name);
  if (!known || rest.length > 0 || (level !== undefined && !/^[1-9]$/.test(level)) || (name === 'none' && level)) {
    const alias = Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined;
    const meant = known ? '' : alias ? ` (did you mean "${alias}"?)` : didYouMean(name, [...ENCODINGS, 'best', 'auto']);
    throw new UsageError(
      `--compress ${safe(text)}${meant}: there are ${ENCODINGS.join(', ')}, and levels from 1 to 9 as in zlib:6`,
      '`brine convert` also takes best (the smallest) and auto (small, and quick to load)',
    );
  }
  return { compress: name as Encoding | 'none', ...(level === undefined ? {} : { level: Number(level) }) };
}
