import { BrineError } from '../../errors.js';
import { MAX_REPEAT } from './ast.js';
import { Op, Position, type Instruction, type Program } from './program.js';
import { MatchState } from './state.js';

/** Open choices at one time: each holds about 100 bytes (CWE-770). */
export const MATCH_DEPTH_LIMIT = 500_000;
/** Contexts that a pattern keeps for its next text. */
const KEPT_CONTEXTS = 4096;

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

/** How a context stands: it ended, or it goes on at its `at` and `pointer`. */
const Outcome = { FAILURE: 0, SUCCESS: 1, RUNNING: 2 } as const;

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
  /** How to go on when the context that this one started has ended. */
  resume: number;
  count: number;
  lastMark: number;
  marks: Int32Array | undefined;
  repeat: Repeat | undefined;
  savedLast: number;
  /** Not inside a look-around, an atomic group or a possessive repeat. */
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
  readonly state: MatchState;
  /** End of the match after `run` returned true. */
  end = 0;

  readonly #program: Program;
  readonly #contexts: Context[] = [];
  #depth = 0;
  #context: Context;
  #start = 0;
  #mustAdvance = false;
  #repeat: Repeat | undefined;

  constructor(program: Program) {
    this.#program = program;
    this.state = new MatchState(program.groups);
    this.#context = this.#at(0);
  }

  /**
   * Finds the first match that begins at or after `from`; returns its beginning, -1 if there is none.
   * `mustAdvance`: it must not be empty at `from`, where the match before has ended.
   */
  search(from: number, mustAdvance: boolean): number {
    const { first, start } = this.#program;
    const { codes, length } = this.state;
    for (let at = from; at <= length; at++) {
      if (first !== undefined) {
        while (at < length && !first.has(codes[at])) at++;
        if (at >= length) return -1;
      }
      if (this.run(at, mustAdvance && at === from)) return at;
      if (start.op === Op.AT && start.a === Position.BEGINNING) return -1;
    }
    return -1;
  }

  /** Lets go of what one unusually deep text has left behind. */
  trim(): void {
    if (this.#contexts.length > KEPT_CONTEXTS) this.#contexts.length = KEPT_CONTEXTS;
  }

  /** Matches at exactly `start`. */
  run(start: number, mustAdvance: boolean): boolean {
    this.#start = start;
    this.#mustAdvance = mustAdvance;
    this.#repeat = undefined;
    this.state.lastMark = -1;
    this.#depth = 0;
    this.#context = this.#at(0);
    this.#context.at = this.#program.start;
    this.#context.pointer = start;
    this.#context.isTop = true;
    let outcome = this.#advance();
    while (this.#depth > 0) {
      this.#depth--;
      this.#context = this.#contexts[this.#depth];
      outcome = this.#resume(outcome === Outcome.SUCCESS);
      if (outcome === Outcome.RUNNING) outcome = this.#advance();
    }
    return outcome === Outcome.SUCCESS;
  }

  #at(depth: number): Context {
    if (depth < this.#contexts.length) return this.#contexts[depth];
    if (depth >= MATCH_DEPTH_LIMIT) {
      throw new BrineError(
        'LIMIT',
        `the pattern keeps more than MATCH_DEPTH_LIMIT (${MATCH_DEPTH_LIMIT}) choices open in a text of ${this.state.length} characters; shorten the text`,
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

  /** Starts a context at `body` and `pointer`; the present one goes on as `resume` says when it has ended. */
  #enter(resume: number, body: Instruction | undefined, pointer: number, isTop = this.#context.isTop): number {
    this.#context.resume = resume;
    this.#depth++;
    this.#context = this.#at(this.#depth);
    this.#context.at = body as Instruction;
    this.#context.pointer = pointer;
    this.#context.isTop = isTop;
    return Outcome.RUNNING;
  }

  #continueAt(next: Instruction | undefined, pointer: number): number {
    this.#context.at = next as Instruction;
    this.#context.pointer = pointer;
    return Outcome.RUNNING;
  }

  #succeed(pointer: number): number {
    if (this.#context.isTop && this.#mustAdvance && pointer === this.#start) return Outcome.FAILURE;
    this.end = pointer;
    return Outcome.SUCCESS;
  }

  /** Groups are put back after a failure only inside a general repeat: outside, none can be set twice. */
  #save(context: Context, withMarks = this.#repeat !== undefined): void {
    const { marks, lastMark } = this.state;
    context.lastMark = lastMark;
    context.marks = withMarks && lastMark >= 0 ? marks.slice(0, lastMark + 1) : undefined;
  }

  #restore(context: Context): void {
    if (context.marks !== undefined) this.state.marks.set(context.marks);
    this.state.lastMark = context.lastMark;
  }

  /** Runs the present context, and those it starts, until one ends. */
  #advance(): number {
    for (;;) {
      const outcome = this.#simple();
      if (outcome !== Outcome.RUNNING) return outcome;
      const branching = this.#branching();
      if (branching !== Outcome.RUNNING) return branching;
    }
  }

  /** Runs instructions as long as they need no context of their own. */
  #simple(): number {
    const { state } = this;
    const { codes, length } = state;
    let { at, pointer } = this.#context;
    for (;;) {
      state.spend(1);
      switch (at.op) {
        case Op.CODE:
          if (pointer >= length || codes[pointer] !== at.a) return Outcome.FAILURE;
          pointer++;
          break;
        case Op.SET:
          if (pointer >= length || !at.set.has(codes[pointer])) return Outcome.FAILURE;
          pointer++;
          break;
        case Op.POSSESSIVE_ONE: {
          const count = state.count(at, pointer, at.b);
          if (count < at.a) return Outcome.FAILURE;
          pointer += count;
          break;
        }
        case Op.MARK:
          state.mark(at.a, pointer);
          break;
        case Op.AT:
          if (!state.isAt(at, pointer)) return Outcome.FAILURE;
          break;
        case Op.BACKREFERENCE: {
          const after = state.backreference(at, pointer);
          if (after < 0) return Outcome.FAILURE;
          pointer = after;
          break;
        }
        case Op.CONDITIONAL:
          if (state.isSet(at.a)) {
            at = at.body as Instruction;
            continue;
          }
          break;
        case Op.SUCCESS:
          return this.#succeed(pointer);
        default:
          return this.#continueAt(at, pointer);
      }
      at = at.next as Instruction;
    }
  }

  /** Begins the instruction at which `#simple` stopped. */
  #branching(): number {
    const context = this.#context;
    const { at, pointer } = context;
    switch (at.op) {
      case Op.BRANCH:
        this.#save(context);
        context.count = 0;
        return this.#nextAlternative(context);

      case Op.REPEAT_ONE: {
        const count = this.state.count(at, pointer, at.b);
        if (count < at.a) return Outcome.FAILURE;
        if ((at.next as Instruction).op === Op.SUCCESS) {
          const outcome = this.#succeed(pointer + count);
          if (outcome === Outcome.SUCCESS) return outcome;
        }
        this.#save(context);
        context.count = count;
        context.pointer = pointer + count;
        return this.#giveBack(context);
      }

      case Op.LAZY_ONE: {
        const count = at.a === 0 ? 0 : this.state.count(at, pointer, at.a);
        if (count < at.a) return Outcome.FAILURE;
        this.#save(context);
        context.count = count;
        context.pointer = pointer + count;
        return this.#enter(Resume.LAZY_ONE, at.next, context.pointer);
      }

      case Op.REPEAT:
        context.repeat = { count: -1, instruction: at, outer: this.#repeat, last: -1 };
        this.#repeat = context.repeat;
        return this.#enter(Resume.REPEAT, at.next, pointer);

      case Op.MAX_UNTIL: {
        const repeat = this.#repeat as Repeat;
        const { a: least, b: most, body } = repeat.instruction;
        context.repeat = repeat;
        context.count = repeat.count + 1;
        if (context.count < least) {
          repeat.count = context.count;
          return this.#enter(Resume.MAX_LEAST, body, pointer);
        }
        if ((context.count < most || most === MAX_REPEAT) && pointer !== repeat.last) {
          repeat.count = context.count;
          this.#save(context, true);
          context.savedLast = repeat.last;
          repeat.last = pointer;
          return this.#enter(Resume.MAX_MORE, body, pointer);
        }
        this.#repeat = repeat.outer;
        return this.#enter(Resume.MAX_TAIL, at.next, pointer);
      }

      case Op.MIN_UNTIL: {
        const repeat = this.#repeat as Repeat;
        context.repeat = repeat;
        context.count = repeat.count + 1;
        if (context.count < repeat.instruction.a) {
          repeat.count = context.count;
          return this.#enter(Resume.MIN_LEAST, repeat.instruction.body, pointer);
        }
        this.#repeat = repeat.outer;
        this.#save(context);
        return this.#enter(Resume.MIN_TAIL, at.next, pointer);
      }

      case Op.POSSESSIVE:
        context.count = 0;
        return this.#repeatPossessively(context, pointer, true);

      case Op.ATOMIC:
        return this.#enter(Resume.ATOMIC, at.body, pointer, false);

      case Op.ASSERT:
        if (pointer < at.a) return Outcome.FAILURE;
        return this.#enter(Resume.ASSERT, at.body, pointer - at.a, false);

      default:
        // Op.ASSERT_NOT: too near to the beginning to look behind, it holds.
        if (pointer < at.a) return this.#continueAt(at.next, pointer);
        this.#save(context);
        return this.#enter(Resume.ASSERT_NOT, at.body, pointer - at.a, false);
    }
  }

  /** The next alternative, from `context.count` on, that can begin here. */
  #nextAlternative(context: Context): number {
    const { at, pointer } = context;
    while (context.count < at.alternatives.length) {
      const alternative = at.alternatives[context.count++];
      if (this.state.canBegin(alternative, pointer)) return this.#enter(Resume.BRANCH, alternative, pointer);
    }
    return Outcome.FAILURE;
  }

  /** What follows a greedy repeat of one unit, at the longest length that is left to try. */
  #giveBack(context: Context): number {
    const { at } = context;
    const next = at.next as Instruction;
    for (; context.count >= at.a; context.count--, context.pointer--) {
      if (this.state.canBegin(next, context.pointer)) {
        return this.#enter(Resume.REPEAT_ONE, next, context.pointer);
      }
    }
    return Outcome.FAILURE;
  }

  /** One more iteration from `pointer`, or what follows if that is all. */
  #repeatPossessively(context: Context, pointer: number, moved: boolean): number {
    const { a: least, b: most, body, next } = context.at;
    context.pointer = pointer;
    if (context.count < least) return this.#enter(Resume.POSSESSIVE_LEAST, body, pointer, false);
    if ((context.count < most || most === MAX_REPEAT) && moved) {
      this.#save(context, true);
      return this.#enter(Resume.POSSESSIVE_MORE, body, pointer, false);
    }
    return this.#continueAt(next, pointer);
  }

  /** The context that the present one started has ended with `success`. */
  #resume(success: boolean): number {
    const context = this.#context;
    const { at, pointer } = context;
    const outcome = success ? Outcome.SUCCESS : Outcome.FAILURE;
    switch (context.resume) {
      case Resume.BRANCH:
        if (success) return outcome;
        this.#restore(context);
        return this.#nextAlternative(context);

      case Resume.REPEAT_ONE:
        if (success) return outcome;
        this.#restore(context);
        context.count--;
        context.pointer--;
        return this.#giveBack(context);

      case Resume.LAZY_ONE:
        if (success) return outcome;
        this.#restore(context);
        if (at.b !== MAX_REPEAT && context.count >= at.b) return outcome;
        if (this.state.count(at, pointer, 1) === 0) return outcome;
        context.count++;
        context.pointer++;
        return this.#enter(Resume.LAZY_ONE, at.next, context.pointer);

      case Resume.REPEAT:
        this.#repeat = (context.repeat as Repeat).outer;
        return outcome;

      case Resume.MAX_LEAST:
      case Resume.MIN_LEAST:
        if (!success) (context.repeat as Repeat).count = context.count - 1;
        return outcome;

      case Resume.MAX_MORE: {
        const repeat = context.repeat as Repeat;
        repeat.last = context.savedLast;
        if (success) return outcome;
        this.#restore(context);
        repeat.count = context.count - 1;
        this.#repeat = repeat.outer;
        return this.#enter(Resume.MAX_TAIL, at.next, pointer);
      }

      case Resume.MAX_TAIL:
        this.#repeat = context.repeat;
        return outcome;

      case Resume.MIN_TAIL: {
        const repeat = context.repeat as Repeat;
        this.#repeat = repeat;
        if (success) return outcome;
        this.#restore(context);
        const most = repeat.instruction.b;
        if ((context.count >= most && most !== MAX_REPEAT) || pointer === repeat.last) return outcome;
        repeat.count = context.count;
        context.savedLast = repeat.last;
        repeat.last = pointer;
        return this.#enter(Resume.MIN_MORE, repeat.instruction.body, pointer);
      }

      case Resume.MIN_MORE: {
        const repeat = context.repeat as Repeat;
        repeat.last = context.savedLast;
        if (!success) repeat.count = context.count - 1;
        return outcome;
      }

      case Resume.POSSESSIVE_LEAST:
        if (!success) return outcome;
        context.count++;
        return this.#repeatPossessively(context, this.end, true);

      case Resume.POSSESSIVE_MORE:
        if (!success) {
          this.#restore(context);
          return this.#continueAt(at.next, pointer);
        }
        context.count++;
        return this.#repeatPossessively(context, this.end, this.end !== pointer);

      case Resume.ATOMIC:
        return success ? this.#continueAt(at.next, this.end) : outcome;

      case Resume.ASSERT:
        return success ? this.#continueAt(at.next, pointer) : outcome;

      default:
        // Resume.ASSERT_NOT
        if (success) return Outcome.FAILURE;
        this.#restore(context);
        return this.#continueAt(at.next, pointer);
    }
  }
}
