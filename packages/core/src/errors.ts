/**
 * Every failure that a caller can meet is a `BrineError` with a stable code.
 *
 * The table is the contract: scripts match on `code`, people read `message`. Adding a code is fine,
 * changing the meaning of one is not.
 */
export const errorCodes = {
  // the bytes
  EMPTY: 'the file has no content',
  TRUNCATED: 'the file ends before what it announces',
  CORRUPT: 'the file contradicts itself',
  UNSUPPORTED: 'the file is valid, but uses something brine does not read',
  UNKNOWN_FORMAT: 'the content is of no format that brine knows',
  NOT_A_MODEL: 'the content is known, but holds no model',
  MISSING_PART: 'a file that belongs to this one is not beside it',
  LIMIT: 'a named limit was reached',
  READ: 'the file could not be read',
  WRITE: 'the result could not be written',
  // the model
  UNKNOWN_CLASS: 'the model needs a class that nothing here understands',
  BAD_STATE: 'an attribute of the saved object is missing or of the wrong kind',
  NOT_FITTED: 'the estimator was saved before it was fitted',
  NO_METHOD: 'the model does not offer this method',
  AMBIGUOUS: 'more than one reading is possible, and the choice is the caller’s',
  // the input
  BAD_INPUT: 'the input does not fit what the model expects',
  BAD_ARGUMENT: 'an option or argument is not valid',
  ABORTED: 'the caller cancelled the work',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Where in a file or object something went wrong. */
export interface Place {
  /** The file, as the caller named it. */
  readonly file?: string;
  /** Byte offset into the file (or into the decompressed stream it holds). */
  readonly offset?: number;
  /** The path inside the object, such as `steps[1][1].coef_`. */
  readonly path?: string;
}

export class BrineError extends Error {
  readonly code: ErrorCode;
  readonly place: Place;

  constructor(code: ErrorCode, message: string, place: Place = {}, options?: ErrorOptions) {
    super(message + describePlace(place), options);
    this.name = 'BrineError';
    this.code = code;
    this.place = place;
  }
}

function describePlace(place: Place): string {
  const parts: string[] = [];
  if (place.path !== undefined && place.path !== '') parts.push(`at ${place.path}`);
  if (place.offset !== undefined) parts.push(`at byte ${place.offset}`);
  if (place.file !== undefined) parts.push(`in ${place.file}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
