import { Command, CommanderError } from 'commander';
import { info } from './define/info.js';
import { scan } from './define/scan.js';
import { predict } from './define/predict.js';
import { verify } from './define/verify.js';
import { dis } from './define/dis.js';
import { json } from './define/json.js';
import { convert } from './define/convert.js';
import { migrate } from './define/migrate.js';
import { bundle } from './define/bundle.js';
import { env } from './define/env.js';
import type { Define } from './define/definition.js';
import { UsageError, fail } from './failure.js';
import type { Io } from './io.js';
import { version } from './version.js';

/** In the order in which help lists them. */
const commands: readonly Define[] = [info, scan, predict, verify, dis, json, convert, migrate, bundle, env];

const EXAMPLES = `
Examples:
  brine info model.pkl                         what it is, and what is inside
  brine scan models/                           may these files be let in?
  brine predict model.joblib data.csv          predictions as CSV
  brine predict vectorizer.pkl model.pkl texts.csv -o out.csv
  brine predict model.pkl data.csv --method predict_proba --keep id
  brine verify model.joblib model.onnx          do the two answer the same?
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

  for (const define of commands) define(program, io, done);
  return program;
}
