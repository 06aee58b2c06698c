/** What a person at a terminal sees: colours, tables, units, progress, suggestions. Nothing here reads or writes data. */
export { type Colours, colours } from './colours.js';
export { type Progress, type ProgressOptions, startProgress } from './progress.js';
export { didYouMean, editDistance, nearest } from './suggest.js';
export { type TableColumn, formatTable } from './table.js';
export { formatBytes, formatCount, formatDuration } from './units.js';
export { fit, safe, textWidth } from './width.js';
