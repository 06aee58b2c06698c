import { BrineError } from '../../errors.js';
import { lowerAsciiCode, lowerCode } from '../unicode/properties.js';
import { Flag } from './ast.js';
import { Op, Position, type Instruction } from './program.js';

/**
 * Steps that one text may cost, besides those that its length explains. A backtracking pattern such as
 * `(a+)+$` needs a number that doubles with each character (CWE-1333). 5 million take a fifth of a second.
 */
export const MATCH_STEP_LIMIT = 5_000_000;
/** Steps that each code point of a text may cost on top of `MATCH_STEP_LIMIT`. */
export const MATCH_STEPS_PER_CHARACTER = 100;

/** What does not depend on how a match is searched for: the text, the groups so far, the steps that are left. */
export class MatchState {
  codes: Int32Array = new Int32Array(0);
  length = 0;
  /** Start and end of each group, -1 where unset; valid up to `lastMark`. */
  readonly marks: Int32Array;
  lastMark = -1;
  #steps = 0;

  constructor(groups: number) {
    this.marks = new Int32Array(2 * groups).fill(-1);
  }

  load(codes: Int32Array, length: number): void {
    this.codes = codes;
    this.length = length;
    this.#steps = MATCH_STEP_LIMIT + MATCH_STEPS_PER_CHARACTER * length;
  }

  spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) {
      throw new BrineError(
        'LIMIT',
        `the pattern needs more than ${MATCH_STEP_LIMIT} steps (MATCH_STEP_LIMIT) and ${MATCH_STEPS_PER_CHARACTER} for each of the ${this.length} characters of the text; it backtracks without end`,
      );
    }
  }

  mark(index: number, pointer: number): void {
    if (index > this.lastMark) {
      this.marks.fill(-1, this.lastMark + 1, index);
      this.lastMark = index;
    }
    this.marks[index] = pointer;
  }

  isSet(group: number): boolean {
    const mark = 2 * (group - 1);
    if (mark >= this.lastMark) return false;
    const start = this.marks[mark];
    return start >= 0 && this.marks[mark + 1] >= start;
  }

  /** How many of at most `most` code points from `pointer` are in the instruction's set. */
  count(at: Instruction, pointer: number, most: number): number {
    const codes = this.codes;
    const { set } = at;
    const { latin } = set;
    const end = most < this.length - pointer ? pointer + most : this.length;
    let i = pointer;
    while (i < end) {
      const code = codes[i];
      if (code < 256 ? latin[code] === 0 : !set.has(code)) break;
      i++;
    }
    this.spend(1 + ((i - pointer) >> 3));
    return i - pointer;
  }

  isAt(at: Instruction, pointer: number): boolean {
    const codes = this.codes;
    const length = this.length;
    switch (at.a) {
      case Position.BEGINNING:
        return pointer === 0;
      case Position.BEGINNING_OF_LINE:
        return pointer === 0 || codes[pointer - 1] === 10;
      case Position.END:
        return pointer === length || (pointer === length - 1 && codes[pointer] === 10);
      case Position.END_OF_LINE:
        return pointer === length || codes[pointer] === 10;
      case Position.END_OF_STRING:
        return pointer === length;
      default: {
        // In an empty text neither \b nor \B holds.
        if (length === 0) return false;
        const before = pointer > 0 && at.set.has(codes[pointer - 1]);
        const after = pointer < length && at.set.has(codes[pointer]);
        return (before !== after) === (at.a === Position.BOUNDARY);
      }
    }
  }

  /** Where a back-reference ends, -1 if it does not match. */
  backreference(at: Instruction, pointer: number): number {
    if (!this.isSet(at.a)) return -1;
    const codes = this.codes;
    const from = this.marks[2 * (at.a - 1)];
    const length = this.marks[2 * (at.a - 1) + 1] - from;
    this.spend(length >> 3);
    if (length > this.length - pointer) return -1;
    const fold = (at.b & Flag.UNICODE) === 0 ? lowerAsciiCode : lowerCode;
    for (let i = 0; i < length; i++) {
      const [a, b] = [codes[from + i], codes[pointer + i]];
      if (a !== b && (at.b === 0 || fold(a) !== fold(b))) return -1;
    }
    return pointer + length;
  }

  /** Whether an alternative can begin at `pointer`, as far as its first instruction tells. */
  canBegin(alternative: Instruction, pointer: number): boolean {
    if (alternative.op > Op.SET) return true;
    if (pointer >= this.length) return false;
    const code = this.codes[pointer];
    return alternative.op === Op.CODE ? code === alternative.a : alternative.set.has(code);
  }
}
