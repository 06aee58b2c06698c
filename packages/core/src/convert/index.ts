/** Writing models anew. A program that does only that begins here, and loads no more than it takes. */
export { open } from '../model/open.js';
export { convert, type Conversion, type ConvertOptions, type Dropped, type Verified } from './convert.js';
export { targetNamed, targetOfName, targets } from './targets.js';
export type { OutputPart, Prepared, SplitOptions, Subject, Target, TargetOptions } from './target.js';
