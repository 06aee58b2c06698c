import { BrineError, type Place } from '../../errors.js';

/**
 * Longest pattern that is compiled, in code points. Patterns made by joining a word list run to tens of
 * thousands; beyond this a file is more likely to be testing us (CWE-400).
 */
export const PATTERN_LENGTH_LIMIT = 100_000;

/**
 * Reads a pattern one token at a time: a code point, or a backslash with the code point after it.
 * `''` is the end.
 */
export class PatternTokens {
  readonly #chars: readonly string[];
  readonly #pattern: string;
  readonly #place: Place;
  #index = 0;
  next = '';

  constructor(pattern: string, place: Place) {
    this.#pattern = pattern;
    this.#place = place;
    if (pattern.length > 2 * PATTERN_LENGTH_LIMIT) this.#tooLong(pattern.length);
    this.#chars = Array.from(pattern);
    if (this.#chars.length > PATTERN_LENGTH_LIMIT) this.#tooLong(this.#chars.length);
    this.#advance();
  }

  #tooLong(length: number): never {
    throw new BrineError(
      'LIMIT',
      `the regular expression is ${length} characters long; PATTERN_LENGTH_LIMIT is ${PATTERN_LENGTH_LIMIT}`,
      this.#place,
    );
  }

  #advance(): void {
    let token = this.#chars[this.#index] ?? '';
    this.#index++;
    if (token === '\\') {
      if (this.#index >= this.#chars.length) throw this.error('bad escape (end of pattern)');
      token += this.#chars[this.#index];
      this.#index++;
    }
    this.next = token;
  }

  get(): string {
    const token = this.next;
    this.#advance();
    return token;
  }

  /** Consumes `token` if it comes next. */
  match(token: string): boolean {
    if (this.next !== token) return false;
    this.#advance();
    return true;
  }

  getWhile(count: number, accepted: RegExp): string {
    let result = '';
    while (result.length < count && accepted.test(this.next)) result += this.get();
    return result;
  }

  getUntil(terminator: string, what: string): string {
    let result = '';
    for (;;) {
      const token = this.get();
      if (token === '')
        throw this.error(result === '' ? `missing ${what}` : `missing ${terminator}, unterminated name`);
      if (token === terminator) {
        if (result === '') throw this.error(`missing ${what}`);
        return result;
      }
      result += token;
    }
  }

  /** Index of the token that comes next, in code points. */
  tell(): number {
    return this.#index - (this.next === '' ? 1 : Array.from(this.next).length);
  }

  seek(index: number): void {
    this.#index = index;
    this.#advance();
  }

  error(message: string): BrineError {
    return new BrineError(
      'BAD_STATE',
      `the pattern ${shorten(this.#pattern)} is no Python regular expression: ${message}, before character ${this.tell()}`,
      this.#place,
    );
  }

  unsupported(message: string): BrineError {
    return new BrineError('UNSUPPORTED', `the pattern ${shorten(this.#pattern)} ${message}`, this.#place);
  }

  limit(message: string): BrineError {
    return new BrineError('LIMIT', `the pattern ${shorten(this.#pattern)} ${message}`, this.#place);
  }
}

/** A pattern as an error message shows it. */
export function shorten(pattern: string): string {
  return JSON.stringify(pattern.length > 80 ? `${pattern.slice(0, 77)}…` : pattern);
}
