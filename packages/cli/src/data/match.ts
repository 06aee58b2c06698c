import { BrineError } from '@brine/core';
import { didYouMean, nearest } from '../terminal/suggest.js';
import { quote } from './column.js';
import type { ColumnInfo } from './table.js';

/** What a table offers. A `TableReader` is one. */
export interface HaveColumns {
  readonly name: string;
  readonly columns: readonly ColumnInfo[];
  readonly named: boolean;
}

/** What a model expects: names where it knows them, else a number of columns, else anything. */
export interface WantColumns {
  readonly names?: readonly string[];
  readonly count?: number;
}

export interface MatchOptions {
  /** Columns handed on to the output; no model looks at them. */
  readonly keep?: readonly string[];
  /** Columns left out. */
  readonly drop?: readonly string[];
  /** What a column is that the model does not know: an error (default), or left out with a note. */
  readonly extra?: 'error' | 'ignore';
}

export interface ColumnMatch {
  /** The table's columns to feed, in the model's order. */
  readonly features: readonly string[];
  /** The model's names of those, where it has names. */
  readonly names: readonly string[];
  readonly keep: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Finds the columns that a model expects in a table: by name where both have names, else by position. Columns
 * come out in the model's order, whatever theirs is in the file. Throws BAD_INPUT with every column that is
 * missing and every one that is too many, and a guess at what was meant.
 */
export function matchColumns(have: HaveColumns, want: WantColumns, options: MatchOptions = {}): ColumnMatch {
  const notes: string[] = [];
  const all = have.columns.map((c) => c.name);
  const keep = checked(options.keep ?? [], all, 'keep', have.name);
  const drop = checked(options.drop ?? [], all, 'drop', have.name);
  const aside = new Set([...keep, ...drop]);
  if (want.names !== undefined && have.named) {
    return { ...byName(have, want.names, aside, options.extra ?? 'error', notes), keep, notes };
  }

  const open = have.columns.filter((c) => !aside.has(c.name));
  const count = want.names?.length ?? want.count;
  let features = open.filter((c) => c.index !== true).map((c) => c.name);
  // A DataFrame written with its row labels has one column more, without a name.
  if (count !== undefined && features.length === count + 1 && isRowLabel(have, features[0])) {
    features = features.slice(1);
    notes.push('the first column has no name: taken as row labels and left out');
  }
  if (count !== undefined && features.length !== count) {
    const problem = `the model expects ${plural(count, 'column')}, the table has ${features.length}`;
    const advice =
      features.length > count ? `; leave out what is no feature (${list(features)})` : ` (${list(features)})`;
    throw new BrineError('BAD_INPUT', problem + advice, { file: have.name });
  }
  if (want.names !== undefined) notes.push('the table names no columns: they are taken in the model’s order');
  return { features, names: want.names ?? features, keep, notes };
}

function byName(
  have: HaveColumns,
  names: readonly string[],
  aside: ReadonlySet<string>,
  extraColumns: 'error' | 'ignore',
  notes: string[],
): Pick<ColumnMatch, 'features' | 'names'> {
  const offered = new Set(have.columns.map((c) => c.name));
  const wanted = new Set(names);
  const missing = names.filter((name) => !offered.has(name));
  const extra = have.columns.filter(
    ({ name, index }) => !wanted.has(name) && !aside.has(name) && index !== true && !isRowLabel(have, name),
  );
  const extraNames = extra.map((c) => c.name);
  if (missing.length > 0) {
    // Only what the model does not use can be meant.
    const guesses = missing.slice(0, SHOWN).map((name) => quote(name) + renamed(name, extraNames, have));
    const rest = missing.length > SHOWN ? ` and ${missing.length - SHOWN} more` : '';
    const what = missing.length === 1 ? 'column' : `${missing.length} columns`;
    throw new BrineError('BAD_INPUT', `the table lacks the ${what} ${guesses.join(', ')}${rest}`, { file: have.name });
  }
  if (extraNames.length > 0) {
    const what = `${extraNames.length === 1 ? 'column' : `${extraNames.length} columns`} ${list(extraNames)}`;
    if (extraColumns === 'error') {
      const message = `the model does not know the ${what}; leave ${extraNames.length === 1 ? 'it' : 'them'} out or keep ${extraNames.length === 1 ? 'it' : 'them'} aside`;
      throw new BrineError('BAD_INPUT', message, { file: have.name });
    }
    notes.push(`left out, for the model does not know the ${what}`);
  }
  return { features: names, names };
}

/** ` (did you mean "Age"? names differ in case)`, where the table has such a column. */
function renamed(name: string, extra: readonly string[], have: HaveColumns): string {
  const near = nearest(name, extra);
  if (near === undefined) return ` (the table has ${list(have.columns.map((c) => c.name))})`;
  const how =
    near.toLowerCase() === name.toLowerCase()
      ? ', which differs in case'
      : near.trim() === name
        ? ', which has spaces around it'
        : '';
  return ` (there is ${quote(near)}${how})`;
}

/** The unnamed first column of a DataFrame written with its index. */
function isRowLabel(have: HaveColumns, name: string | undefined): boolean {
  return have.named && name === 'Unnamed: 0' && have.columns[0].name === name;
}

function checked(names: readonly string[], all: readonly string[], option: string, file: string): readonly string[] {
  for (const name of names) {
    if (all.includes(name)) continue;
    throw new BrineError('BAD_INPUT', `there is no column ${quote(name)} to ${option}${didYouMean(name, all)}`, {
      file,
    });
  }
  return names;
}

const SHOWN = 8;

function list(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map(quote).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
