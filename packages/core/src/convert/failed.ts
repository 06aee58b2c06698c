import { BrineError } from '../errors.js';

/** WRITE: an output that was written beside its place must not be put there. */
export function failed(message: string, cause?: unknown): BrineError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new BrineError('WRITE', `${message}${why}; nothing was put in place`, {}, { cause });
}
