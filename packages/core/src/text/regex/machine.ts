import { BrineError } from '../../errors.js';
import { lowerAsciiCode, lowerCode } from '../unicode/properties.js';
import { Flag, MAX_REPEAT } from './ast.js';
import { Op, Position, type Instruction, type Program } from './program.js';

/**
 * Steps that one text may cost, besides those that its length explains. A backtracking pattern such as
 * `(a+)+$` needs a number that doubles with each character (CWE-1333). 20 million take well under a second.
 */
export const MATCH_STEP_LIMIT = 20_000_000;
/** Steps that each code point of a text may cost on top of `MATCH_STEP_LIMIT`. */
export const MATCH_STEPS_PER_CHARACTER = 200;
/** Open choices at one time: each holds about 100 bytes (CWE-770). */
export const MATCH_DEPTH_LIMIT = 1_000_000;

/** Where a context goes on when the one that it started has ended. */
const Resume = {
  BRANCH: 0,
  REPEAT_ONE: 1,
  LAZY_ONE: 2,
  REPEAT: 3,
  MAX_LEAST: 4,
  MAX_MORE: 5,
  MAX_TAIL: 6,
  MIN_LEAST: 7,
  MIN_TAIL: 8,
  MIN_MORE: 9,
  POSSESSIVE_LEAST: 10,
  POSSESSIVE_MORE: 11,
  ATOMIC: 12,
  ASSERT: 13,
  ASSERT_NOT: 14,
} as const;

/** One open general repeat. */
interface Repeat {
  count: number;
  readonly instruction: Instruction;
  readonly outer: Repeat | undefined;
  /** Where the last iteration began: an iteration that consumed nothing is not repeated. */
  last: number;
}

/** One level of backtracking. Kept and used again, hence mutable and of one shape. */
interface Context {
  at: Instruction;
  pointer: number;
  resume: number;
  count: number;
  lastMark: number;
  marks: Int32Array | undefined;
  repeat: Repeat | undefined;
  savedLast: number;
  isTop: boolean;
}

/**
 * Runs a program over code points by backtracking, with Python's semantics to the letter: in which order
 * alternatives are tried, when captured groups are restored after a failure and when they are not, and
 * when an empty iteration ends a repeat. Its stack is its own, so neither text nor pattern can overflow
 * JavaScript's.
 *
 * Source of the semantics: CPython 3.11, Modules/_sre.
 */
export class Machine {
  readonly #program: Program;
  readonly #contexts: Context[] = [];
  /** Start and end of each group, -1 where unset; valid up to `lastMark`. */
  readonly marks: Int32Array;
  lastMark = -1;
  /** End of the match after `run` returned true. */
  end = 0;

  #codes: Int32Array = new Int32Array(0);
  #length = 0;
  #start = 0;
  #mustAdvance = false;
  #repeat: Repeat | undefined;
  #steps = 0;

  constructor(program: Program) {
    this.#program = program;
    this.marks = new Int32Array(2 * program.groups).fill(-1);
  }

  load(codes: Int32Array, length: number): void {
    this.#codes = codes;
    this.#length = length;
    this.#steps = MATCH_STEP_LIMIT + MATCH_STEPS_PER_CHARACTER * length;
  }

  /**
   * Finds the first match that begins at or after `from`; returns its beginning, -1 if there is none.
   * `mustAdvance`: it must not be empty at `from`, where the match before has ended.
   */
  search(from: number, mustAdvance: boolean): number {
    const { first, start } = this.#program;
    const codes = this.#codes;
    for (let at = from; at <= this.#length; at++) {
      if (first !== undefined) {
        while (at < this.#length && !first.has(codes[at])) at++;
        if (at >= this.#length) return -1;
      }
      if (this.run(at, mustAdvance && at === from)) return at;
      if (start.op === Op.AT && start.a === Position.BEGINNING) return -1;
    }
    return -1;
  }

  /** Matches at exactly `start`. */
  run(start: number, mustAdvance: boolean): boolean {
    this.#start = start;
    this.#mustAdvance = mustAdvance;
    this.#repeat = undefined;
    this.lastMark = -1;
    this.end = start;
    return this.#execute();
  }

  #context(depth: number): Context {
    if (depth < this.#contexts.length) return this.#contexts[depth];
    if (depth >= MATCH_DEPTH_LIMIT) {
      throw new BrineError(
        'LIMIT',
        `the token pattern keeps more than MATCH_DEPTH_LIMIT (${MATCH_DEPTH_LIMIT}) choices open in a text of ${this.#length} characters; shorten the text`,
      );
    }
    const context: Context = {
      at: this.#program.start,
      pointer: 0,
      resume: 0,
      count: 0,
      lastMark: -1,
      marks: undefined,
      repeat: undefined,
      savedLast: -1,
      isTop: true,
    };
    this.#contexts.push(context);
    return context;
  }

  #spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) {
      throw new BrineError(
        'LIMIT',
        `the token pattern needs more than ${MATCH_STEP_LIMIT} steps (MATCH_STEP_LIMIT) and ${MATCH_STEPS_PER_CHARACTER} for each of the ${this.#length} characters of the text; it backtracks without end`,
      );
    }
  }

  #save(context: Context, withMarks: boolean): void {
    context.lastMark = this.lastMark;
    context.marks = withMarks && this.lastMark >= 0 ? this.marks.slice(0, this.lastMark + 1) : undefined;
  }

  #restore(context: Context): void {
    if (context.marks !== undefined) this.marks.set(context.marks);
    this.lastMark = context.lastMark;
  }

  #mark(index: number, pointer: number): void {
    if (index > this.lastMark) {
      this.marks.fill(-1, this.lastMark + 1, index);
      this.lastMark = index;
    }
    this.marks[index] = pointer;
  }

  #isSet(group: number): boolean {
    const mark = 2 * (group - 1);
    if (mark >= this.lastMark) return false;
    const start = this.marks[mark];
    return start >= 0 && this.marks[mark + 1] >= start;
  }

  /** How many of at most `most` code points from `pointer` are in the instruction's set. */
  #count(at: Instruction, pointer: number, most: number): number {
    const codes = this.#codes;
    const { set } = at;
    const { latin } = set;
    const end = most < this.#length - pointer ? pointer + most : this.#length;
    let i = pointer;
    while (i < end) {
      const code = codes[i];
      if (code < 256 ? latin[code] === 0 : !set.has(code)) break;
      i++;
    }
    this.#spend(1 + ((i - pointer) >> 3));
    return i - pointer;
  }

  #isAt(at: Instruction, pointer: number): boolean {
    const codes = this.#codes;
    const length = this.#length;
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
  #backreference(at: Instruction, pointer: number): number {
    if (!this.#isSet(at.a)) return -1;
    const codes = this.#codes;
    const from = this.marks[2 * (at.a - 1)];
    const length = this.marks[2 * (at.a - 1) + 1] - from;
    this.#spend(length >> 3);
    if (length > this.#length - pointer) return -1;
    const fold = (at.b & Flag.UNICODE) === 0 ? lowerAsciiCode : lowerCode;
    for (let i = 0; i < length; i++) {
      const [a, b] = [codes[from + i], codes[pointer + i]];
      if (a !== b && (at.b === 0 || fold(a) !== fold(b))) return -1;
    }
    return pointer + length;
  }

  /** Whether an alternative can begin at `pointer`, as far as its first instruction tells. */
  #canBegin(alternative: Instruction, pointer: number): boolean {
    if (alternative.op > Op.SET) return true;
    if (pointer >= this.#length) return false;
    const code = this.#codes[pointer];
    return alternative.op === Op.CODE ? code === alternative.a : alternative.set.has(code);
  }

  #execute(): boolean {
    const codes = this.#codes;
    const length = this.#length;
    let depth = 0;
    let context = this.#context(0);
    context.isTop = true;
    let at = this.#program.start;
    let pointer = this.end;
    let result = false;

    // The first child of `context`; the next round of the loop runs it.
    const enter = (resume: number, body: Instruction, isTop: boolean): void => {
      context.at = at;
      context.pointer = pointer;
      context.resume = resume;
      depth++;
      context = this.#context(depth);
      context.isTop = isTop;
      at = body;
      pointer = this.end;
    };

    for (;;) {
      // 1. Run instructions of this context until it starts another one (and goes on there) or ends.
      running: for (;;) {
        this.#spend(1);
        switch (at.op) {
          case Op.CODE:
            if (pointer >= length || codes[pointer] !== at.a) {
              result = false;
              break running;
            }
            pointer++;
            at = at.next as Instruction;
            continue;

          case Op.SET:
            if (pointer >= length || !at.set.has(codes[pointer])) {
              result = false;
              break running;
            }
            pointer++;
            at = at.next as Instruction;
            continue;

          case Op.MARK:
            this.#mark(at.a, pointer);
            at = at.next as Instruction;
            continue;

          case Op.AT:
            if (!this.#isAt(at, pointer)) {
              result = false;
              break running;
            }
            at = at.next as Instruction;
            continue;

          case Op.SUCCESS:
            if (context.isTop && this.#mustAdvance && pointer === this.#start) result = false;
            else {
              this.end = pointer;
              result = true;
            }
            break running;

          case Op.BRANCH: {
            this.#save(context, this.#repeat !== undefined);
            context.count = -1;
            context.at = at;
            context.pointer = pointer;
            context.resume = Resume.BRANCH;
            // As if an alternative before the first had failed.
            result = false;
            break;
          }

          case Op.REPEAT_ONE: {
            const count = this.#count(at, pointer, at.b === MAX_REPEAT ? Infinity : at.b);
            if (count < at.a) {
              result = false;
              break running;
            }
            const next = at.next as Instruction;
            const after = pointer + count;
            if (next.op === Op.SUCCESS && !(context.isTop && this.#mustAdvance && after === this.#start)) {
              this.end = after;
              result = true;
              break running;
            }
            this.#save(context, this.#repeat !== undefined);
            // One more than matched: resuming gives one back first.
            context.count = count + 1;
            context.at = at;
            context.pointer = after + 1;
            context.resume = Resume.REPEAT_ONE;
            result = false;
            break;
          }

          case Op.LAZY_ONE: {
            const count = at.a === 0 ? 0 : this.#count(at, pointer, at.a);
            if (count < at.a) {
              result = false;
              break running;
            }
            this.#save(context, this.#repeat !== undefined);
            context.count = count;
            pointer += count;
            this.end = pointer;
            enter(Resume.LAZY_ONE, at.next as Instruction, context.isTop);
            continue;
          }

          case Op.POSSESSIVE_ONE: {
            const count = this.#count(at, pointer, at.b === MAX_REPEAT ? Infinity : at.b);
            if (count < at.a) {
              result = false;
              break running;
            }
            pointer += count;
            at = at.next as Instruction;
            continue;
          }

          case Op.REPEAT:
            context.repeat = { count: -1, instruction: at, outer: this.#repeat, last: -1 };
            this.#repeat = context.repeat;
            this.end = pointer;
            enter(Resume.REPEAT, at.next as Instruction, context.isTop);
            continue;

          case Op.MAX_UNTIL: {
            const repeat = this.#repeat as Repeat;
            const { a: least, b: most, body } = repeat.instruction;
            context.repeat = repeat;
            context.count = repeat.count + 1;
            this.end = pointer;
            if (context.count < least) {
              repeat.count = context.count;
              enter(Resume.MAX_LEAST, body as Instruction, context.isTop);
            } else if ((context.count < most || most === MAX_REPEAT) && pointer !== repeat.last) {
              repeat.count = context.count;
              this.#save(context, true);
              context.savedLast = repeat.last;
              repeat.last = pointer;
              enter(Resume.MAX_MORE, body as Instruction, context.isTop);
            } else {
              this.#repeat = repeat.outer;
              enter(Resume.MAX_TAIL, at.next as Instruction, context.isTop);
            }
            continue;
          }

          case Op.MIN_UNTIL: {
            const repeat = this.#repeat as Repeat;
            context.repeat = repeat;
            context.count = repeat.count + 1;
            this.end = pointer;
            if (context.count < repeat.instruction.a) {
              repeat.count = context.count;
              enter(Resume.MIN_LEAST, repeat.instruction.body as Instruction, context.isTop);
            } else {
              this.#repeat = repeat.outer;
              this.#save(context, this.#repeat !== undefined);
              enter(Resume.MIN_TAIL, at.next as Instruction, context.isTop);
            }
            continue;
          }

          case Op.POSSESSIVE:
            context.count = 0;
            this.end = pointer;
            if (at.a > 0) enter(Resume.POSSESSIVE_LEAST, at.body as Instruction, false);
            else if (at.b > 0) {
              this.#save(context, true);
              enter(Resume.POSSESSIVE_MORE, at.body as Instruction, false);
            } else at = at.next as Instruction;
            continue;

          case Op.ATOMIC:
            this.end = pointer;
            enter(Resume.ATOMIC, at.body as Instruction, false);
            continue;

          case Op.ASSERT:
            if (pointer < at.a) {
              result = false;
              break running;
            }
            this.end = pointer - at.a;
            enter(Resume.ASSERT, at.body as Instruction, false);
            continue;

          case Op.ASSERT_NOT:
            if (pointer < at.a) {
              at = at.next as Instruction;
              continue;
            }
            this.#save(context, this.#repeat !== undefined);
            this.end = pointer - at.a;
            enter(Resume.ASSERT_NOT, at.body as Instruction, false);
            continue;

          case Op.BACKREFERENCE: {
            const after = this.#backreference(at, pointer);
            if (after < 0) {
              result = false;
              break running;
            }
            pointer = after;
            at = at.next as Instruction;
            continue;
          }

          case Op.CONDITIONAL:
            at = (this.#isSet(at.a) ? at.body : at.next) as Instruction;
            continue;
        }
        // BRANCH and REPEAT_ONE come here: they resume at once.
        depth++;
        break;
      }

      // 2. The context at `depth` ended with `result`: tell the one that started it, which either starts
      // or runs something (`entered`), or ends as well.
      for (;;) {
        if (depth === 0) return result;
        depth--;
        context = this.#contexts[depth];
        at = context.at;
        pointer = context.pointer;
        let entered = false;

        switch (context.resume) {
          case Resume.BRANCH: {
            if (result) break;
            if (context.count >= 0) this.#restore(context);
            const { alternatives } = at;
            for (context.count++; context.count < alternatives.length; context.count++) {
              if (!this.#canBegin(alternatives[context.count], pointer)) continue;
              this.end = pointer;
              enter(Resume.BRANCH, alternatives[context.count], context.isTop);
              entered = true;
              break;
            }
            break;
          }

          case Resume.REPEAT_ONE: {
            if (result) break;
            this.#restore(context);
            const next = at.next as Instruction;
            do {
              context.count--;
              pointer--;
            } while (context.count >= at.a && !this.#canBegin(next, pointer));
            if (context.count >= at.a) {
              this.end = pointer;
              enter(Resume.REPEAT_ONE, next, context.isTop);
              entered = true;
            }
            break;
          }

          case Resume.LAZY_ONE:
            if (result) break;
            this.#restore(context);
            if (at.b !== MAX_REPEAT && context.count >= at.b) break;
            if (this.#count(at, pointer, 1) === 0) break;
            context.count++;
            pointer++;
            this.end = pointer;
            enter(Resume.LAZY_ONE, at.next as Instruction, context.isTop);
            entered = true;
            break;

          case Resume.REPEAT:
            this.#repeat = (context.repeat as Repeat).outer;
            break;

          case Resume.MAX_LEAST:
          case Resume.MIN_LEAST:
            if (result) break;
            (context.repeat as Repeat).count = context.count - 1;
            this.end = pointer;
            break;

          case Resume.MAX_MORE: {
            const repeat = context.repeat as Repeat;
            repeat.last = context.savedLast;
            if (result) break;
            this.#restore(context);
            repeat.count = context.count - 1;
            this.end = pointer;
            this.#repeat = repeat.outer;
            enter(Resume.MAX_TAIL, at.next as Instruction, context.isTop);
            entered = true;
            break;
          }

          case Resume.MAX_TAIL:
            this.#repeat = context.repeat;
            if (!result) this.end = pointer;
            break;

          case Resume.MIN_TAIL: {
            const repeat = context.repeat as Repeat;
            this.#repeat = repeat;
            if (result) break;
            this.#restore(context);
            this.end = pointer;
            const most = repeat.instruction.b;
            if ((context.count >= most && most !== MAX_REPEAT) || pointer === repeat.last) break;
            repeat.count = context.count;
            context.savedLast = repeat.last;
            repeat.last = pointer;
            enter(Resume.MIN_MORE, repeat.instruction.body as Instruction, context.isTop);
            entered = true;
            break;
          }

          case Resume.MIN_MORE: {
            const repeat = context.repeat as Repeat;
            repeat.last = context.savedLast;
            if (result) break;
            repeat.count = context.count - 1;
            this.end = pointer;
            break;
          }

          case Resume.POSSESSIVE_LEAST:
          case Resume.POSSESSIVE_MORE: {
            const isMore = context.resume === Resume.POSSESSIVE_MORE;
            if (!result && !isMore) {
              this.end = pointer;
              break;
            }
            entered = true;
            if (result) {
              context.count++;
              const { a: least, b: most } = at;
              const moved = !isMore || this.end !== pointer;
              pointer = this.end;
              if (context.count < least) {
                enter(Resume.POSSESSIVE_LEAST, at.body as Instruction, false);
                break;
              }
              if ((context.count < most || most === MAX_REPEAT) && moved) {
                this.#save(context, true);
                enter(Resume.POSSESSIVE_MORE, at.body as Instruction, false);
                break;
              }
            } else this.#restore(context);
            at = at.next as Instruction;
            break;
          }

          case Resume.ATOMIC:
            if (result) {
              pointer = this.end;
              at = at.next as Instruction;
              entered = true;
            } else this.end = pointer;
            break;

          case Resume.ASSERT:
            if (result) {
              at = at.next as Instruction;
              entered = true;
            }
            break;

          case Resume.ASSERT_NOT:
            if (result) result = false;
            else {
              this.#restore(context);
              at = at.next as Instruction;
              entered = true;
            }
            break;
        }
        if (entered) break;
      }
    }
  }
}
