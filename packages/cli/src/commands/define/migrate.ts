import { Option } from 'commander';
import { readAhead } from '../../source/ahead.js';
import type { MigrateCommand } from '../migrate.js';
import { several } from './arguments.js';
import type { Define } from './definition.js';

export const migrate: Define = (program, io, done) => {
  program
    .command('migrate')
    .description('rewrites a model of one scikit-learn for another, so that it loads and answers as it did')
    .argument('[in]', 'a model saved by scikit-learn 0.17 to 1.9: pickle, joblib or skops (- is standard input)')
    .argument('[out]', 'where to write it; its extension says the format (- is standard output)')
    .option('--to-sklearn <version>', 'the scikit-learn that shall load it, as in 1.7 or 1.7.2 (default: the newest)')
    .addOption(new Option('--numpy <n>', 'names of numpy 1 or 2 alone; unless told, both load it').choices(['1', '2']))
    .option('--to <format>', 'pickle, joblib or skops, where the extension of OUT does not say it')
    .option('--dry-run', 'says what would change, and writes nothing')
    .option('--compress <how>', 'none, zlib, gzip, lz4 or xz, and a level as in zlib:6')
    .option('--protocol <n>', 'of pickle (2 to 5) or skops (0 to 2)', Number)
    .option('--pick <part>', 'the part to write, of a file that holds several')
    .option(
      '--keep-unknown <name>',
      'a class or function to carry over though nobody knows it; again for more',
      several,
      [],
    )
    .option(
      '--allow <verdict>',
      'a verdict on IN that shall not stand in the way: dangerous, unknown, incomplete',
      several,
      [],
    )
    .option('--force', 'overwrites OUT')
    .option('--list', 'lists the versions that models are written for')
    .option('--json', 'what happened as JSON')
    .action(async (from: string | undefined, to: string | undefined, options: MigrateCommand) => {
      readAhead(from);
      done(await (await import('../migrate.js')).migrateCommand(from, to, options, io));
    });
};
