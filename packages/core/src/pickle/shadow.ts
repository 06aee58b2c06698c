import type { Opcode } from './opcodes.js';
import type { PyValue } from './values.js';

/** What one opcode does to marks and memo. */
export interface ShadowEffect {
  /** Marks that are open before it. */
  readonly marks: number;
  /** The offset of the mark that it takes off. */
  readonly mark: number | undefined;
  readonly memoised: number | undefined;
  readonly problem: string | undefined;
}

/**
 * A stack that only knows marks from other items, as `pickletools.dis` keeps it: enough to indent, and it
 * survives streams that the machine refuses.
 */
export class Shadow {
  /** The highest protocol among the opcodes seen. */
  protocol = -1;
  /** True for a mark. */
  readonly #stack: boolean[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Set<number>();

  step(opcode: Opcode, argument: PyValue | undefined, at: number): ShadowEffect {
    const stack = this.#stack;
    this.protocol = Math.max(this.protocol, opcode.protocol);
    const marks = this.#marks.length;
    let pops: number = opcode.before.length;
    let mark: number | undefined;
    let problem: string | undefined;
    const below = opcode.before.indexOf('mark');
    if (below >= 0 || (opcode.name === 'POP' && stack.at(-1) === true)) {
      pops = Math.max(below, 0);
      mark = this.#marks.pop();
      if (mark === undefined) problem = 'no mark is on the stack';
      else while (stack.length > 0 && stack.pop() !== true);
    }

    let memoised: number | undefined;
    if (opcode.name === 'MEMOIZE') memoised = this.#memo.size;
    const put = memoised ?? (isPut(opcode) ? Number(argument) : undefined);
    if (put !== undefined) {
      if (this.#memo.has(put)) problem = `memo index ${put} is already in use`;
      else if (stack.length === 0) problem = 'the stack is empty: nothing to memoise';
      else if (stack.at(-1) === true) problem = 'a mark cannot be memoised';
      this.#memo.add(put);
    } else if (isGet(opcode) && !this.#memo.has(Number(argument))) {
      problem = `nothing was memoised at ${Number(argument)}`;
    }

    if (stack.length < pops) problem ??= `takes ${pops} items off a stack of ${stack.length}`;
    stack.length = Math.max(0, stack.length - pops);
    for (const item of opcode.after) {
      stack.push(item === 'mark');
      if (item === 'mark') this.#marks.push(at);
    }
    return { marks, mark, memoised, problem };
  }

  /** What is wrong after STOP. */
  left(): string | undefined {
    const items = this.#stack.length;
    return items === 0 ? undefined : `${items} item${items === 1 ? ' is' : 's are'} left on the stack`;
  }
}

function isPut(opcode: Opcode): boolean {
  return opcode.name === 'PUT' || opcode.name === 'BINPUT' || opcode.name === 'LONG_BINPUT';
}

function isGet(opcode: Opcode): boolean {
  return opcode.name === 'GET' || opcode.name === 'BINGET' || opcode.name === 'LONG_BINGET';
}
