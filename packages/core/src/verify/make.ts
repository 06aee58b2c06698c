import { allocate, sizeOf, type Tensor, type Value } from '../graph/tensor.js';
import { RandomState } from '../runtime/kernels/mersenne.js';
import { around } from './edges.js';
import type { ColumnHints } from './hints.js';
import type { SampleColumn, Samples } from './samples.js';
import type { ColumnSpec, InputSpec, TensorSpec } from './spec.js';

/** Inputs of one kind. A model may refuse a kind (missing values, say), and is then tried with the others. */
export interface SampleGroup {
  /** In words: `values`, `missing values in age`, … */
  readonly what: string;
  /** What the rows are made of, as a sentence for people. */
  readonly made: string;
  readonly samples: Samples;
  /** `usual` inputs belong to what a model is for; what is `unusual` may be refused without harm. */
  readonly kind: 'usual' | 'unusual';
  /** All rows are of one sort: what is refused of them is refused of all. */
  readonly uniform?: boolean;
  /** Tried where these are refused: the same without what is often refused. */
  readonly otherwise?: SampleGroup;
}

/** Rows of values: enough to meet most thresholds, few enough to be quick. */
const MAX_ROWS = 2000;
const MIN_ROWS = 64;
const MAX_CELLS = 4_000_000;
/** Columns that get rows of their own for missing and unseen values; with more, they share. */
const OWN_GROUPS = 40;
/** The seed of what is drawn at random: the same model gets the same inputs on every machine. */
const SEED = 20_260_101;

/** With a comma behind every third digit; the platform's own way costs its first caller tens of milliseconds. */
const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
const count = (n: number, noun: string, plural = `${noun}s`): string => `${grouped(n)} ${n === 1 ? noun : plural}`;

/** Inputs for what `spec` describes: deterministic, and told in words. */
export function groupsOf(spec: InputSpec): SampleGroup[] {
  const random = new RandomState(SEED);
  if (spec.kind === 'table') return tableGroups(spec.columns, spec, random);
  return spec.kind === 'list' ? listGroups(spec, random) : tensorGroups(spec.inputs, random);
}

// ---- tables -----------------------------------------------------------------------------------------

/** What may stand in a column: known values, and how many of each kind they are. */
interface Pool {
  readonly values: readonly unknown[];
  readonly thresholds: number;
  readonly taken: number;
  readonly categories: number;
}

const USUAL_NUMBERS = [-2, -1, -0.5, 0, 0.5, 1, 2];
const USUAL_WORDS = ['a', 'b', 'A', 'é', ''];
/** Thresholds of one column that are tried, each with its neighbours. */
const MAX_THRESHOLDS = 400;

function poolOf({ type, narrow, hints }: ColumnSpec, random: RandomState): Pool {
  const words = [...hints.categories].filter((c) => typeof c === 'string');
  if (type === 'text' || (type === 'any' && words.length > 0)) {
    if (hints.text) return textPool(hints, random);
    const values = words.length > 0 ? spread(words, MAX_ROWS) : USUAL_WORDS;
    return { values, thresholds: 0, taken: 0, categories: words.length };
  }
  if (type === 'flag') return { values: [0, 1], thresholds: 0, taken: 0, categories: 0 };
  const thresholds = [...hints.thresholds].sort((x, y) => x - y);
  const taken = spread(thresholds, MAX_THRESHOLDS);
  const codes = [...hints.categories].filter((c) => typeof c === 'number');
  const numbers = new Set<number>();
  for (const t of taken) for (const x of around(t, narrow)) numbers.add(x);
  for (const x of spread([...hints.values, ...codes], MAX_ROWS)) numbers.add(narrow ? Math.fround(x) : x);
  if (thresholds.length > 0) {
    const [low, high] = [thresholds[0], thresholds[thresholds.length - 1]];
    const margin = Math.max(1, high - low) / 4;
    numbers.add(Math.fround(low - margin)).add(Math.fround(high + margin));
  }
  if (codes.length === 0 || thresholds.length > 0) {
    const [middle, scale] = scaleOf([...numbers]);
    for (const x of USUAL_NUMBERS) numbers.add(Math.fround(middle + x * scale));
    for (let i = 0; i < 9; i++) numbers.add(fit(middle + (random.double() * 4 - 2) * scale, narrow));
  }
  const values = [...numbers];
  return {
    values: type === 'integer' ? [...new Set(values.flatMap((x) => [Math.floor(x), Math.ceil(x)]))] : values,
    thresholds: thresholds.length,
    taken: taken.length,
    categories: codes.length,
  };
}

const fit = (x: number, narrow: boolean): number => (narrow ? Math.fround(x) : x);

function scaleOf(values: readonly number[]): [middle: number, scale: number] {
  if (values.length === 0) return [0, 1];
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  return [sorted[sorted.length >> 1], high > low ? (high - low) / 4 : Math.max(1, Math.abs(low) / 4)];
}

/** At most `most` of the values, spread evenly, the first and the last among them. */
function spread<T>(values: readonly T[], most: number): T[] {
  if (values.length <= most) return [...values];
  return Array.from({ length: most }, (_, i) => values[Math.round((i * (values.length - 1)) / (most - 1))]);
}

function shuffled<T>(values: readonly T[], random: RandomState): T[] {
  const out = [...values];
  for (let i = out.length - 1; i > 0; i--) {
    const k = Math.floor(random.double() * (i + 1));
    [out[i], out[k]] = [out[k], out[i]];
  }
  return out;
}

/** A column that meets every value of its pool, in an order of its own, again and again. */
function cycle(pool: Pool, rows: number, random: RandomState): unknown[] {
  const out: unknown[] = [];
  while (out.length < rows) out.push(...shuffled(pool.values, random));
  out.length = rows;
  return out;
}

const isWords = (values: readonly unknown[]): boolean => values.some((v) => typeof v === 'string');

function asColumn(spec: ColumnSpec, values: readonly unknown[]): SampleColumn {
  const text = spec.type === 'text' || isWords(values);
  return { name: spec.name, values: text ? values : Float64Array.from(values as number[]) };
}

function tableGroups(
  columns: readonly ColumnSpec[],
  spec: Extract<InputSpec, { kind: 'table' }>,
  random: RandomState,
): SampleGroup[] {
  const pools = columns.map((c) => poolOf(c, random));
  const wanted = pools.reduce((most, p) => Math.max(most, p.values.length), MIN_ROWS);
  const rows = Math.max(4, Math.min(wanted, MAX_ROWS, Math.floor(MAX_CELLS / columns.length)));
  const drawn = pools.map((pool) => cycle(pool, rows, random));
  const table = (values: readonly (readonly unknown[])[]): Samples => ({
    kind: 'table',
    rows: values[0]?.length ?? 0,
    columns: values.map((v, c) => asColumn(columns[c], v)),
  });
  const usual: SampleGroup = { what: 'values', kind: 'usual', made: valuesInWords(pools, rows), samples: table(drawn) };
  const negative = drawn.some((values) => values.some((v) => typeof v === 'number' && v < 0));
  const groups: SampleGroup[] = [
    negative ? { ...usual, otherwise: notNegative(usual, drawn, table) } : usual,
    ...heldRows(columns, spec.rows, drawn, table),
    ...missingGroups(columns, drawn, table),
    ...unseenGroups(columns, drawn, table),
  ];
  return groups;
}

type MakeTable = (values: readonly (readonly unknown[])[]) => Samples;

function notNegative(usual: SampleGroup, drawn: readonly (readonly unknown[])[], table: MakeTable): SampleGroup {
  const positive = drawn.map((values) => values.map((v) => (typeof v === 'number' ? Math.abs(v) : v)));
  return {
    ...usual,
    what: 'values that are not negative',
    made: `${usual.made}; all without their sign, for negative values are refused`,
    samples: table(positive),
    otherwise: {
      ...usual,
      what: 'positive values',
      made: `${usual.made}; all made positive, for others are refused`,
      samples: table(positive.map((values) => values.map((v) => (v === 0 ? 0.5 : v)))),
    },
  };
}

function valuesInWords(pools: readonly Pool[], rows: number): string {
  const sum = (pick: (p: Pool) => number): number => pools.reduce((total, p) => total + pick(p), 0);
  const withThresholds = pools.filter((p) => p.thresholds > 0).length;
  const withCategories = pools.filter((p) => p.categories > 0).length;
  const parts: string[] = [];
  const [thresholds, taken] = [sum((p) => p.thresholds), sum((p) => p.taken)];
  if (thresholds > 0) {
    const some =
      taken < thresholds ? `${grouped(taken)} of ${count(thresholds, 'threshold')}` : count(thresholds, 'threshold');
    parts.push(`values just below, at and just above ${some} in ${count(withThresholds, 'column')}`);
  }
  if (withCategories > 0)
    parts.push(
      `${count(
        sum((p) => p.categories),
        'category',
        'categories',
      )} of ${count(withCategories, 'column')}`,
    );
  const plain = pools.length - pools.filter((p) => p.thresholds + p.categories > 0).length;
  if (plain > 0) parts.push(`usual values in ${plain === pools.length ? 'every column' : count(plain, 'column')}`);
  return `${count(rows, 'row')}: ${parts.join('; ')}`;
}

/** Rows that a model keeps: what lies on them is at distance zero. */
function heldRows(
  columns: readonly ColumnSpec[],
  hints: Extract<InputSpec, { kind: 'table' }>['rows'],
  drawn: readonly (readonly unknown[])[],
  table: MakeTable,
): SampleGroup[] {
  if (hints.length === 0) return [];
  const values = columns.map((column, c) =>
    hints.map(({ cells }, r) => {
      const x = cells.get(c);
      if (x === undefined) return drawn[c][r % drawn[c].length];
      return column.type === 'integer' ? Math.round(x) : fit(x, column.narrow);
    }),
  );
  return [
    {
      what: 'rows that the model holds',
      kind: 'usual',
      made: `${count(hints.length, 'row')} that the model itself holds (support vectors, training points or centres)`,
      samples: table(values),
    },
  ];
}

const labelOf = (column: ColumnSpec, c: number): string =>
  column.name === undefined ? `column ${c}` : JSON.stringify(column.name);

function missingGroups(
  columns: readonly ColumnSpec[],
  drawn: readonly (readonly unknown[])[],
  table: MakeTable,
): SampleGroup[] {
  const able = columns
    .map((column, c) => ({ column, c }))
    .filter(({ column }) => ['number', 'text', 'any'].includes(column.type));
  const absent = (c: number): unknown => (isWords(drawn[c]) || columns[c].type === 'text' ? null : NaN);
  const each = Math.max(2, Math.min(8, Math.floor(400 / Math.max(1, able.length))));
  const rowsFor = (chosen: readonly number[], perColumn: number): unknown[][] =>
    drawn.map((values, c) =>
      chosen.flatMap((missing, k) =>
        Array.from({ length: perColumn }, (_, i) =>
          c === missing ? absent(c) : values[(k * perColumn + i) % values.length],
        ),
      ),
    );
  if (able.length === 0) return [];
  if (able.length > OWN_GROUPS) {
    const some = spread(able, 400);
    return [
      {
        what: 'missing values',
        kind: 'unusual',
        made: `${count(some.length, 'row')} with one value missing`,
        samples: table(
          rowsFor(
            some.map(({ c }) => c),
            1,
          ),
        ),
      },
    ];
  }
  return able.map(({ column, c }) => ({
    what: `missing values in ${labelOf(column, c)}`,
    kind: 'unusual' as const,
    made: `${count(each, 'row')} with ${labelOf(column, c)} missing`,
    uniform: true,
    samples: table(rowsFor([c], each)),
  }));
}

/** What no category is, and what looks like one: another case, a space, another alphabet. */
function unseen(hints: ColumnHints, text: boolean): unknown[] {
  const words = [...hints.categories].filter((c) => typeof c === 'string');
  if (text) {
    const near = words.slice(0, 2).flatMap((w) => [w.toUpperCase(), w.toLowerCase(), ` ${w}`]);
    return [...new Set(['unseen', 'été', '', ...near])].filter((w) => !hints.categories.has(w));
  }
  const codes = [...hints.categories].map(Number);
  return codes.length === 0
    ? []
    : [Math.max(...codes) + 1, Math.min(...codes) - 1, codes[0] + 0.5].filter((x) => !hints.categories.has(x));
}

function unseenGroups(
  columns: readonly ColumnSpec[],
  drawn: readonly (readonly unknown[])[],
  table: MakeTable,
): SampleGroup[] {
  const able = columns
    .map((column, c) => {
      const words = unseen(column.hints, isWords(drawn[c]) || column.type === 'text');
      return {
        column,
        c,
        words: column.type === 'integer' ? words.map((w) => (typeof w === 'number' ? Math.round(w) : w)) : words,
      };
    })
    .filter(({ column, words }) => column.hints.categories.size > 0 && words.length > 0 && !column.hints.text);
  return spread(able, OWN_GROUPS).map(({ column, c, words }) => ({
    what: `unseen categories in ${labelOf(column, c)}`,
    kind: 'unusual' as const,
    made: `${count(words.length, 'row')} with a category that ${labelOf(column, c)} has never held`,
    samples: table(drawn.map((values, k) => words.map((w, r) => (k === c ? w : values[r % values.length])))),
  }));
}

// ---- documents and lists ----------------------------------------------------------------------------

/** Documents of words that a vocabulary knows, and of what no vocabulary expects. */
const ODD_DOCUMENTS = [
  '',
  ' ',
  'zzzz qqqq',
  'Ünïcödé naïve café Straße ŒUVRE İstanbul',
  '日本語 текст ελληνικά',
  'e-mail: someone@example.com, 12.5% (and) don’t!',
  '1234567890 007',
  'tab\there\nand a new line',
  '😀 emoji 👍🏽',
];

function textPool(hints: ColumnHints, random: RandomState): Pool {
  const words = spread([...hints.words], 1000);
  const documents: string[] = [];
  for (let i = 0; i < 120 && words.length > 0; i++) {
    const length = 1 + Math.floor(random.double() * 14);
    const chosen = Array.from({ length }, () => words[Math.floor(random.double() * words.length)]);
    const joint = i % 5 === 4 ? ', ' : ' ';
    const text = chosen.join(joint);
    documents.push(i % 7 === 6 ? text.toUpperCase() : i % 11 === 10 ? `${text} ${text}` : text);
  }
  return { values: [...documents, ...ODD_DOCUMENTS], thresholds: 0, taken: 0, categories: hints.words.size };
}

function listGroups({ of, hints }: Extract<InputSpec, { kind: 'list' }>, random: RandomState): SampleGroup[] {
  const list = (values: readonly unknown[]): Samples => ({ kind: 'list', rows: values.length, values });
  const column = hints.columns.get(0);
  if (hints.records.length > 0)
    return [
      {
        what: 'records',
        kind: 'usual',
        made: `${count(hints.records.length, 'record')} of the names and labels that the model knows`,
        samples: list(hints.records),
      },
    ];
  const categories = [...(column?.categories ?? [])];
  if (of === 'values' || (categories.length > 0 && !column!.text)) {
    const known = spread(categories, MAX_ROWS);
    const groups: SampleGroup[] = [];
    if (known.length > 0)
      groups.push({
        what: 'labels',
        kind: 'usual',
        made: `${count(known.length, 'label')} that the model knows`,
        samples: list(known),
      });
    const strange = column
      ? unseen(
          column,
          known.some((k) => typeof k === 'string'),
        )
      : [];
    if (strange.length > 0)
      groups.push({
        what: 'unseen labels',
        kind: 'unusual',
        made: count(strange.length, 'unseen label'),
        samples: list(strange),
      });
    return groups;
  }
  const pool = textPool(column ?? emptyColumn(), random);
  const vocabulary = column?.words.size ?? 0;
  const plain = pool.values.slice(0, pool.values.length - ODD_DOCUMENTS.length);
  const groups: SampleGroup[] = [];
  if (plain.length > 0)
    groups.push({
      what: 'documents',
      kind: 'usual',
      made: `${count(plain.length, 'document')} of words from a vocabulary of ${grouped(vocabulary)}, some in upper case`,
      samples: list(plain),
    });
  groups.push({
    what: 'odd documents',
    kind: 'usual',
    made: `${count(ODD_DOCUMENTS.length, 'document')} without known words, empty, or not in ASCII`,
    samples: list(ODD_DOCUMENTS),
  });
  return groups;
}

function emptyColumn(): ColumnHints {
  return { words: new Set<string>() } as unknown as ColumnHints;
}

// ---- tensors ----------------------------------------------------------------------------------------

/** Dimensions that a graph leaves open, but for the first: long enough for windows, short enough to be quick. */
const OPEN_DIMENSION = 8;
const BATCH = 4;
const MAX_ELEMENTS = 2 ** 24;
const TENSOR_RUNS = 3;

function tensorGroups(inputs: readonly TensorSpec[], random: RandomState): SampleGroup[] {
  return Array.from({ length: TENSOR_RUNS }, (_, run): SampleGroup => {
    const values = new Map<string, Value>(inputs.map((input) => [input.name, tensorFor(input, run, random)]));
    const shapes = inputs.map((i) => `${i.name} [${(values.get(i.name) as Tensor).shape.join(', ')}]`).join(', ');
    const rows = inputs.length === 0 ? 1 : ((values.get(inputs[0].name) as Tensor).shape[0] ?? 1);
    return {
      what: run === 0 ? 'values' : `values, again (${run})`,
      kind: 'usual',
      made: inputs.length === 0 ? 'one run without inputs' : `numbers of the declared types for ${shapes}`,
      samples: { kind: 'tensors', rows, inputs: values },
    };
  }).slice(0, inputs.length === 0 ? 1 : TENSOR_RUNS);
}

function tensorFor({ dtype, shape, hints }: TensorSpec, run: number, random: RandomState): Tensor {
  const dims = shape.map((d, i) => d ?? (i === 0 ? BATCH : OPEN_DIMENSION));
  while (sizeOf(dims) > MAX_ELEMENTS) dims[dims.indexOf(Math.max(...dims))] = 1;
  const size = sizeOf(dims);
  const data = allocate(dtype, size);
  const known = [...hints.columns.values()].flatMap((c) => [
    ...c.values,
    ...c.thresholds,
    ...[...c.categories].filter((x) => typeof x === 'number'),
  ]);
  const words = [...hints.columns.values()].flatMap((c) => [
    ...c.words,
    ...[...c.categories].filter((x) => typeof x === 'string'),
  ]);
  const out = data as unknown[];
  for (let i = 0; i < size; i++) {
    const u = random.double();
    if (dtype === 'string') out[i] = words.length > 0 ? words[Math.floor(u * words.length)] : USUAL_WORDS[i % 4];
    else if (dtype === 'bool') out[i] = u < 0.5 ? 0 : 1;
    else if (dtype === 'int64' || dtype === 'uint64') out[i] = BigInt(wholeNumber(known, u, run));
    else if (/^u?int/.test(dtype)) out[i] = wholeNumber(known, u, run);
    else if (known.length > 0 && i % 3 === 0) out[i] = known[Math.floor(u * known.length)];
    else out[i] = (u * 4 - 2) * (run === 2 ? 10 : 1);
  }
  return { dtype, shape: dims, data };
}

/** Indices into something of unknown size: small ones. */
function wholeNumber(known: readonly number[], u: number, run: number): number {
  const whole = known.filter((x) => Number.isInteger(x) && x >= 0);
  return whole.length > 0 ? whole[Math.floor(u * whole.length)] : Math.floor(u * (run === 0 ? 2 : 4));
}
