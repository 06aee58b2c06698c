import { BrineError } from '../errors.js';
import { Arena } from './arena.js';
import type { Budget } from './operator.js';

export interface RunLimits {
  /** Nodes and loop turns in one run: a model of honest size takes thousands (CWE-835). */
  readonly steps?: number;
  /** Bytes that one operator may allocate at once (CWE-789). */
  readonly bytes?: number;
  /** Milliseconds in one run; none by default, since honest batches may be long (CWE-400). */
  readonly milliseconds?: number;
  /** Milliseconds in a run that has taken `LOOP_STEPS` steps: a loop that does not end, then (CWE-835). */
  readonly loopMilliseconds?: number;
}

export const RUN_STEPS = 50_000_000;
/** One gibibyte: what no layer of a model that a table or an image goes through needs at once. */
export const RUN_BYTES = 2 ** 30;
/** Steps after which time counts: graphs without loops have fewer nodes, and loops of honest length fewer turns. */
export const LOOP_STEPS = 100_000;
export const LOOP_MILLISECONDS = 5000;
/** How often the clock is looked at, in steps. */
const CLOCK = 255;

export class RunBudget implements Budget {
  readonly arena = new Arena();
  readonly #limits: Required<RunLimits>;
  #steps = 0;
  /** Undefined until the clock counts: looking at it takes as long as a small operator. */
  #began: number | undefined;

  constructor(limits: RunLimits = {}) {
    this.#limits = {
      steps: limits.steps ?? RUN_STEPS,
      bytes: limits.bytes ?? RUN_BYTES,
      milliseconds: limits.milliseconds ?? Infinity,
      loopMilliseconds: limits.loopMilliseconds ?? LOOP_MILLISECONDS,
    };
  }

  /** Begins a new run. */
  start(): void {
    this.#steps = 0;
    this.#began = this.#limits.milliseconds < Infinity ? performance.now() : undefined;
  }

  step(): void {
    if (++this.#steps > this.#limits.steps)
      throw new BrineError('LIMIT', `the run took more than ${this.#limits.steps} steps`);
    if ((this.#steps & CLOCK) !== 0) return;
    this.#began ??= performance.now();
    const { milliseconds, loopMilliseconds } = this.#limits;
    const most = this.#steps > LOOP_STEPS ? Math.min(milliseconds, loopMilliseconds) : milliseconds;
    if (performance.now() - this.#began > most)
      throw new BrineError(
        'LIMIT',
        `the run took longer than ${most} ms and ${this.#steps} steps; a loop that is to go on longer needs another budget`,
      );
  }

  allocate(elements: number, bytesEach: number): void {
    if (!(elements * bytesEach <= this.#limits.bytes))
      throw new BrineError(
        'LIMIT',
        `an operator wants ${elements} elements of ${bytesEach} bytes; the limit is ${this.#limits.bytes} bytes`,
      );
  }
}
