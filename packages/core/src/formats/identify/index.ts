/** What a file is, by its content: one ordered table of detectors, and `identify`, which asks them. */
export { identify } from './identify.js';
export { type Confidence, type Format, formatNames, type Identity } from './identity.js';
