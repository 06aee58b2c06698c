import { Option } from 'commander';
import { readAhead } from '../../source/ahead.js';
import type { EnvOptions } from '../env.js';
import type { Define } from './definition.js';

const EXAMPLES = `
Examples:
  brine env model.pkl                              what wrote it, what loads it, and how that is known
  brine env model.pkl --format requirements        an environment that loads it as it is
  brine env model.pkl --check requirements.txt     what breaks in yours, in the words of the error
  brine env model.pkl --check .venv/bin/python
  brine env --error "ModuleNotFoundError: No module named 'numpy._core'"`;

export const env: Define = (program, io, done) => {
  program
    .command('env')
    .description('which environment wrote a file, which ones load it, and what breaks in yours')
    .argument('[file]', 'a pickle, joblib or skops file')
    .addOption(
      new Option('--format <format>', 'how to write the environment').choices([
        'text',
        'requirements',
        'pyproject',
        'conda',
        'docker',
      ]),
    )
    .option(
      '--check <environment>',
      'a lock file, a virtualenv or a Python interpreter: what breaks there? exit 1 if something does',
    )
    .option('--error <text>', 'an error that Python printed: its cause, and what to do (- is standard input)')
    .option('--json', 'for machines')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, options: EnvOptions) => {
      readAhead(file);
      done(await (await import('../env.js')).env(file, options, io));
    });
};
