import { readForPipeline, type Artifact } from '@brine/core';
import { bundle, convert, type Bundle } from '@brine/core/tools';
import { fileSource } from '../source/file.js';
import { useNodeDeflate, useNodeZlib } from '../source/platform.js';
import { colours } from '../terminal/colours.js';
import { formatBytes } from '../terminal/units.js';
import { safe } from '../terminal/width.js';
import { UsageError, hinted } from './failure.js';
import { print, printJson, type Io } from './io.js';
import { checkPlaces, verdicts, written } from './model-output.js';
import { chosenTarget } from './output-format.js';
import { filesOf, isFolder } from './models.js';

export interface BundleOptions {
  readonly output?: string;
  readonly to?: string;
  readonly givenOrder?: boolean;
  readonly dryRun?: boolean;
  readonly compress?: string;
  readonly keepUnknown: readonly string[];
  readonly allow: readonly string[];
  readonly force?: boolean;
  readonly json?: boolean;
}

/**
 * `brine bundle A B … -o OUT`: one Pipeline of the files that people leave side by side. In the order given where the
 * files do not tell one; shown before anything is written, and compared with the files applied in turn.
 */
export async function bundleCommand(paths: readonly string[], options: BundleOptions, io: Io): Promise<number> {
  const { output } = options;
  if (output === undefined && options.dryRun !== true)
    throw new UsageError('where to? -o FILE says it', 'or --dry-run, to see what would be written');
  useNodeZlib();
  useNodeDeflate();
  const chosen = output === undefined && options.to === undefined ? undefined : chosenTarget(output, options);
  const folder = paths.length === 1 && isFolder(paths[0]);
  const files = folder ? filesOf(paths[0]) : paths;
  if (files.length === 0)
    throw new UsageError(
      'the folder holds no file that may hold a model',
      '`brine bundle vectorizer.pkl model.pkl -o pipeline.joblib`',
    );
  if (output !== undefined) for (const file of files) checkPlaces(file, output, options);
  const sources = await Promise.all(files.map((file) => fileSource(file)));
  try {
    const artifacts: Artifact[] = [];
    for (const source of sources) artifacts.push(await readForPipeline(source));
    const made = await arranged(artifacts, folder, options);
    const conversion =
      chosen &&
      (await convert(made.model, chosen.target, {
        ...chosen.compress,
        keepUnknown: options.keepUnknown,
        allow: verdicts(options.allow),
      }));
    if (options.json !== true) await print(io, plan(made, io));
    let size: number | undefined;
    if (conversion && output !== undefined && options.dryRun !== true)
      size = (await written(conversion, output, io)).size;
    if (options.json === true) await printJson(io, jsonOf(made, options, chosen?.target.name, size));
    else
      await print(io, size === undefined ? 'nothing was written\n' : `${safe(output ?? '')}  ${formatBytes(size)}\n`);
    return 0;
  } finally {
    for (const source of sources) await source.close?.();
  }
}

/** By the files' own evidence; the order given settles what that leaves open, for a folder nothing does. */
async function arranged(artifacts: readonly Artifact[], folder: boolean, options: BundleOptions): Promise<Bundle> {
  if (options.givenOrder === true) return bundle(artifacts, 'given');
  try {
    return await bundle(artifacts, 'evidence', { lenient: folder });
  } catch (error) {
    const ambiguous = error instanceof Error && 'code' in error && error.code === 'AMBIGUOUS';
    if (!ambiguous) throw error;
    if (folder) throw hinted(error, 'name the files one by one, and --given-order');
    return bundle(artifacts, 'given');
  }
}

function plan({ files, verified, notes }: Bundle, io: Io): string {
  const { bold, dim, yellow } = colours(io.stdout, io.env);
  const width = Math.max(...files.map((f) => f.file.length));
  const lines = files.map(
    ({ file, what, because }, i) => `  ${i + 1}  ${safe(file.padEnd(width))}  ${safe(what)}  ${dim(safe(because))}`,
  );
  const methods = verified.methods.map((m) => m.name).join(', ');
  return [
    bold('one pipeline, in this order'),
    ...lines,
    `  compared with the files in turn: ${verified.rows} rows answered alike by ${safe(methods)}`,
    ...notes.map((note) => `  ${yellow('note')} ${safe(note)}`),
    '',
  ].join('\n');
}

function jsonOf(
  { files, verified, notes }: Bundle,
  { output }: BundleOptions,
  format: string | undefined,
  size: number | undefined,
): unknown {
  return {
    files,
    verified: { rows: verified.rows, methods: verified.methods.map((m) => m.name) },
    notes,
    output: { file: output, format, size },
    written: size !== undefined,
  };
}
