/** skops files: a zip of arrays, and a schema.json that says what to make of them. */
export { readSkopsFile, untrustedTypes, type SkopsFile, type SkopsOptions } from './read.js';
