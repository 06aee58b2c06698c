/**
 * joblib: a pickle whose arrays follow the opcodes as raw bytes, or lie in files beside it. It is read by
 * `readPickleFile` like every other pickle (people give either any extension); this folder knows the
 * wrappers and the parts.
 */
export { joblibLibrary, nothingWrapped, type Part, type Wrapped } from './wrappers.js';
export { readParts } from './parts.js';
