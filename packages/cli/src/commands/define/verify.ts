import { InvalidArgumentError } from 'commander';
import { readAhead } from '../../source/ahead.js';
import type { VerifyCommandOptions } from '../verify/index.js';
import { engineOption } from './arguments.js';
import { several } from './arguments.js';
import type { Define } from './definition.js';

function tolerance(value: string): number {
  const n = Number(value);
  if (value.trim() === '' || !(n >= 0)) throw new InvalidArgumentError('a number from 0 is needed');
  return n;
}

export const verify: Define = (program, io, done) => {
  program
    .command('verify')
    .description('do two files answer the same? exit 0 same, 1 different')
    .argument('<files...>', 'MODEL OTHER: two models of any formats, or a model and answers (CSV, JSON, NPY, NPZ)')
    .option('-d, --data <file>', 'rows to give to both; without it, inputs are made from what the models tell')
    .option('-m, --method <name>', 'compare only this method; again, or several with commas', several, [])
    .option('--rtol <x>', 'grant this part of the larger number', tolerance)
    .option('--atol <x>', 'and grant this much', tolerance)
    .option('--save <file>', 'keep the first model’s answers as JSON, for a later `brine verify MODEL FILE`')
    .addOption(engineOption())
    .option('--drop <column>', 'a column of the data to leave out; again, or several with commas', several, [])
    .option('--ignore-extra', 'leave out columns that the model does not know, instead of refusing')
    .option('--no-header', 'the first line of a CSV file is data, not names')
    .option('--json', 'the report for machines')
    .action(async (files: string[], options: VerifyCommandOptions) => {
      readAhead(files[0]);
      done(await (await import('../verify/index.js')).verify(files, options, io));
    });
};
