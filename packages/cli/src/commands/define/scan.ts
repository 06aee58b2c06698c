import type { Define } from './definition.js';

export const scan: Define = (program, io, done) => {
  program
    .command('scan')
    .description('may these files be let in? exit 0 clean, 1 dangerous, 2 incomplete, 3 unknown, 4 could not run')
    .argument('<path...>', 'files and folders; - is standard input')
    .option('--json', 'for machines')
    .action(async (paths: string[], options: { json?: boolean }) => {
      done(await (await import('../scan.js')).scan(paths, options, io));
    });
};
