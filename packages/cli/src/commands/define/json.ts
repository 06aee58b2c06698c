import { readAhead } from '../../source/ahead.js';
import { count } from './arguments.js';
import type { Define } from './definition.js';

export const json: Define = (program, io, done) => {
  program
    .command('json')
    .description('the whole content as tagged JSON')
    .argument('<file>', 'a saved object')
    .option('--max-items <n>', 'only the first items of arrays', count)
    .option('--pick <part>', 'one part of a file that holds several')
    .action(async (file: string, options: { maxItems?: number; pick?: string }) => {
      readAhead(file);
      done(await (await import('../json.js')).json(file, options, io));
    });
};
