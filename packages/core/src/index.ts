export { BrineError, type ErrorCode, type Place, errorCodes } from './errors.js';
export { type Source, BlobSource, BufferSource } from './bytes/source.js';
