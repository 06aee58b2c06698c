import { BrineError } from '../errors.js';
import type { Budget } from './operator.js';

export interface RunLimits {
  /** Nodes and loop turns in one run: a model of honest size takes thousands (CWE-835). */
  readonly steps?: number;
  /** Bytes that one operator may allocate at once (CWE-789). */
  readonly bytes?: number;
  /** Milliseconds in one run; none by default, since honest batches may be long (CWE-400). */
  readonly milliseconds?: number;
}

export const RUN_STEPS = 50_000_000;
export const RUN_BYTES = 4 * 2 ** 30;

export class RunBudget implements Budget {
  readonly #limits: Required<RunLimits>;
  #steps = 0;
  #deadline = Infinity;

  constructor(limits: RunLimits = {}) {
    this.#limits = {
      steps: limits.steps ?? RUN_STEPS,
      bytes: limits.bytes ?? RUN_BYTES,
      milliseconds: limits.milliseconds ?? Infinity,
    };
  }

  /** Begins a new run. */
  start(): void {
    this.#steps = 0;
    if (this.#limits.milliseconds !== Infinity) this.#deadline = performance.now() + this.#limits.milliseconds;
  }

  step(): void {
    if (++this.#steps > this.#limits.steps)
      throw new BrineError('LIMIT', `the run took more than ${this.#limits.steps} steps`);
    if ((this.#steps & 1023) === 0 && performance.now() > this.#deadline)
      throw new BrineError('LIMIT', `the run took longer than ${this.#limits.milliseconds} ms`);
  }

  allocate(elements: number, bytesEach: number): void {
    if (!(elements * bytesEach <= this.#limits.bytes))
      throw new BrineError(
        'LIMIT',
        `an operator wants ${elements} elements of ${bytesEach} bytes; the limit is ${this.#limits.bytes} bytes`,
      );
  }
}
