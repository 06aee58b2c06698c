/**
 * Which environment wrote a file, which ones load it, and what goes wrong in the others: evidence from inside the
 * file, and a table of the errors that people meet.
 */
export { environmentOf, type Conclusion, type EnvironmentReport, type Pin } from './environment.js';
export { type Evidence, type Library } from './evidence.js';
export { explainError, foresee, type Problem } from './explain.js';
export { type Installed } from './breaks/index.js';
export { environmentList, listFormats, type ListFormat } from './lists.js';
export { needsOf, type Needs } from './packages.js';
export { rangeText, type VersionRange } from './ranges.js';
