/** What everything rests on: errors, sources, and what a platform does quicker. A program that starts lean begins here. */
export { BrineError, type ErrorCode, type Place } from '../errors.js';
export { setPlatformCrc32 } from './checksums.js';
export { deflated, type Encoder, setPlatformEncoder, setPlatformPacker, type StreamEncoding } from './compress.js';
export { type Codec, type Inflater, setPlatformDecoder, setPlatformHead, setPlatformInflater } from './decompress.js';
export { setPlatformEqual } from './equal.js';
export { BufferSource, type Source } from './source.js';
export { setPlatformAscii, setPlatformLatin1 } from './utf8.js';
