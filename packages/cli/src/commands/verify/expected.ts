import { BrineError, type Model, type Tensor, openZip } from '@brine/core';
import { type AnswersFile, RecordedAnswerer, Recording, isAnswers, readAnswers } from '@brine/core/tools';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { openTable, type Batch } from '../../data/index.js';
import { fileSource } from '../../source/file.js';
import { UsageError } from '../failure.js';

/** Answers that were recorded: by `--save`, or by any program as arrays. */
export type Expected =
  | { readonly kind: 'saved'; readonly answerer: Recording; readonly file: AnswersFile }
  | { readonly kind: 'arrays'; readonly answerer: RecordedAnswerer; readonly notes: readonly string[] };

/** JSON is parsed whole: a file of answers that is larger belongs into NPY or CSV (CWE-770). */
const MAX_JSON = 2 ** 29;

/**
 * Reads a file of answers: what `--save` wrote, a table as `brine predict` writes it, or plain arrays (NPY, NPZ by
 * method, JSON by method or one array). `methods` says what a plain array is, where that is not plain.
 */
export async function readExpected(path: string, model: Model, methods: readonly string[]): Promise<Expected> {
  const name = basename(path);
  if (/\.json$/i.test(path)) {
    const source = await fileSource(path);
    const tooLarge = source.size > MAX_JSON;
    await source.close?.();
    if (tooLarge)
      throw new BrineError('LIMIT', `${source.size} bytes of JSON are too much to compare with; use NPY or CSV`, {
        file: path,
      });
    const json = parsed(path);
    if (isAnswers(json)) {
      const file = readAnswers(json, path);
      return { kind: 'saved', answerer: new Recording(file.blocks, name), file };
    }
    const byMethod = methodArrays(json, path);
    if (byMethod) return arrays(byMethod, name, []);
    const series = seriesOf(json, path);
    if (series) return plainly([{ name: '', named: false, values: series.data }], model, methods, name);
  }
  if (/\.npz$/i.test(path)) return npz(path, model, methods, name);
  const columns = withoutIndex(await readColumns(path));
  const named = namedColumns(columns, model);
  return named ? arrays(named, name, []) : plainly(columns, model, methods, name);
}

function plainly(columns: readonly Column[], model: Model, methods: readonly string[], name: string): Expected {
  const [method, note] = methodOf(columns.length, model, methods, name);
  return arrays(new Map([[method, stacked(columns)]]), name, note === undefined ? [] : [note]);
}

function arrays(byMethod: ReadonlyMap<string, Tensor>, name: string, notes: readonly string[]): Expected {
  const answers = new Map([...byMethod].map(([method, value]) => [method, new Map([[method, value]])]));
  return { kind: 'arrays', answerer: new RecordedAnswerer(answers, name), notes };
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BrineError('CORRUPT', `this is no JSON: ${why}`, { file: path }, { cause: error });
  }
}

/** `{ "predict": […], "predict_proba": [[…], …] }` */
function methodArrays(json: unknown, path: string): Map<string, Tensor> | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const entries = Object.entries(json);
  if (entries.length === 0 || !entries.every(([, v]) => Array.isArray(v))) return undefined;
  return new Map(entries.map(([method, value]) => [method, fromRows(value as unknown[], path)]));
}

/** `{"0": "yes", "1": "no"}`: as pandas writes a Series. */
function seriesOf(json: unknown, path: string): Tensor | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const entries = Object.entries(json);
  const plain = entries.every(([key, v], i) => key === String(i) && (typeof v !== 'object' || v === null));
  return plain && entries.length > 0
    ? fromRows(
        entries.map(([, v]) => v as unknown),
        path,
      )
    : undefined;
}

function fromRows(rows: readonly unknown[], path: string): Tensor {
  const nested = Array.isArray(rows[0]);
  const width = nested ? (rows[0] as unknown[]).length : 1;
  const flat = nested ? rows.flat() : rows;
  if (flat.length !== rows.length * width)
    throw new BrineError('BAD_INPUT', 'the rows of the recorded answers are of different lengths', { file: path });
  return tensorOf(flat, nested ? [rows.length, width] : [rows.length]);
}

/** Cells of any kind as the narrowest tensor. */
function tensorOf(cells: readonly unknown[], shape: readonly number[]): Tensor {
  const numbers = cells.every((x) => x === null || typeof x === 'number');
  if (numbers) return { dtype: 'float64', shape, data: Float64Array.from(cells, (x) => x ?? NaN) };
  if (cells.every((x) => typeof x === 'boolean'))
    return { dtype: 'bool', shape, data: Uint8Array.from(cells, (x) => (x ? 1 : 0)) };
  const text = cells.every((x) => x === null || typeof x === 'string');
  return { dtype: text ? 'string' : 'object', shape, data: cells };
}

interface Column {
  readonly name: string;
  readonly named: boolean;
  readonly values: ArrayLike<unknown>;
}

async function readColumns(path: string, array?: string): Promise<Column[]> {
  const reader = await openTable(path, array === undefined ? {} : { array });
  try {
    const names = reader.columns.filter((c) => c.index !== true).map((c) => c.name);
    const parts: Batch[] = [];
    for await (const batch of reader.batches({ size: 65_536, columns: names.map((name) => ({ name, type: 'auto' })) }))
      parts.push(batch);
    return names.map((name, c) => ({
      name,
      named: reader.named,
      values:
        parts.length === 1 ? parts[0].columns[c] : parts.flatMap((p) => Array.from(p.columns[c] as ArrayLike<unknown>)),
    }));
  } finally {
    await reader.close();
  }
}

/**
 * Without the column of row numbers that pandas writes unless told: its name is empty, and the others may be numbers,
 * so that the line of names was taken for a row.
 */
function withoutIndex(columns: readonly Column[]): readonly Column[] {
  const [first, ...rest] = columns;
  if (rest.length === 0) return columns;
  const values = Array.from(first.values);
  const missing = (v: unknown): boolean => v === null || v === undefined || v === '' || Number.isNaN(v);
  const header = !first.named && missing(values[0]) && rest.every((c, i) => Number(c.values[0]) === i);
  const unnamed = header || (first.named && (first.name === '' || first.name === 'Unnamed: 0'));
  const numbered = values.slice(header ? 1 : 0).every((v, i) => !missing(v) && Number(v) === i);
  if (!unnamed || !numbered) return columns;
  return header ? rest.map((c) => ({ ...c, values: Array.from(c.values).slice(1) })) : rest;
}

/** Several columns as one answer [n, k]; one as [n]. */
function stacked(columns: readonly Column[]): Tensor {
  const rows = columns[0].values.length;
  if (columns.length === 1) {
    const { values } = columns[0];
    if (values instanceof Float64Array) return { dtype: 'float64', shape: [rows], data: values };
    if (values instanceof Float32Array) return { dtype: 'float32', shape: [rows], data: values };
    return tensorOf(
      Array.from(values, (v) => (typeof v === 'bigint' ? Number(v) : v)),
      [rows],
    );
  }
  const narrow = columns.every((c) => c.values instanceof Float32Array);
  const cells: unknown[] = new Array(rows * columns.length);
  columns.forEach(({ values }, c) => {
    for (let r = 0; r < rows; r++) cells[r * columns.length + c] = values[r];
  });
  const made = tensorOf(cells, [rows, columns.length]);
  return narrow ? { ...made, dtype: 'float32', data: Float32Array.from(made.data as Float64Array) } : made;
}

/** What the columns that `brine predict` writes begin with, and the method that they are of. */
const prefixes: readonly (readonly [prefix: string, method: string])[] = [
  ['prediction', 'predict'],
  ['log_proba', 'predict_log_proba'],
  ['proba', 'predict_proba'],
  ['decision', 'decision_function'],
  ['score_samples', 'score_samples'],
  ['transform', 'transform'],
];

/** Columns by the names that `brine predict` gives them; undefined where there are none such. */
function namedColumns(columns: readonly Column[], model: Model): Map<string, Tensor> | undefined {
  if (!columns[0].named) return undefined;
  const out = new Map<string, Column[]>();
  for (const column of columns) {
    const method = methodOfName(column.name, model);
    if (method !== undefined) out.set(method, [...(out.get(method) ?? []), column]);
  }
  if (out.size === 0) return undefined;
  return new Map([...out].map(([method, own]) => [method, stacked(own)]));
}

function methodOfName(name: string, model: Model): string | undefined {
  const found = prefixes.find(([prefix]) => name === prefix || name.startsWith(`${prefix}_`));
  if (found) return found[1];
  return model.methods.includes(name) ? name : undefined;
}

/** What an array without names is an answer to. */
function methodOf(
  width: number,
  model: Model,
  methods: readonly string[],
  file: string,
): [method: string, note: string | undefined] {
  if (methods.length === 1) return [methods[0], undefined];
  const { classes } = model;
  const has = (m: string): boolean =>
    model.methods.length === 0 || model.methods.includes(m) || model.methods.includes('run');
  const guess =
    width === 1
      ? ['predict', 'score_samples', 'transform'].find(has)
      : classes?.length === width && has('predict_proba')
        ? 'predict_proba'
        : ['transform', 'predict'].find(has);
  if (guess === undefined)
    throw new UsageError(`${file} does not say what it records`, `say it with --method: ${model.methods.join(', ')}`);
  return [guess, `${file} does not say what it records: taken for ${guess} (say it with --method)`];
}

async function npz(path: string, model: Model, methods: readonly string[], name: string): Promise<Expected> {
  const source = await fileSource(path);
  const keys = (await openZip(source)).entries.filter((e) => e.name.endsWith('.npy')).map((e) => e.name.slice(0, -4));
  await source.close?.();
  const out = new Map<string, Tensor>();
  const notes: string[] = [];
  for (const key of keys) {
    const columns = await readColumns(path, key);
    let method: string | undefined = methodOfName(key, model);
    if (method === undefined && keys.length === 1) {
      const [guess, note] = methodOf(columns.length, model, methods, name);
      method = guess;
      if (note !== undefined) notes.push(note);
    }
    if (method === undefined) notes.push(`the array ${key} of ${name} is no method’s answer: left out`);
    else out.set(method, stacked(columns));
  }
  if (out.size === 0)
    throw new BrineError(
      'BAD_INPUT',
      `none of its arrays (${keys.join(', ') || 'none'}) is called like a method; the model has ${model.methods.join(', ')}`,
      { file: path },
    );
  return arrays(out, name, notes);
}
