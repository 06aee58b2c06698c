/** numpy's own files: `.npy` (one array) and `.npz` (a zip of them), read and written. */
export { isNpy, parseNpyHeader, type NpyHeader } from './header.js';
export { npyArray, readNpy, writeNpy, type NpyFile, type ReadObjects } from './read.js';
export { readNpz, type NpzMember } from './npz.js';
