import { BrineError, formatNames, identify, type Identity, type Model } from '@brine/core';
import {
  answererOf,
  answersText,
  makeProbe,
  record,
  verifyAnswerers,
  type Answerer,
  type AnswersFile,
  type SampleGroup,
  type VerifyReport,
} from '@brine/core/tools';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openOutput, openTable, type TableReader } from '../../data/index.js';
import { withEngine } from '../../engine/index.js';
import { fileSource } from '../../source/file.js';
import { colours } from '../../terminal/colours.js';
import { startProgress } from '../../terminal/progress.js';
import { formatCount } from '../../terminal/units.js';
import { safe } from '../../terminal/width.js';
import { UsageError } from '../failure.js';
import { complain, print, printJson, type Io } from '../io.js';
import { isFolder, openModels, type OpenedModel } from '../models.js';
import { version } from '../version.js';
import { readExpected, type Expected } from './expected.js';
import { reportLines } from './report.js';
import { tableBlocks } from './rows.js';

export interface VerifyCommandOptions {
  readonly data?: string;
  readonly method?: readonly string[];
  readonly rtol?: number;
  readonly atol?: number;
  readonly save?: string;
  readonly engine?: string;
  readonly drop?: readonly string[];
  readonly ignoreExtra?: boolean;
  readonly header?: boolean;
  readonly json?: boolean;
}

/** Rows at a time of a data file. */
const BATCH = 4096;
/** Cells of a data file that are kept with its answers; of a larger one its hash is. */
const KEPT_CELLS = 200_000;

/** `brine verify A B|EXPECTED`: exit 0 where both answer alike, 1 where they differ. */
export async function verify(files: readonly string[], options: VerifyCommandOptions, io: Io): Promise<number> {
  const [a, b] = files;
  const alone = options.save !== undefined || options.engine !== undefined;
  if (a === undefined || (b === undefined && !alone) || files.length > 2)
    throw new UsageError(
      files.length > 2 ? `verify compares two files, not ${files.length}` : 'verify needs two files',
      'brine verify MODEL OTHER_MODEL, or brine verify MODEL ANSWERS, or brine verify MODEL --save ANSWERS.json',
    );
  const open: { close(): Promise<void> }[] = [];
  try {
    const first = await openOne(a, open);
    if (b === undefined) return await single(a, first, options, io, open);
    if (await isTable(b)) return await againstExpected(a, b, first, options, io, open);
    if (await isTable(a)) throw new UsageError(`${a} is no model`, `the model comes first: brine verify ${b} ${a}`);
    const second = await openOne(b, open);
    const [left, right] = [await engaged(first, options, open), await engaged(second, options, open)];
    const names = namesOf(a, b);
    const [x, y] = [answererOf(left, names[0]), answererOf(right, names[1])];
    return await compare(x, y, await rowsFor(a, left, right, options, io, open), options, io);
  } finally {
    for (const each of open.reverse()) await each.close();
  }
}

async function openOne(path: string, open: { close(): Promise<void> }[]): Promise<Model> {
  const opened: OpenedModel = await openModels([path]);
  open.push(opened);
  if (opened.model.methods.length === 0) {
    const { obstacle, parts } = opened.model;
    if (obstacle !== undefined) throw new BrineError('UNKNOWN_CLASS', obstacle, { file: path });
    const inside = parts.slice(0, 5).map((p) => `${p.path} (${p.name})`);
    throw new BrineError(
      'NOT_A_MODEL',
      inside.length > 0
        ? `the file is no model itself, but holds ${inside.join(', ')}`
        : 'the file holds no model that can be run',
      { file: path },
    );
  }
  return opened.model;
}

/** The model as an engine runs it, where one is asked for and it is a graph. */
async function engaged(
  model: Model,
  options: VerifyCommandOptions,
  open: { close(): Promise<void> }[],
): Promise<Model> {
  if (options.engine === undefined || model.inputs.kind !== 'tensors') return model;
  const engine = await withEngine(model, options.engine);
  open.push(engine);
  return engine;
}

/** One file: what it answers is kept, or it is held against an engine's answers to its ONNX. */
async function single(
  path: string,
  model: Model,
  options: VerifyCommandOptions,
  io: Io,
  open: { close(): Promise<void> }[],
): Promise<number> {
  const name = basename(path);
  if (options.engine !== undefined) {
    const engine = await withEngine(model, options.engine);
    open.push(engine);
    const rows = await rowsFor(path, model, engine, options, io, open);
    return compare(answererOf(model, name), answererOf(engine, options.engine), rows, options, io);
  }
  const rows = await rowsFor(path, model, undefined, options, io, open);
  await save(path, model, rows, options, io);
  return 0;
}

interface Rows {
  readonly blocks: Iterable<SampleGroup> | AsyncIterable<SampleGroup>;
  readonly said: readonly string[];
  /** The data file, or nothing where the rows were made. */
  readonly data: string | undefined;
  readonly reader: TableReader | undefined;
  readonly model: Model;
  readonly path: string;
}

async function rowsFor(
  path: string,
  a: Model,
  b: Model | undefined,
  options: VerifyCommandOptions,
  io: Io,
  open: { close(): Promise<void> }[],
): Promise<Rows> {
  if (options.data === undefined) {
    const probe = await makeProbe(a, b);
    return {
      blocks: probe.groups,
      said: madeSentences(probe.rows, probe.made),
      data: undefined,
      reader: undefined,
      model: a,
      path,
    };
  }
  // The one that knows columns by name says which are meant.
  const knowing = b !== undefined && a.inputs.kind === 'tensors' && b.inputs.kind !== 'tensors' ? b : a;
  const reader = await openTable(options.data, {
    stdin: io.stdin,
    expectedNames: knowing.inputs.names ?? [],
    ...(options.header === false ? { header: false } : {}),
  });
  open.push(reader);
  for (const note of reader.notes) complain(io, colours(io.stderr, io.env).dim(`note: ${safe(note)}`));
  return {
    blocks: tableBlocks(knowing, reader, options, BATCH),
    said: [`of ${options.data}`],
    data: options.data,
    reader,
    model: a,
    path,
  };
}

function madeSentences(rows: number, made: readonly string[]): string[] {
  return [
    `${formatCount(rows)}, made from what the files tell (no --data was given):`,
    ...made.map((line) => `  ${line}`),
  ];
}

async function againstExpected(
  path: string,
  expectedPath: string,
  opened: Model,
  options: VerifyCommandOptions,
  io: Io,
  open: { close(): Promise<void> }[],
): Promise<number> {
  if (options.save !== undefined) throw new UsageError('--save writes answers; the second file already is one');
  const model = await engaged(opened, options, open);
  const expected: Expected = await readExpected(expectedPath, model, methodsOf(options) ?? []);
  const [name, answers] = namesOf(path, expectedPath);
  const who = answererOf(model, name);
  if (expected.kind === 'arrays') {
    if (options.data === undefined)
      throw new UsageError(
        `${basename(expectedPath)} holds answers, but not the rows they answer`,
        'say which with --data',
      );
    const rows = await rowsFor(path, model, undefined, options, io, open);
    return compare(expected.answerer, who, { ...rows, said: [...rows.said, ...expected.notes] }, options, io);
  }
  const { file } = expected;
  const groups = expected.answerer.groups;
  const tolerance = { ...file.tolerance, ...defined({ rtol: options.rtol, atol: options.atol }) };
  const merged = { ...options, ...tolerance };
  if (groups !== undefined && options.data === undefined) {
    const said = [
      `${formatCount(groups.reduce((n, g) => n + g.samples.rows, 0))}, kept in ${answers} with the answers of ${file.model.file}`,
    ];
    return compare(
      expected.answerer,
      who,
      { blocks: groups, said, data: undefined, reader: undefined, model, path },
      merged,
      io,
    );
  }
  if (options.data === undefined)
    throw new UsageError(
      `${answers} was recorded on ${file.data?.file ?? 'a data file'}, which it does not hold`,
      `give it again: --data ${file.data?.file ?? 'FILE'}`,
    );
  if (file.data !== undefined && (await sha256Of(options.data)) !== file.data.sha256)
    throw new BrineError('BAD_INPUT', `this is not the file that ${answers} was recorded on (its SHA-256 is another)`, {
      file: options.data,
    });
  return compare(expected.answerer, who, await rowsFor(path, model, undefined, options, io, open), merged, io);
}

function defined<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, v]) => v !== undefined)) as Partial<T>;
}

async function compare(a: Answerer, b: Answerer, rows: Rows, options: VerifyCommandOptions, io: Io): Promise<number> {
  const progress = startProgress({
    label: 'verify',
    total: rows.reader?.rowCount,
    unit: 'rows',
    stream: io.stderr,
    env: io.env,
  });
  let report: VerifyReport;
  try {
    report = await verifyAnswerers(a, b, rows.blocks, {
      methods: methodsOf(options),
      rtol: options.rtol,
      atol: options.atol,
      keep: rows.data === undefined,
      progress: (n) => {
        progress.update(n, `${formatCount(n)} rows`);
      },
    });
  } finally {
    progress.finish();
  }
  if (options.json === true) await printJson(io, jsonOf(a, b, rows, report));
  else {
    const said =
      rows.data === undefined ? rows.said : [`${formatCount(report.rows)} ${rows.said[0]}`, ...rows.said.slice(1)];
    const lines = reportLines(
      report,
      { a: a.name, b: b.name, rows: said, data: rows.data },
      colours(io.stdout, io.env),
    );
    await print(io, `${lines.join('\n')}\n`);
  }
  if (options.save !== undefined) await save(rows.path, rows.model, await again(rows, options, io), options, io);
  return report.same ? 0 : 1;
}

/** The rows once more, for what is kept after comparing. */
async function again(rows: Rows, options: VerifyCommandOptions, io: Io): Promise<Rows> {
  return rows.data === undefined ? rows : rowsFor(rows.path, rows.model, undefined, options, io, []);
}

function jsonOf(a: Answerer, b: Answerer, rows: Rows, report: VerifyReport): unknown {
  return {
    same: report.same,
    a: a.name,
    b: b.name,
    rows: report.rows,
    ...(rows.data === undefined ? { made: rows.said } : { data: rows.data }),
    methods: report.methods,
    notes: report.notes,
  };
}

/** `--method a,b` and `--method a --method b`. */
function methodsOf(options: VerifyCommandOptions): string[] | undefined {
  const all = (options.method ?? []).flatMap((m) => m.split(',')).map((m) => m.trim());
  return all.length === 0 ? undefined : all;
}

async function save(path: string, model: Model, rows: Rows, options: VerifyCommandOptions, io: Io): Promise<void> {
  const target = options.save!;
  const width = Math.max(1, model.inputs.names?.length ?? model.inputs.features ?? 1);
  const large =
    rows.reader !== undefined && (rows.reader.rowCount ?? (rows.reader.bytes ?? 0) / 4) * width > KEPT_CELLS;
  const blocks = await record(answererOf(model, basename(path)), rows.blocks, methodsOf(options), !large);
  if (!blocks.some((b) => b.answers.size > 0))
    throw new BrineError(
      'BAD_INPUT',
      `the model answered none of the rows: ${[...(blocks[0]?.refused.values() ?? ['there are none'])][0]}`,
      { file: path },
    );
  const { versions, format } = model.describe();
  const file: AnswersFile = {
    brine: version,
    model: { file: basename(path), format, sha256: await sha256Of(path), versions },
    tolerance: defined({ rtol: options.rtol, atol: options.atol }),
    made: rows.data === undefined ? rows.said : [],
    data: rows.data === undefined ? undefined : { file: basename(rows.data), sha256: await sha256Of(rows.data) },
    blocks,
  };
  const output = await openOutput(target, false, io.stdout);
  try {
    await output.write(new TextEncoder().encode(answersText(file)));
    await output.finish();
  } catch (error) {
    await output.abort();
    throw error;
  }
  const count = blocks.reduce((n, b) => n + b.rows, 0);
  complain(
    io,
    `the answers to ${formatCount(count)} rows are kept in ${safe(target)}; check with: brine verify MODEL ${safe(target)}`,
  );
}

async function sha256Of(path: string): Promise<string> {
  if (isFolder(path) || path === '-') return '';
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Whether a file holds answers rather than a model. */
async function isTable(path: string): Promise<boolean> {
  if (isFolder(path)) return false;
  const source = await fileSource(path);
  try {
    const identity: Identity = await identify(source, path);
    if (tables.has(identity.format)) return true;
    // A table of one column looks like any text.
    const named = /\.(csv|tsv|json|jsonl|ndjson|npy|npz|parquet|arrow|feather)(\.gz)?$/i.test(path);
    if (named && ['unknown', 'text', 'empty'].includes(identity.format)) return true;
    if (identity.format === 'text' || identity.format === 'html' || identity.format === 'xlsx')
      throw new BrineError(
        'UNKNOWN_FORMAT',
        `this is ${formatNames[identity.format]}, neither a model nor recorded answers`,
        { file: path },
      );
    return false;
  } finally {
    await source.close?.();
  }
}

const tables = new Set(['csv', 'json', 'jsonl', 'npy', 'npz', 'parquet', 'arrow']);

/** File names, or paths where the names are the same. */
function namesOf(a: string, b: string): [string, string] {
  const [x, y] = [basename(a), basename(b)];
  return x === y ? [a, b] : [x, y];
}
