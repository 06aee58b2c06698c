/**
 * What goes wrong when a file meets an environment: a table in which every entry knows its error, foresees it from file
 * and environment, and says what to do. One file for each owner of the errors.
 */
import type { Break } from './break.js';
import { bytesBreaks } from './bytes.js';
import { librariesBreaks } from './libraries.js';
import { othersBreaks } from './others.js';
import { packagesBreaks } from './packages.js';
import { pythonBreaks } from './python.js';
import { silentBreaks } from './silent.js';
import { sklearnBreaks } from './sklearn.js';

export type { Break, Installed } from './break.js';

const stages = ['load', 'predict', 'silent', 'warning'];

/** In the order in which they would be met. */
export const breaks: readonly Break[] = [
  ...bytesBreaks,
  ...pythonBreaks,
  ...othersBreaks,
  ...librariesBreaks,
  ...sklearnBreaks,
  ...silentBreaks,
  ...packagesBreaks,
].sort((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
