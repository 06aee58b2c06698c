import type { ComparedPlace, MethodReport, OutputComparison, Refusal, Samples, VerifyReport } from '@brine/core/tools';
import { pythonFloat } from '../../data/write/numbers.js';
import type { Colours } from '../../terminal/colours.js';
import { formatCount } from '../../terminal/units.js';
import { safe } from '../../terminal/width.js';

export interface Named {
  readonly a: string;
  readonly b: string;
  /** How the rows came about, in sentences. */
  readonly rows: readonly string[];
  /** Rows of a file are counted from 1, as people count them. */
  readonly data: string | undefined;
}

/** Places shown of each output that differs. */
const PLACES = 3;
/** Columns shown of a row that was made. */
const SHOWN_COLUMNS = 8;

/** The report as lines for people: the verdict comes last, as in a sum. */
export function reportLines(report: VerifyReport, named: Named, paint: Colours): string[] {
  const out = [`${paint.bold(safe(named.a))} against ${paint.bold(safe(named.b))}`, ''];
  out.push(...named.rows.map((line, i) => `${paint.dim(i === 0 ? 'rows     ' : '         ')}${safe(line)}`), '');
  const width = Math.max(...report.methods.flatMap((m) => m.outputs.map((o) => o.name.length)), 8);
  for (const method of report.methods) {
    for (const output of method.outputs) out.push(...outputLines(output, report, named, width, paint));
    if (method.outputs.length === 0)
      out.push(`${method.name.padEnd(width)}  ${paint.red('not compared')}  no row was answered by both`);
  }
  out.push(...refusalLines(report.methods, named, paint));
  for (const note of report.notes) out.push(paint.dim(`note: ${safe(note)}`));
  out.push('', verdict(report, named, paint));
  return out;
}

/** It is about columns, and not about rows. */
const NAMES = 'get_feature_names_out';

function verdict(report: VerifyReport, named: Named, paint: Colours): string {
  const wrong = report.methods.filter((m) => !m.same).map((m) => m.name);
  const compared = Math.max(
    0,
    ...report.methods.flatMap((m) => (m.name === NAMES ? [] : m.outputs.map((o) => o.rows))),
  );
  const all = compared >= report.rows;
  const rows = `${all ? '' : 'the '}${formatCount(compared)} ${compared === 1 ? 'row' : 'rows'}${all ? '' : ' that both take'}`;
  if (wrong.length === 0 && report.methods.every(({ name }) => name === NAMES))
    return `${paint.green('same')}: ${safe(named.a)} and ${safe(named.b)} give the same names`;
  return wrong.length === 0
    ? `${paint.green('same')}: ${safe(named.a)} and ${safe(named.b)} answer ${rows} alike`
    : `${paint.red('different')}: ${safe(named.a)} and ${safe(named.b)} differ in ${wrong.join(', ')}`;
}

function outputLines(
  output: OutputComparison,
  report: VerifyReport,
  named: Named,
  width: number,
  paint: Colours,
): string[] {
  const head = `${output.name.padEnd(width)}  ${output.same ? paint.green('same     ') : paint.red('different')}  `;
  const indent = ' '.repeat(width + 13);
  const lines = [`${head}${safe(summary(output))}`];
  if (output.problem !== undefined) {
    const said = output.problem.replace('in the first', `in ${named.a}`).replace('in the second', `in ${named.b}`);
    lines.push(`${indent}${safe(said.replace('the first', named.a).replace('the second', named.b))}`);
  }
  if (output.kind === 'numbers' && output.absolute) lines.push(`${indent}${paint.dim(safe(largest(output, named)))}`);
  if (output.kind === 'numbers') lines.push(`${indent}${paint.dim(toleranceText(output))}`);
  const shown = new Set<number>();
  for (const place of output.places.slice(0, PLACES)) {
    const [x, y] = [place.a, place.b].map((v) => (output.kind === 'labels' ? labelText(v) : valueText(v)));
    const left = `${named.a} says ${x}, ${named.b} ${y}`;
    lines.push(`${indent}${safe(`${placeText(place, output, named)}: ${left}`)}`);
    const row = shown.has(place.row) || output.name === NAMES ? undefined : rowText(report, place.row);
    shown.add(place.row);
    if (row !== undefined) lines.push(`${indent}  ${paint.dim(safe(row))}`);
  }
  if (output.different > PLACES && output.places.length > 0)
    lines.push(`${indent}… and ${formatCount(output.different - Math.min(PLACES, output.places.length))} more`);
  for (const note of output.notes) lines.push(`${indent}${paint.dim(safe(note))}`);
  return lines;
}

function summary(output: OutputComparison): string {
  const rows = `${formatCount(output.rows)} ${output.rows === 1 ? 'row' : 'rows'}`;
  if (output.name === NAMES && output.different === 0)
    return `${formatCount(output.rows)} ${output.rows === 1 ? 'name' : 'names'}, all the same`;
  if (output.kind === 'labels') {
    const share = output.values === 0 ? '' : ` (${percent(output.different / output.values)})`;
    return output.different === 0
      ? `${rows}, every label equal`
      : `${formatCount(output.different)} of ${formatCount(output.values)} labels differ${share}`;
  }
  const perRow = output.rows === 0 ? 0 : output.values / output.rows;
  const size = perRow === 1 ? rows : `${rows} × ${perRow}`;
  if (output.identical === output.values) return `${size}, equal to the last bit`;
  if (output.different === 0)
    return `${size}, within the tolerance; ${formatCount(output.values - output.identical)} differ at all`;
  return `${formatCount(output.different)} of ${formatCount(output.values)} numbers differ by more than the tolerance (${formatCount(output.differentRows)} of ${rows})`;
}

const percent = (x: number): string => (x < 0.0995 ? `${(x * 100).toPrecision(2)} %` : `${(x * 100).toFixed(1)} %`);

function largest(output: OutputComparison, named: Named): string {
  const { absolute, relative, ulps } = output;
  if (!absolute || !relative || !ulps) return '';
  const units =
    ulps.value === Infinity
      ? ''
      : `, ${ulps.value < 1e6 ? Number(ulps.value.toPrecision(3)) : ulps.value.toExponential(1)} units in the last place of ${output.ulpType}`;
  return `largest difference ${short(absolute.value)} at ${placeText(absolute, output, named)}; relative ${short(relative.value)}${units}`;
}

const short = (x: number): string => (Number.isFinite(x) ? x.toPrecision(2) : 'infinite');

function toleranceText({ tolerance: { rtol, atol } }: OutputComparison): string {
  return `tolerance: ${rtol === 0 ? '' : `${plain(rtol)} of the larger number plus `}${plain(atol)}`;
}

const plain = (x: number): string => (x !== 0 && x < 1e-3 ? x.toExponential() : String(x));

function placeText(place: ComparedPlace, output: OutputComparison, named: Named): string {
  if (output.name === NAMES) return `name ${place.row + 1}`;
  const row = `row ${named.data === undefined ? place.row : place.row + 1}`;
  return output.rows > 0 && output.values / output.rows > 1 ? `${row}, column ${place.column}` : row;
}

const labelText = (value: unknown): string => (typeof value === 'number' ? String(value) : valueText(value));

function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (typeof value === 'number') return pythonFloat(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? Number(part) : part)).slice(0, 80);
}

/** What a row that was made holds: who wants to look into a difference needs it. */
function rowText(report: VerifyReport, row: number): string | undefined {
  const given = report.given.find((g) => row >= g.first && row < g.first + g.samples.rows);
  if (!given) return undefined;
  const cells = cellsOf(given.samples, row - given.first);
  if (cells.length === 0) return undefined;
  const shown = cells.slice(0, SHOWN_COLUMNS).join(', ');
  return `the row (${given.what}): ${shown}${cells.length > SHOWN_COLUMNS ? `, … (${cells.length} columns)` : ''}`;
}

function cellsOf(samples: Samples, row: number): string[] {
  if (samples.kind === 'list') return [valueText(samples.values[row])];
  if (samples.kind === 'tensors') return [];
  return samples.columns.map(({ name, values }, c) => `${name ?? c} = ${valueText(values[row])}`);
}

/** Refusals of a kind in one line: missing values in twelve columns are one story. */
function refusalLines(methods: readonly MethodReport[], named: Named, paint: Colours): string[] {
  const seen = new Map<string, { refusal: Refusal; rows: number; columns: Set<string>; methods: Set<string> }>();
  for (const method of methods)
    for (const refusal of method.refusals) {
      const kind = refusal.what.replace(/ in (column \d+|".*")$/s, '');
      const key = `${kind}\n${refusal.by}`;
      let known = seen.get(key);
      if (!known) seen.set(key, (known = { refusal, rows: 0, columns: new Set(), methods: new Set() }));
      if (!known.methods.has(method.name) && known.methods.size === 0) known.rows += refusal.rows;
      else if (known.methods.has(method.name) && known.methods.size === 1) known.rows += refusal.rows;
      known.methods.add(method.name);
      if (kind !== refusal.what) known.columns.add(refusal.what.slice(kind.length + 4));
    }
  return [...seen.values()].flatMap(({ refusal, rows, columns }) => {
    const where = columns.size === 0 ? '' : ` in ${someOf([...columns])}`;
    const kind = refusal.what.replace(/ in (column \d+|".*")$/s, '');
    const what = `${kind}${where} (${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'})`;
    const who = {
      both: 'both refuse, as they should alike',
      first: `${named.a} refuses them, ${named.b} answers`,
      second: `${named.a} answers them, ${named.b} refuses`,
    }[refusal.by];
    const mark = refusal.harmless ? paint.dim('refused') : paint.red('refused');
    return [`${mark}  ${safe(`${what}: ${who}`)}`, `         ${paint.dim(safe(firstSentence(refusal.message)))}`];
  });
}

const firstSentence = (message: string): string => message.replace(/ \(at [^)]*(\([^)]*\))?[^)]*\)$/, '').slice(0, 160);

function someOf(items: readonly string[]): string {
  return items.length > 6 ? `${items.length} columns` : items.join(', ');
}
