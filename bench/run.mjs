/**
 * brine beside Python, in one run: cold start, loading, predicting, long pickles, a large array. Prints figures and
 * ratios; asserts nothing.
 *
 *     BRINE_PYTHON=path/to/python node bench/run.mjs [WORD…]
 *
 * (A Python with scikit-learn; default python3. With words, only the lines whose names hold one of them. The files are
 * made on the first run, into bench/.data.) Each figure is the quickest of many, of cold starts the median, by the
 * clock; the ratio of processor time stands beside, since a busy machine leaves it alone. Both sides have one thread,
 * and take turns. Of pipelines all figures are processor time.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import './start.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const python = process.env.BRINE_PYTHON ?? 'python3';
const words = process.argv.slice(2);
const folder = here('.data');
const MB = 2 ** 20;

execFileSync(python, [here('make.py'), folder], { stdio: 'inherit' });
const versions = JSON.parse(readFileSync(`${folder}/versions.json`, 'utf8'));

const oneThread = Object.fromEntries(['OMP', 'OPENBLAS', 'MKL'].map((name) => [`${name}_NUM_THREADS`, '1']));
const env = { ...process.env, ...oneThread };

/** Runs a task on one side: what it reports, and its wall time in milliseconds. */
function run([command, script], args, input) {
  const start = performance.now();
  const child = spawnSync(command, [here(script), folder, ...args], { env, input, encoding: 'utf8' });
  const wall = performance.now() - start;
  if (child.status !== 0) throw new Error(`${script} ${args.join(' ')}: ${child.stderr}`);
  return { wall, ...JSON.parse(child.stdout) };
}
const node = [process.execPath, 'task.mjs'];
const pythonSide = [python, 'task.py'];

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const least = (numbers) => Math.min(...numbers);

/** Both sides in turn, `times` times; each figure reduced to one. */
function both(args, times, reduce, input) {
  const runs = { brine: [], python: [] };
  for (let i = 0; i < times; i++) {
    runs.brine.push(run(node, args, input));
    runs.python.push(run(pythonSide, args, input));
  }
  const reduced = (of) => Object.fromEntries(Object.keys(of[0]).map((key) => [key, reduce(of.map((r) => r[key]))]));
  const [ours, theirs] = [reduced(runs.brine), reduced(runs.python)];
  const equal = Math.abs(ours.answer - theirs.answer) <= 1e-12 * Math.abs(theirs.answer);
  return { ours, theirs, note: ours.answer === undefined || equal ? '' : `ANSWERS ${ours.answer}, ${theirs.answer}` };
}

const figure = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const time = (ms) => (ms < 1 ? `${figure(1000 * ms)} µs` : ms < 10000 ? `${figure(ms)} ms` : `${figure(ms / 1000)} s`);
const size = (bytes) => `${figure(bytes / MB)} MB`;

/** One line of the table. `key` names a time among what both sides report; `most` is a limit, `target` a ratio. */
function line(name, ours, theirs, key, { target, most, note = '' } = {}) {
  const ratio = theirs[key] / ours[key];
  const cpu = theirs[`${key} cpu`] / ours[`${key} cpu`];
  const met = most === undefined ? ratio >= target : ours[key] <= most;
  const aim = most === undefined ? `≥ ${target}×` : `≤ ${time(most)}`;
  const aimed = target !== undefined || most !== undefined;
  const times = [time(ours[key]), time(theirs[key]), `${figure(ratio)}×`, `${figure(cpu)}×`];
  add([name, ...times, ...(aimed ? [aim, met ? 'met' : 'MISSED'] : ['', '']), note]);
}

/** Memory: brine's share of Python's. */
function memory(name, ours, theirs, most) {
  const share = ours.peak / theirs.peak;
  const aim = most === undefined ? ['', ''] : [`≤ ${most}×`, share <= most ? 'met' : 'MISSED'];
  add([`${name}: memory`, size(ours.peak), size(theirs.peak), `${share.toFixed(2)}×`, '', ...aim]);
}

function add(cells) {
  if (cells.includes('MISSED')) missed++;
  print(cells);
}
let missed = 0;

const widths = [41, 8, 8, 7, 7, 9, 6];
function print(cells) {
  const line = cells.map((c, i) => (i === 0 ? c.padEnd(widths[i]) : c.padStart(widths[i] ?? 0))).join(' ');
  console.log(line.trimEnd());
}

const jobs = [];
const job = (name, work) => jobs.push({ name, work });

const firstRow = new Float64Array(new Uint8Array(readFileSync(`${folder}/rows.npy`).subarray(128, 368)).buffer);
for (const [file, name, target] of [
  ['rf.joblib', 'RF', 4],
  ['lr.joblib', 'LR', 6],
]) {
  job(`cold start, ${name}`, (label) => {
    const { ours, theirs, note } = both(['cold', file], 9, median, firstRow.join(','));
    line(label, ours, theirs, 'wall', { target, note });
    memory(label, ours, theirs, 0.65);
  });
}
for (const [file, name, target] of [
  ['rf.joblib', 'joblib', 2],
  ['rf-3.joblib', 'joblib, compress=3', 1.5],
  ['rf-5.pkl', 'pickle, protocol 5', undefined],
]) {
  job(`load RF, ${name}`, (label) => {
    const { ours, theirs } = both(['loading', file], 3, least);
    line(label, ours, theirs, 'load', { target });
    const answered = { ...ours, load: ours.answered, 'load cpu': ours['answered cpu'] };
    line(`${label} + an answer`, answered, theirs, 'load');
  });
}
for (const [file, name, method, one, target] of [
  ['rf.joblib', 'RF', 'predict', 100, 1],
  ['gb.joblib', 'GB', 'predict_proba', undefined, 1],
  ['hgb.joblib', 'HGB', 'predict_proba', undefined, 1],
  ['lr.joblib', 'LR', 'predict_proba', undefined, 1],
  ['scaler-lr.joblib', 'scaler + LR', 'predict_proba', undefined, 1],
]) {
  job(`${name}.${method}`, (label) => {
    const { ours, theirs, note } = both(['rows', file, method], 2, least);
    line(`${label}, one row`, ours, theirs, 'row', { target: one });
    line(`${label}, 10,000 rows`, ours, theirs, 'rows', { target, note });
  });
}
job('tf-idf + LR.predict_proba', (label) => {
  const { ours, theirs, note } = both(['text', 'text.joblib', 'predict_proba'], 2, least);
  line(`${label}, one text`, ours, theirs, 'row');
  line(`${label}, 1,000 texts`, ours, theirs, 'rows', { target: 1, note });
});
job('pipelines', () => {
  const { stdout } = spawnSync(python, [here('pipelines.py'), folder], { env, encoding: 'utf8', maxBuffer: MB });
  const ours = spawnSync(process.execPath, [here('pipelines.mjs'), folder], { env, input: stdout, encoding: 'utf8' });
  if (ours.status !== 0) throw new Error(`pipelines: ${ours.stderr}`);
  const figures = JSON.parse(ours.stdout);
  JSON.parse(stdout).forEach(({ name, count, answer, ...theirs }, i) => {
    const both = (key) => [figures[i][key], theirs[key], theirs[key] / figures[i][key]];
    const cells = ([a, b, ratio]) => [time(a), time(b), '', `${figure(ratio)}×`];
    const alike = Math.abs(figures[i].answer - answer) <= 1e-9 * Math.abs(answer);
    print([`${name}, one row`, ...cells(both('row'))]);
    print([`${name}, ${count.toLocaleString('en')}`, ...cells(both('rows')), '', '', alike ? '' : 'ANSWERS DIFFER']);
  });
});
job('pickle of 5 million opcodes', (label) => {
  const { ours, theirs } = both(['once', 'opcodes.pkl'], 2, least);
  line(label, ours, theirs, 'load', { most: 1500 });
  memory(label, ours, theirs);
});
job('dict of 1 million floats', (label) => {
  const { ours, theirs } = both(['once', 'dict.pkl'], 2, least);
  line(label, ours, theirs, 'load');
});
job('open an array of 1 GiB', (label) => {
  const { ours, theirs } = both(['once', 'array.joblib'], 1, least);
  const note = ours.read === undefined ? '' : `${(ours.read / 1024).toFixed(0)} KB read`;
  line(label, ours, theirs, 'load', { note });
  line(`${label}, mmap_mode='r'`, ours, { load: theirs.mapped, 'load cpu': theirs['mapped cpu'] }, 'load');
  memory(label, ours, theirs);
});

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0].toFixed(1)}; Node ${process.version}; ` +
    Object.entries(versions)
      .map((pair) => pair.join(' '))
      .join(', '),
);
print(['', 'brine', 'Python', 'ratio', 'CPU', 'target', '']);
for (const { name, work } of jobs) if (words.length === 0 || words.some((word) => name.includes(word))) work(name);
console.log(`targets missed: ${missed}; load at the end ${loadavg()[0].toFixed(1)}`);
