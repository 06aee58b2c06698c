// The main job: check a pipeline that scikit-learn saved, say what it is, predict a table with it, compare with what
// Python answered; then write it as ONNX, and say how far the two differ.  npm run demo
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open } from 'brine';

const command = join(dirname(fileURLToPath(import.meta.resolve('brine'))), 'main.js');
const here = dirname(fileURLToPath(import.meta.url));
const show = (name) => relative(process.cwd(), join(here, name)) || name;
const model = show('bookings.joblib');
const table = show('bookings.csv');
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
const bold = (text) => paint('1', text);
const dim = (text) => paint('2', text);

/** Runs the command line as anyone would type it, and shows it. */
function brine(...words) {
  console.log(`\n${bold(`$ npx brine ${words.join(' ')}`)}`);
  const run = spawnSync(process.execPath, [command, ...words], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (run.status !== 0) {
    console.error(`brine ${words[0]} ended with ${run.status ?? run.signal}`);
    process.exit(1);
  }
}

/** A table of numbers and words without quotes, which is all that the files of this demo hold. */
function readTable(path) {
  const [head, ...rows] = readFileSync(path, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  return { rows: rows.length, column: (name) => rows.map((row) => row[head.indexOf(name)]), names: head };
}

console.log(dim('A random forest that should tell which hotel bookings get cancelled. scikit-learn trained it and'));
console.log(dim('joblib saved it (examples/make_bookings.py). No Python from here on.'));

brine('scan', model);
brine('info', model);

const scratch = mkdtempSync(join(tmpdir(), 'brine-demo-'));
try {
  const out = join(scratch, 'predictions.csv');
  brine('predict', model, table, '--keep', 'booking', '--drop', 'arrival', '-o', out);

  console.log(dim(readFileSync(out, 'utf8').split('\n').slice(0, 4).join('\n')));

  // The same from code, this time asking for probabilities.
  const bookings = readTable(join(here, 'bookings.csv'));
  const numbers = ['days_ahead', 'nights', 'guests', 'price'];
  const columns = {};
  for (const name of bookings.names)
    columns[name] = bookings
      .column(name)
      .map((cell) => (cell === '' ? null : numbers.includes(name) ? Number(cell) : cell));
  console.log(`\n${bold("> const model = await open('bookings.joblib')")}`);
  const forest = await open(join(here, 'bookings.joblib'));
  console.log(bold("> await model.run('predict_proba', { columns })"));
  const probabilities = await forest.run('predict_proba', { columns });
  console.log(dim(`  ${probabilities.dtype} tensor of ${probabilities.shape.join(' × ')}`));

  // What Python answered, written by the script that trained the model.
  const answers = readTable(join(here, 'bookings.answers.csv'));
  const predicted = readTable(out);
  const labels = predicted.column('prediction');
  const different = answers.column('predict').filter((label, row) => label !== labels[row]).length;
  let largest = 0;
  answers.names.slice(2).forEach((name, k, { length }) =>
    answers.column(name).forEach((cell, row) => {
      largest = Math.max(largest, Math.abs(Number(cell) - probabilities.data[row * length + k]));
    }),
  );

  const same = predicted.rows === answers.rows && different === 0 && largest <= 1e-12;
  console.log(
    `\n${paint(same ? '1;32' : '1;31', same ? '✓ the same as Python' : '✗ not the same as Python')}: ` +
      `${predicted.rows} rows, ${different} labels differ, largest difference of a probability ${largest.toExponential(1)}`,
  );
  process.exitCode = same ? 0 : 1;

  console.log(dim('\nThe same model as ONNX: without code, for any runtime that reads it. Do both answer the same?'));
  const onnx = join(scratch, 'bookings.onnx');
  brine('convert', model, onnx);
  brine('verify', model, onnx);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
