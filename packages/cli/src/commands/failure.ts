import type { ErrorCode, Place } from '@brine/core/bytes';
import { colours } from '../terminal/colours.js';
import { safe } from '../terminal/width.js';
import { complain, printJson, type Io } from './io.js';

/** What a person may do about an error, where the message itself does not say. */
const hints: Readonly<Partial<Record<string, string>>> = {
  UNKNOWN_FORMAT: '`brine info FILE` says what a file is',
  NO_METHOD: '`brine info MODEL` lists the methods',
  NOT_A_MODEL: '`brine info FILE` shows what it holds',
  MISSING_PART: 'copy the whole set of files, not only the first one',
};

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly place: Place;
  readonly hint?: string;
}

/** An error that only the command line knows: wrong use. */
export class UsageError extends Error {
  readonly code: ErrorCode = 'BAD_ARGUMENT';
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

const said = new WeakMap<Error, string>();

/** The error again, with what to do about it. */
export function hinted(error: unknown, hint: string): Error {
  const known = error instanceof Error ? error : new Error(String(error));
  said.set(known, hint);
  return known;
}

/** Any thrown thing as code, sentence and place. What is no BrineError is our own fault, and says so. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError) {
    return {
      code: error.code,
      message: error.message,
      place: {},
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    };
  }
  if (error instanceof Error && error.name === 'BrineError' && 'code' in error) {
    const code = String(error.code);
    const hint = said.get(error) ?? hints[code];
    const place = 'place' in error ? (error.place as Place) : {};
    return { code, message: error.message, place, ...(hint === undefined ? {} : { hint }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'INTERNAL', message: `unexpected: ${message} (please report this)`, place: {} };
}

/** Says on standard error, or as JSON on standard output, why a command failed; gives the exit code. */
export async function fail(io: Io, error: unknown, json: boolean): Promise<number> {
  const failure = failureOf(error);
  const { code, message, place, hint } = failure;
  if (json) {
    await printJson(io, { error: { code, message, place, ...(hint === undefined ? {} : { hint }) } });
  } else {
    const { red, dim } = colours(io.stderr, io.env);
    complain(io, `${red('brine:')} ${safe(message)}`);
    if (hint !== undefined) complain(io, dim(`       ${hint}`));
  }
  return error instanceof UsageError || code === 'BAD_ARGUMENT' ? 2 : 1;
}

/** A BrineError's sentence without its place, for where the place is plain anyway. */
export function plainMessage(error: unknown): string {
  const { message, place } = failureOf(error);
  const parts = [
    place.path === undefined || place.path === '' ? '' : `at ${place.path}`,
    place.offset === undefined ? '' : `at byte ${place.offset}`,
    place.file === undefined ? '' : `in ${place.file}`,
  ];
  const suffix = ` (${parts.filter((part) => part !== '').join(', ')})`;
  return message.endsWith(suffix) ? message.slice(0, -suffix.length) : message;
}
