/**
 * brine beside Python, in one run: cold start, loading, predicting, long pickles, a large array. Prints figures and
 * ratios; asserts nothing.
 *
 *     BRINE_PYTHON=path/to/python node bench/run.mjs [WORD…]
 *
 * (A Python with scikit-learn; default python3. With words, only the lines whose names hold one of them. The files are
 * made on the first run, into bench/.data.) Each figure is the quickest of many, of cold starts the median; both sides
 * have one thread, and take turns.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

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
const rows = [];

function line(name, ours, theirs, { show = time, target, most, note = '' } = {}) {
  const ratio = theirs === undefined ? undefined : theirs / ours;
  const cells = [name, show(ours), theirs === undefined ? '' : show(theirs)];
  if (most !== undefined) {
    // Memory: a share of Python's; long pickles: a limit of their own.
    const share = show === size;
    cells.push(share ? `${(ours / theirs).toFixed(2)}×` : ratio === undefined ? '' : `${figure(ratio)}×`);
    cells.push(`≤ ${share ? `${most}×` : show(most)}`, (share ? ours / theirs : ours) <= most ? 'met' : 'MISSED');
  } else {
    cells.push(ratio === undefined ? '' : `${figure(ratio)}×`);
    cells.push(
      target === undefined ? '' : `≥ ${target}×`,
      target === undefined ? '' : ratio >= target ? 'met' : 'MISSED',
    );
  }
  rows.push(cells);
  print([...cells, note]);
}

const widths = [40, 11, 11, 8, 11, 7];
function print(cells) {
  console.log(
    cells
      .map((c, i) => (i === 0 ? c.padEnd(widths[i]) : c.padStart(widths[i] ?? 0)))
      .join(' ')
      .trimEnd(),
  );
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
    line(label, ours.wall, theirs.wall, { target, note });
    line(`${label}: memory`, ours.peak, theirs.peak, { show: size, most: 0.65 });
  });
}
for (const [file, name, target] of [
  ['rf.joblib', 'joblib', 2],
  ['rf-3.joblib', 'joblib, compress=3', 1.5],
  ['rf-5.pkl', 'pickle, protocol 5', undefined],
]) {
  job(`load RF, ${name}`, (label) => {
    const { ours, theirs } = both(['loading', file], 3, least);
    line(label, ours.load, theirs.load, { target });
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
    line(`${label}, one row`, ours.row, theirs.row, { target: one });
    line(`${label}, 10,000 rows`, ours.rows, theirs.rows, { target, note });
  });
}
job('tf-idf + LR.predict_proba', (label) => {
  const { ours, theirs, note } = both(['text', 'text.joblib', 'predict_proba'], 2, least);
  line(`${label}, one text`, ours.row, theirs.row);
  line(`${label}, 1,000 texts`, ours.rows, theirs.rows, { target: 1, note });
});
job('pickle of 5 million opcodes', (label) => {
  const { ours, theirs } = both(['once', 'opcodes.pkl'], 2, least);
  line(label, ours.load, theirs.load, { most: 1500 });
  line(`${label}: memory`, ours.peak, theirs.peak, { show: size });
});
job('dict of 1 million floats', (label) => {
  const { ours, theirs } = both(['once', 'dict.pkl'], 2, least);
  line(label, ours.load, theirs.load);
});
job('open an array of 1 GiB', (label) => {
  const { ours, theirs } = both(['once', 'array.joblib'], 1, least);
  line(label, ours.load, theirs.load);
  line(`${label}, mmap_mode='r'`, ours.load, theirs.mapped);
  line(`${label}: memory`, ours.peak, theirs.peak, { show: size });
  if (ours.read !== undefined) line(`${label}: bytes read`, ours.read, undefined, { show: size });
});

console.log(
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0].toFixed(1)}; Node ${process.version}; ` +
    Object.entries(versions)
      .map((pair) => pair.join(' '))
      .join(', '),
);
print(['', 'brine', 'Python', 'ratio', 'target', '']);
for (const { name, work } of jobs) if (words.length === 0 || words.some((word) => name.includes(word))) work(name);
const missed = rows.filter((cells) => cells.at(-1) === 'MISSED').length;
console.log(`targets missed: ${missed}; load at the end ${loadavg()[0].toFixed(1)}`);
