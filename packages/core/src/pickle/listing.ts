import type { DisassemblyEntry, OpcodeEntry } from './disassemble.js';
import { pyRepr } from './repr.js';
import { PyByteArray, PyDict, PyFloat, PyGlobal, PyInstance, PySet, PyTuple, type PyValue } from './values.js';

export interface ListingOptions {
  /** Whole arguments, however long. Default false. */
  readonly full?: boolean;
  /** What opcodes mean, behind them. Default true; without, lines are those of `pickletools.dis`. */
  readonly annotate?: boolean;
  /** A few words on values that this folder does not know (arrays, say). */
  readonly describe?: (value: PyValue) => string | undefined;
}

/**
 * An entry as a line of text. With `full` and without `annotate` it is what Python's `pickletools.dis`
 * prints; nested pickles and raw bytes, which that cannot read, are indented by their depth.
 */
export function formatEntry(entry: DisassemblyEntry, options: ListingOptions = {}): string {
  const indent = '    '.repeat(entry.depth);
  switch (entry.kind) {
    case 'opcode':
      return indent + opcodeLine(entry, options);
    case 'payload':
      return `${indent}${place(entry.offset)}      ${entry.length} raw bytes${arrow(describeValue(entry.result, options))}`;
    case 'end': {
      const line = `${indent}highest protocol among opcodes = ${entry.protocol}`;
      const shown = (options.annotate ?? true) && entry.problem !== undefined;
      return shown ? `${line}  !! ${entry.problem}` : line;
    }
    case 'fault':
      return `${indent}${place(entry.offset)} !! ${entry.code}: ${entry.message}`;
  }
}

/** An entry as plain data for JSON. Arguments are as Python would print them. */
export function entryToJson(entry: DisassemblyEntry, options: ListingOptions = {}): Record<string, unknown> {
  const { kind, offset, depth } = entry;
  const common = { offset, ...(depth > 0 ? { depth } : {}) };
  switch (kind) {
    case 'opcode':
      return {
        ...common,
        op: entry.opcode.name,
        ...(entry.argument === undefined ? {} : { arg: jsonArgument(entry.argument, options) }),
        ...(entry.mark === undefined ? {} : { mark: entry.mark }),
        ...(entry.memoised === undefined ? {} : { memo: entry.memoised }),
        ...(entry.imports === undefined ? {} : { imports: nameOf(entry.imports) }),
        ...(entry.calls === undefined
          ? {}
          : { calls: describeValue(entry.calls.callable, options), args: argumentList(entry.calls.args, options) }),
        ...(entry.result === undefined ? {} : { result: describeValue(entry.result, options) }),
        ...(entry.judgement === undefined ? {} : { judgement: entry.judgement }),
        ...(entry.problem === undefined ? {} : { problem: entry.problem }),
      };
    case 'payload':
      return { ...common, raw: entry.length, result: describeValue(entry.result, options) };
    case 'end':
      return {
        ...common,
        end: true,
        protocol: entry.protocol,
        ...(entry.problem === undefined ? {} : { problem: entry.problem }),
      };
    case 'fault':
      return { ...common, error: { code: entry.code, message: entry.message } };
  }
}

function place(offset: number): string {
  return `${String(offset).padStart(5)}:`;
}

function arrow(text: string): string {
  return text === '' ? '' : `  -> ${text}`;
}

function opcodeLine(entry: OpcodeEntry, options: ListingOptions): string {
  const { opcode, argument } = entry;
  const char =
    opcode.code >= 0x20 && opcode.code < 0x7f ? String.fromCharCode(opcode.code) : `\\x${opcode.code.toString(16)}`;
  let line = `${place(entry.offset)} ${char.padEnd(4)} ${'    '.repeat(entry.marks)}${opcode.name}`;
  const note =
    entry.mark !== undefined
      ? `(MARK at ${entry.mark})`
      : entry.memoised !== undefined
        ? `(as ${entry.memoised})`
        : undefined;
  if (argument !== undefined || note !== undefined) {
    line += ' '.repeat(Math.max(0, 10 - opcode.name.length));
    if (argument !== undefined) line += ` ${pyRepr(argument, options.full ?? false)}`;
    if (note !== undefined) line += ` ${note}`;
  }
  if (options.annotate ?? true) line += annotation(entry, options);
  return line;
}

function annotation(entry: OpcodeEntry, options: ListingOptions): string {
  const { imports, calls, judgement } = entry;
  let text = '';
  if (calls !== undefined) {
    text = `calls ${describeValue(calls.callable, options)}${argumentList(calls.args, options)}`;
    const result = entry.result === undefined ? '' : describeValue(entry.result, options);
    if (result !== '' && !(entry.result instanceof PyInstance)) text += `, gives ${result}`;
  } else if (imports !== undefined) {
    text = entry.opcode.name === 'GLOBAL' && imports.spelled === undefined ? '' : nameOf(imports);
  } else if (entry.result !== undefined) {
    text = describeValue(entry.result, options);
  }
  let line = arrow(text);
  if (judgement !== undefined && judgement !== 'known')
    line += `  ${judgement === 'dangerous' ? '!!' : '?'} ${judgement}`;
  if (entry.problem !== undefined) line += `  !! ${entry.problem}`;
  return line;
}

function nameOf(name: PyGlobal): string {
  const { spelled } = name;
  return spelled === undefined ? name.fullName : `${name.fullName} (written ${spelled.module}.${spelled.name})`;
}

/** `(1, 'two', …)`: enough of a call to see what it is about. */
function argumentList(args: PyTuple, options: ListingOptions): string {
  const shown = args.items.slice(0, 4).map((item) => describeValue(item, options));
  if (args.items.length > 4) shown.push('…');
  return `(${shown.join(', ')})`;
}

/** A value in a few words. It never looks deeper than one level: values may be cyclic, and large. */
export function describeValue(value: PyValue, options: ListingOptions = {}): string {
  const known = options.describe?.(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (value instanceof PyTuple) return value.items.length === 0 ? '()' : `tuple of ${value.items.length}`;
  if (value instanceof PyDict) return `dict of ${value.size}`;
  if (value instanceof PySet) return `${value.kind} of ${value.items.length}`;
  if (value instanceof PyGlobal) return value.fullName;
  if (value instanceof PyInstance) return value.name === '' ? 'object' : `${value.module}.${value.name} object`;
  return pyRepr(value, options.full === true && !(value instanceof PyByteArray || value instanceof PyFloat));
}

function jsonArgument(value: PyValue, options: ListingOptions): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return value;
  return pyRepr(value, options.full ?? false);
}
