import { BrineError, type Model } from '@brine/core';
import { type TableReader, matchColumns } from '../data/index.js';
import { hinted } from './failure.js';

export interface MatchModelOptions {
  /** Columns that are handed on to the answers; undefined where a command hands none on, so that no hint names it. */
  readonly keep?: readonly string[];
  readonly drop?: readonly string[];
  readonly ignoreExtra?: boolean;
}

export interface Matched {
  readonly features: readonly string[];
  readonly names: readonly string[];
  readonly keep: readonly string[];
  readonly notes: readonly string[];
}

/** The columns of a table that a model reads, in its order. Throws BAD_INPUT naming what is missing or too many. */
export function match(model: Model, reader: TableReader, options: MatchModelOptions): Matched {
  const have = reader.columns.map((c) => c.name);
  const keep = columnsOf(options.keep, have);
  const drop = columnsOf(options.drop, have);
  const { inputs } = model;
  if (inputs.kind === 'documents' || inputs.kind === 'values') {
    const aside = new Set([...keep, ...drop]);
    const open = have.filter((name) => !aside.has(name));
    if (open.length !== 1) {
      const list = open.map((name) => JSON.stringify(name)).join(', ');
      const what = inputs.kind === 'documents' ? 'one column of text' : 'one column';
      throw hinted(
        new BrineError('BAD_INPUT', `the model reads ${what}, the table has ${open.length} (${list})`, {
          file: reader.name,
        }),
        options.keep === undefined
          ? 'leave the others out with --drop NAME'
          : 'hand the others on with --keep NAME, or leave them out with --drop NAME',
      );
    }
    matchColumns(reader, {}, { keep, drop });
    return { features: open, names: open, keep, notes: [] };
  }
  const want =
    inputs.kind === 'tensors'
      ? inputs.names !== undefined && inputs.names.length > 1
        ? { names: inputs.names }
        : {}
      : {
          ...(inputs.names === undefined ? {} : { names: inputs.names }),
          ...(inputs.features === undefined ? {} : { count: inputs.features }),
        };
  try {
    return matchColumns(reader, want, { keep, drop, extra: options.ignoreExtra === true ? 'ignore' : 'error' });
  } catch (error) {
    // More columns than the model has: that is the usual case, and the table need not be changed.
    const extra = error instanceof Error && error.message.includes('leave');
    const handsOn = options.keep === undefined ? '' : '--keep NAME hands a column on, ';
    throw extra ? hinted(error, `${handsOn}--drop NAME or --ignore-extra leaves it out`) : error;
  }
}

/** `--keep a,b`: one column of that name if there is one, else several. */
function columnsOf(asked: readonly string[] | undefined, have: readonly string[]): string[] {
  return (asked ?? []).flatMap((name) => (have.includes(name) ? [name] : name.split(',').map((part) => part.trim())));
}

/**
 * How cells are to be read: documents, and columns in which the model knows words, as text (`007` is a word there);
 * everything else as pandas would.
 */
export function typeOf(model: Model, name: string | undefined, position: number): 'string' | 'auto' {
  const { kind, names, types } = model.inputs;
  if (kind === 'documents') return 'string';
  // One tensor of text is text throughout.
  if (kind === 'tensors' && names?.length === 1) return types?.[0] === 'text' ? 'string' : 'auto';
  const at = names && name !== undefined ? names.indexOf(name) : position;
  return types?.[at] === 'text' ? 'string' : 'auto';
}
