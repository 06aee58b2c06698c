import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { UsageError, fail } from './failure.js';
import type { Io } from './io.js';
import type { PredictOptions } from './predict.js';
import { version } from './version.js';

const EXAMPLES = `
Examples:
  brine info model.pkl                         what it is, and what is inside
  brine scan models/                           may these files be let in?
  brine predict model.joblib data.csv          predictions as CSV
  brine predict vectorizer.pkl model.pkl texts.csv -o out.csv
  brine predict model.pkl data.csv --method predict_proba --keep id
  brine json scaler.pkl --max-items 5          everything inside, as JSON
  brine dis model.pkl | less                   the pickle, opcode by opcode

Nothing in a file is ever run.`;

/**
 * The command line. Gives the exit code: 0, or 1 for a failure and 2 for wrong use, but for `scan`, whose
 * codes are its verdicts.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const json = argv.includes('--json');
  const program = build(io, (code) => {
    exitCode = code;
  });
  try {
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    // A command that could not run is no verdict: 4 is the contract's.
    const code = error instanceof CommanderError ? await wrongUse(io, error, json) : await fail(io, error, json);
    return argv[0] === 'scan' && code !== 0 ? 4 : code;
  }
}

async function wrongUse(io: Io, error: CommanderError, json: boolean): Promise<number> {
  if (error.exitCode === 0) return 0;
  const [sentence, hint] = error.message.replace(/^error: /, '').split('\n');
  return fail(io, new UsageError(sentence, hint === undefined ? '`brine help` lists the commands' : hint), json);
}

function build(io: Io, done: (code: number) => void): Command {
  const program = new Command('brine');
  program
    .description('Open, check and run saved machine-learning models, without Python.')
    .version(version, '-V, --version', 'the version of brine')
    .helpOption('-h, --help', 'this help')
    .helpCommand('help [command]', 'help for a command')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // Said once, by `fail`.
      outputError: () => undefined,
    });

  program
    .command('info')
    .description('what a file is, who wrote it, what is inside, what it needs')
    .argument('<file...>', 'a saved model of any kind, or a folder')
    .option('--pick <part>', 'look at one part of a file that holds several')
    .option('--json', 'for machines')
    .action(async (files: string[], options: { pick?: string; json?: boolean }) => {
      done(await (await import('./info.js')).info(files, options, io));
    });

  program
    .command('scan')
    .description('may these files be let in? exit 0 clean, 1 dangerous, 2 incomplete, 3 unknown, 4 could not run')
    .argument('<path...>', 'files and folders; - is standard input')
    .option('--json', 'for machines')
    .action(async (paths: string[], options: { json?: boolean }) => {
      done(await (await import('./scan.js')).scan(paths, options, io));
    });

  program
    .command('predict')
    .description('runs a model, or several in turn, on a table')
    .argument('<files...>', 'MODEL… DATA: the models in the order they apply, then a data file (- is standard input)')
    .option('-m, --method <name>', 'scikit-learn’s name of what to compute (default: predict, or transform)')
    .option('-o, --output <file>', 'where results go; its extension says the format', '-')
    .addOption(
      new Option('--format <format>', 'of the results').choices(['csv', 'tsv', 'json', 'jsonl', 'npy', 'npz', 'arrow']),
    )
    .option('--keep <column>', 'a column to hand on to the results; again, or several with commas', columns, [])
    .option('--drop <column>', 'a column to leave out; again, or several with commas', columns, [])
    .option('--ignore-extra', 'leave out columns that the model does not know, instead of refusing')
    .option('--pick <part>', 'the part to run, of a file that holds several')
    .option('--batch <rows>', 'rows at a time', count, 8192)
    .option('--no-header', 'the first line of a CSV file is data, not names')
    .option('--delimiter <char>', 'what stands between the cells of a CSV file')
    .option('--json', 'results and errors as JSON')
    .action(async (files: string[], options: PredictOptions) => {
      done(await (await import('./predict.js')).predict(files, options, io));
    });

  program
    .command('dis')
    .description('annotated pickle disassembly')
    .argument('<file>', 'a pickle or joblib file, compressed or not')
    .option('--all', 'whole arguments, however long')
    .option('--json', 'one JSON object a line')
    .action(async (file: string, options: { all?: boolean; json?: boolean }) => {
      done(await (await import('./dis.js')).dis(file, options, io));
    });

  program
    .command('json')
    .description('the whole content as tagged JSON')
    .argument('<file>', 'a saved object')
    .option('--max-items <n>', 'only the first items of arrays', count)
    .option('--pick <part>', 'one part of a file that holds several')
    .action(async (file: string, options: { maxItems?: number; pick?: string }) => {
      done(await (await import('./json.js')).json(file, options, io));
    });

  return program;
}

function columns(value: string, before: string[]): string[] {
  return [...before, value];
}

function count(value: string): number {
  const n = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(n) || n < 1)
    throw new InvalidArgumentError('a whole number from 1 is needed');
  return n;
}
