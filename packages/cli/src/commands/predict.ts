import { BrineError, type Model } from '@brine/core';
import {
  type Batch,
  type TableFormat,
  type TableReader,
  type TableWriter,
  formatOfName,
  openTable,
  openWriter,
} from '../data/index.js';
import { colours } from '../terminal/colours.js';
import { startProgress } from '../terminal/progress.js';
import { formatCount } from '../terminal/units.js';
import { safe } from '../terminal/width.js';
import { UsageError, hinted, plainMessage } from './failure.js';
import { HeldOutput } from './held-output.js';
import { complain, printJson, type Io } from './io.js';
import { match, typeOf } from './match-model.js';
import { modelInput } from './model-input.js';
import { openModels } from './models.js';
import { pieces, resultColumns, type ResultColumn } from './results.js';

export interface PredictOptions {
  readonly method?: string;
  readonly output?: string;
  readonly format?: TableFormat;
  readonly keep?: readonly string[];
  readonly drop?: readonly string[];
  readonly ignoreExtra?: boolean;
  readonly pick?: string;
  readonly batch?: number;
  /** What runs it, instead of brine's own runtime. */
  readonly engine?: string;
  /** False: the first line of a CSV file is data. Undefined or true: told from the content. */
  readonly header?: boolean;
  readonly delimiter?: string;
  readonly json?: boolean;
}

/** `brine predict MODEL… DATA`: streams a table through a model. Nothing is written where anything is wrong. */
export async function predict(files: readonly string[], options: PredictOptions, io: Io): Promise<number> {
  const data = files.at(-1);
  if (data === undefined || files.length < 2) {
    throw new UsageError('predict needs a model and a data file', 'brine predict MODEL… DATA [-o OUT]');
  }
  const opened = await openModels(files.slice(0, -1), options.pick === undefined ? {} : { pick: options.pick });
  try {
    const method = methodOf(opened.model, options.method);
    const model = await engaged(opened.model, method, files[0], options.engine);
    const reader = await openTable(data, {
      stdin: io.stdin,
      expectedNames: model.inputs.names ?? [],
      ...(options.header === false ? { header: false } : {}),
      ...(options.delimiter === undefined ? {} : { delimiter: unescaped(options.delimiter) }),
    });
    try {
      return await run(model, method, reader, options, io);
    } finally {
      await reader.close();
    }
  } finally {
    await opened.close();
  }
}

async function run(
  model: Model,
  method: string,
  reader: TableReader,
  options: PredictOptions,
  io: Io,
): Promise<number> {
  const output = options.output ?? '-';
  const format = options.format ?? (options.json === true && output === '-' ? 'json' : undefined);
  const { features, names, keep, notes } = match(model, reader, options);
  const written = format ?? (output === '-' ? 'csv' : formatOfName(output));
  // Text stays as it is spelled (007, 1.50) from text to text.
  const verbatim = (reader.format === 'csv' || reader.format === 'tsv') && (written === 'csv' || written === 'tsv');
  const wanted = [
    ...features.map((name, i) => ({ name, type: typeOf(model, names[i], i) })),
    ...keep.map((name) => ({ name, type: verbatim ? ('as-is' as const) : ('auto' as const) })),
  ];
  const dim = colours(io.stderr, io.env).dim;
  for (const note of [...reader.notes, ...notes]) complain(io, dim(`note: ${safe(note)}`));

  const { rowCount, bytes } = reader;
  const total = rowCount ?? bytes;
  const progress = startProgress({
    label: method,
    total,
    unit: rowCount === undefined ? 'bytes' : 'rows',
    stream: io.stderr,
    env: io.env,
  });
  const held = new HeldOutput(io);
  let writer: TableWriter | undefined;
  let featureNames: readonly string[] | undefined;
  let rows = 0;
  let columns: string[] = [];
  try {
    for await (const batch of reader.batches({ size: options.batch ?? 8192, columns: wanted })) {
      if (io.closed) break;
      const input = modelInput(model, batch, features.length, names);
      const answer = await answerOf(model, method, input, batch, reader.name);
      featureNames ??= await featureNamesOf(model, method, input);
      const results = resultColumns(answer, { model, method, rows: batch.length, featureNames });
      const kept = keep.map((name, i): ResultColumn => {
        const at = features.length + i;
        return { name, values: batch.columns[at], type: batch.types[at] };
      });
      columns = [...kept, ...results].map((column) => column.name);
      if (rows === 0) checkNames(keep, results);
      writer ??= await openWriter(output, {
        stdout: held,
        matrix: results.length > 1,
        ...(format === undefined ? {} : { format }),
      });
      for (const piece of pieces([...kept, ...results], batch.length)) await writer.write(piece);
      rows += batch.length;
      progress.update(rowCount === undefined ? reader.bytesRead : rows, `${formatCount(rows)} rows`);
      if (writer.closed) break;
    }
    await writer?.finish();
    await held.flushed;
  } catch (error) {
    held.discard();
    await writer?.abort();
    throw error;
  } finally {
    progress.finish();
  }
  if (output !== '-') {
    if (options.json === true) await printJson(io, { output, method, rows, columns });
    else complain(io, `${formatCount(rows)} rows written to ${safe(output)}`);
  }
  return 0;
}

/** The model as an engine runs it, where one is asked for. */
async function engaged(model: Model, method: string, path: string, engine: string | undefined): Promise<Model> {
  if (engine === undefined) return model;
  const { methodWithEngine } = await import('../engine/index.js');
  return methodWithEngine(model, method, engine, path);
}

/** What is asked for, or what a model is for. Throws NO_METHOD. */
function methodOf(model: Model, asked: string | undefined): string {
  const { methods } = model;
  if (asked !== undefined) {
    // The model's own sentence says why there is none.
    if (methods.length === 0 || methods.includes(asked)) return asked;
    throw new BrineError(
      'NO_METHOD',
      `the model does not offer ${JSON.stringify(asked)}; it has ${methods.join(', ')}`,
    );
  }
  const usual = ['predict', 'transform', 'run'].find((name) => methods.includes(name));
  if (usual !== undefined) return usual;
  if (methods.length === 0) {
    const { parts } = model;
    if (parts.length === 0) return 'predict';
    const list = parts.slice(0, 8).map((part) => `${part.path} (${part.name})`);
    if (model.obstacle !== undefined)
      throw hinted(
        new BrineError('UNKNOWN_CLASS', model.obstacle),
        `what it holds can be run by itself: ${list.join(', ')}: --pick '${parts[0].path}'`,
      );
    throw hinted(
      new BrineError('NOT_A_MODEL', `the file is no model itself, but holds ${list.join(', ')}`),
      `choose one: --pick '${parts[0].path}'`,
    );
  }
  throw new UsageError(`say with --method what to compute: ${methods.join(', ')}`);
}

/** The answer for one batch; errors name the rows of the table, not of the batch. */
async function answerOf(
  model: Model,
  method: string,
  input: Parameters<Model['run']>[1],
  batch: Batch,
  file: string,
): ReturnType<Model['run']> {
  try {
    return await model.run(method, input);
  } catch (error) {
    if (!(error instanceof BrineError) || error.code !== 'BAD_INPUT') throw error;
    // The library counts the rows of what it is given from 0; tables are counted from 1, by whole files.
    const message = plainMessage(error).replace(
      /\brow (\d+)\b/,
      (_, row: string) => `row ${batch.firstRow + Number(row) + 1}`,
    );
    throw new BrineError(error.code, message, { file }, { cause: error });
  }
}

/** What the columns of a transformer's answer are called; none where it cannot say. */
async function featureNamesOf(
  model: Model,
  method: string,
  input: Parameters<Model['run']>[1],
): Promise<readonly string[]> {
  if (method !== 'transform' || !model.methods.includes('get_feature_names_out')) return [];
  try {
    const names = await model.run('get_feature_names_out', input);
    return 'data' in names ? Array.from(names.data as ArrayLike<unknown>, String) : [];
  } catch (error) {
    if (error instanceof BrineError) return [];
    throw error;
  }
}

function checkNames(keep: readonly string[], results: readonly ResultColumn[]): void {
  const twice = results.find((column) => keep.includes(column.name));
  if (twice !== undefined) {
    throw new BrineError(
      'BAD_INPUT',
      `the column ${JSON.stringify(twice.name)} is kept and is a result, too; rename it in the table`,
    );
  }
}

/** A tab is hard to type on a command line. */
function unescaped(delimiter: string): string {
  return delimiter === '\\t' || delimiter === 'tab' ? '\t' : delimiter;
}
