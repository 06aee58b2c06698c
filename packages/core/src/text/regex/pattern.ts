import { BrineError, type Place } from '../../errors.js';
import type { CodeSet } from '../unicode/code-set.js';
import { MAX_REPEAT } from './ast.js';
import { Machine } from './machine.js';
import { parsePattern } from './parse.js';
import { compileProgram, Op, Position, type Instruction, type Program } from './program.js';
import { shorten } from './tokens.js';

/** A match, with positions in code points as Python counts them. */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** The whole match, then each group; undefined for a group that took no part. */
  readonly groups: readonly (string | undefined)[];
}

/** A compiled str pattern of Python's `re`. */
export interface Pattern {
  /** Number of capturing groups. */
  readonly groups: number;
  /**
   * `re.findall` for patterns with at most one group: the matches, or the group's content in each.
   * Throws BAD_STATE for more groups, where Python answers tuples.
   */
  findAll(text: string): string[];
  /** `re.search` */
  search(text: string): Match | undefined;
  /** `re.match` */
  match(text: string): Match | undefined;
}

/**
 * Compiles a pattern as Python 3.11's `re.compile(pattern, flags)` does for a str.
 *
 * `flags` are Python's numbers (`Flag`); `place` is where the pattern came from, for errors.
 * Throws BAD_STATE if Python would refuse the pattern, UNSUPPORTED for `\N{…}`, LIMIT beyond a named limit.
 */
export function compilePattern(pattern: string, flags = 0, place: Place = {}): Pattern {
  const program = compileProgram(parsePattern(pattern, flags, place), place);
  return new CompiledPattern(pattern, program, place);
}

/** A text as code points; `offsets` leads back to the string where some take two units. */
interface CodeText {
  readonly text: string;
  readonly codes: Int32Array;
  readonly length: number;
  readonly offsets: Int32Array | undefined;
}

class CompiledPattern implements Pattern {
  readonly groups: number;
  readonly #source: string;
  readonly #program: Program;
  readonly #place: Place;
  readonly #run: Run | undefined;
  #machine: Machine | undefined;

  constructor(source: string, program: Program, place: Place) {
    this.groups = program.groups;
    this.#source = source;
    this.#program = program;
    this.#place = place;
    this.#run = asRun(program);
  }

  findAll(text: string): string[] {
    if (this.groups > 1) {
      throw new BrineError(
        'BAD_STATE',
        `the pattern ${shorten(this.#source)} has ${this.groups} capturing groups; a token pattern may have one at most`,
        this.#place,
      );
    }
    if (this.#run !== undefined) return findRuns(text, this.#run);
    const found: string[] = [];
    const { machine, codeText } = this.#load(text);
    for (let from = 0, mustAdvance = false; from <= codeText.length;) {
      const start = machine.search(from, mustAdvance);
      if (start < 0) break;
      found.push(this.groups === 0 ? slice(codeText, start, machine.end) : (groupOf(machine, codeText, 1) ?? ''));
      mustAdvance = machine.end === start;
      from = machine.end;
    }
    return found;
  }

  search(text: string): Match | undefined {
    const { machine, codeText } = this.#load(text);
    const start = machine.search(0, false);
    return start < 0 ? undefined : this.#match(machine, codeText, start);
  }

  match(text: string): Match | undefined {
    const { machine, codeText } = this.#load(text);
    return machine.run(0, false) ? this.#match(machine, codeText, 0) : undefined;
  }

  #load(text: string): { machine: Machine; codeText: CodeText } {
    const machine = (this.#machine ??= new Machine(this.#program));
    const codeText = toCodes(text);
    machine.trim();
    machine.state.load(codeText.codes, codeText.length);
    return { machine, codeText };
  }

  #match(machine: Machine, codeText: CodeText, start: number): Match {
    const groups: (string | undefined)[] = [slice(codeText, start, machine.end)];
    for (let group = 1; group <= this.groups; group++) groups.push(groupOf(machine, codeText, group));
    return { start, end: machine.end, groups };
  }
}

function groupOf({ state }: Machine, codeText: CodeText, group: number): string | undefined {
  const mark = 2 * (group - 1);
  const [start, end] = [state.marks[mark], state.marks[mark + 1]];
  return mark >= state.lastMark || start < 0 || end < 0 ? undefined : slice(codeText, start, end);
}

function slice({ text, offsets }: CodeText, start: number, end: number): string {
  return offsets === undefined ? text.slice(start, end) : text.slice(offsets[start], offsets[end]);
}

function toCodes(text: string): CodeText {
  const codes = new Int32Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; length++) {
    const code = text.codePointAt(i) as number;
    codes[length] = code;
    i += code > 0xffff ? 2 : 1;
  }
  if (length === text.length) return { text, codes, length, offsets: undefined };
  const offsets = new Int32Array(length + 1);
  for (let i = 0, offset = 0; i < length; offsets[++i] = offset) offset += codes[i] > 0xffff ? 2 : 1;
  return { text, codes, length, offsets };
}

/** A pattern that finds each longest run of members of `set`, if it has `least` or more of them. */
interface Run {
  readonly set: CodeSet;
  readonly least: number;
}

/**
 * Recognises patterns of the default's kind, `(?u)\b\w\w+\b`: one set, repeated without an upper end,
 * with or without a group around all of it. Their matches are exactly the maximal runs of the set that
 * are long enough: greed takes a run to its end, and a run is never entered in its middle, as the match
 * before consumed it or it is too short. `\b` at either side changes nothing if the set is that of words.
 */
function asRun(program: Program): Run | undefined {
  let at = program.start;
  let set: CodeSet | undefined;
  let least = 0;
  let isEndless = false;
  let needsWords: CodeSet | undefined;
  let isOver = false;
  for (; at.op !== Op.SUCCESS; at = at.next as Instruction) {
    if (at.op === Op.AT && at.a === Position.BOUNDARY && (set === undefined || isOver || isEndless)) {
      if (needsWords !== undefined && !needsWords.equals(at.set)) return undefined;
      needsWords = at.set;
      isOver ||= set !== undefined;
    } else if (at.op === Op.MARK && (at.a === 0 ? set === undefined : isEndless)) {
      isOver ||= at.a === 1;
    } else if ((at.op === Op.SET || at.op === Op.REPEAT_ONE) && !isOver) {
      if (set !== undefined && !set.equals(at.set)) return undefined;
      set = at.set;
      least += at.op === Op.SET ? 1 : at.a;
      if (at.op === Op.REPEAT_ONE) {
        if (at.b !== MAX_REPEAT) return undefined;
        isEndless = true;
      }
    } else return undefined;
  }
  if (set === undefined || !isEndless || least === 0) return undefined;
  return needsWords === undefined || needsWords.equals(set) ? { set, least } : undefined;
}

function findRuns(text: string, { set, least }: Run): string[] {
  const found: string[] = [];
  const members = set.widen();
  const { length } = text;
  let start = 0;
  let count = 0;
  let i = 0;
  for (;;) {
    let width = 1;
    let isMember = false;
    if (i < length) {
      const unit = text.charCodeAt(i);
      if ((unit & 0xfc00) === 0xd800) {
        const code = text.codePointAt(i) as number;
        isMember = set.has(code);
        if (code > 0xffff) width = 2;
      } else isMember = members[unit] === 1;
    }
    if (isMember) {
      if (count === 0) start = i;
      count++;
    } else {
      if (count >= least) found.push(text.slice(start, i));
      count = 0;
      if (i >= length) return found;
    }
    i += width;
  }
}
