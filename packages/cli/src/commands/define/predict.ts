import { Option } from 'commander';
import { readAhead } from '../../source/ahead.js';
import type { PredictOptions } from '../predict.js';
import { count, engineOption, several } from './arguments.js';
import type { Define } from './definition.js';

export const predict: Define = (program, io, done) => {
  program
    .command('predict')
    .description('runs a model, or several in turn, on a table')
    .argument('<files...>', 'MODEL… DATA: the models in the order they apply, then a data file (- is standard input)')
    .option('-m, --method <name>', 'scikit-learn’s name of what to compute (default: predict, or transform)')
    .option('-o, --output <file>', 'where results go; its extension says the format', '-')
    .addOption(
      new Option('--format <format>', 'of the results').choices(['csv', 'tsv', 'json', 'jsonl', 'npy', 'npz', 'arrow']),
    )
    .option('--keep <column>', 'a column to hand on to the results; again, or several with commas', several, [])
    .option('--drop <column>', 'a column to leave out; again, or several with commas', several, [])
    .option('--ignore-extra', 'leave out columns that the model does not know, instead of refusing')
    .option('--pick <part>', 'the part to run, of a file that holds several')
    .addOption(engineOption())
    .option('--batch <rows>', 'rows at a time', count, 8192)
    .option('--no-header', 'the first line of a CSV file is data, not names')
    .option('--delimiter <char>', 'what stands between the cells of a CSV file')
    .option('--json', 'results and errors as JSON')
    .action(async (files: string[], options: PredictOptions) => {
      readAhead(files[0]);
      done(await (await import('../predict.js')).predict(files, options, io));
    });
};
