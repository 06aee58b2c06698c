export { BrineError, type ErrorCode, type Place, errorCodes } from './errors.js';
export { type Source, BlobSource, BufferSource } from './bytes/source.js';
export { type Codec, type Compression, type PlatformDecoder, setPlatformDecoder } from './bytes/decompress.js';
export { decompress, decompressBytes, sniffCompression } from './bytes/decompress.js';
export { EXPANSION_LIMITS, ExpansionBudget, type ExpansionLimits } from './bytes/expansion.js';
