/**
 * Writing beside Python: a forest of 21 MB as joblib and as skops, and reading the skops file of a small one.
 *
 *     BRINE_PYTHON=path/to/python node bench/writers.mjs
 *
 * (A Python with scikit-learn, joblib and skops. The files are made on the first run, into bench/.data. Each figure is
 * the quickest of five or more, one thread on both sides; `skops convert` runs once.)
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, readFileSync, statSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { convert, open, targetNamed } from '../packages/cli/dist/index.js';

const folder = fileURLToPath(new URL('.data/writers', import.meta.url));
const script = fileURLToPath(new URL('writers.py', import.meta.url));
const python = (task) => {
  const ran = spawnSync(process.env.BRINE_PYTHON ?? 'python3', [script, folder, task], {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout === '' ? undefined : JSON.parse(ran.stdout);
};

async function best(times, run) {
  let least = Infinity;
  for (let i = 0; i < times; i++) {
    const begin = performance.now();
    await run();
    least = Math.min(least, performance.now() - begin);
  }
  return least;
}

/** Writes what `convert` makes, without reading it back: Python does not either. */
async function write(model, target, to, options) {
  const conversion = await convert(model, targetNamed(target), options);
  const file = createWriteStream(to);
  for await (const chunk of conversion.chunks())
    if (!file.write(chunk)) await new Promise((r) => file.once('drain', r));
  file.end();
  await finished(file);
}

const line = (what, ours, theirs, target) =>
  console.log(
    `${what.padEnd(44)} ${ours.toFixed(1).padStart(9)} ms ${theirs.toFixed(1).padStart(9)} ms   ${(theirs / ours).toFixed(2)} × (target ${target} ×)`,
  );

python('make');
const path = `${folder}/forest.joblib`;
const size = statSync(path).size;
console.log(`forest of 100 trees, ${(size / 1e6).toFixed(1)} MB; brine, Python, ratio`);

const model = await open(path);
await model.run('predict', { shape: [1, 20], dtype: 'float64', data: new Float64Array(20) });
const dump = python('dump');
line('write joblib (audit and all)', await best(5, () => write(model, 'joblib', `${folder}/brine.joblib`)), dump.ms, 1);
const before = process.memoryUsage().rss;
let peak = before;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
const skops = python('skops-convert');
line(
  'joblib → skops, deflated',
  await best(3, async () => write(await open(path), 'skops', `${folder}/brine.skops`)),
  skops.ms,
  5,
);
clearInterval(watch);
console.log(
  `  sizes: brine ${(statSync(`${folder}/brine.skops`).size / 1e6).toFixed(1)} MB, skops ${(statSync(`${folder}/python.skops`).size / 1e6).toFixed(1)} MB`,
);
console.log(
  `  memory: ${((peak - before) / size).toFixed(1)} × the model beyond what was there (target ≤ 3 ×); skops ${(skops.memory / size).toFixed(1)} × in all`,
);

/** Milliseconds of the quickest of many, by the clock and of the processor. */
async function cost(times, run) {
  const least = { ms: Infinity, cpu: Infinity };
  for (let i = 0; i < times; i++) {
    const used = process.cpuUsage();
    const begin = performance.now();
    await run();
    const { user, system } = process.cpuUsage(used);
    least.ms = Math.min(least.ms, performance.now() - begin);
    least.cpu = Math.min(least.cpu, (user + system) / 1000);
  }
  return least;
}

// The sides take turns, since a machine is busier at one time than at another.
const iris = `${folder}/iris.skops`;
const bytes = readFileSync(iris);
const row = [[5.1, 3.5, 1.4, 0.2]];
const readings = [
  ['load skops, 100 trees on iris', 'load', () => open(iris)],
  ['  of bytes that were read before', 'load', () => open(bytes)],
  ['  and an answer', 'answer', async () => (await open(iris)).run('predict', row)],
];
const sums = readings.map(() => []);
for (let turn = 0; turn < 3; turn++) {
  const theirs = python('skops-load');
  for (const [i, [, key, run]] of readings.entries()) sums[i].push([await cost(30, run), theirs[key]]);
}
for (const [i, [name]] of readings.entries()) {
  const least = (side, unit) => Math.min(...sums[i].map((pair) => pair[side][unit]));
  line(name, least(0, 'ms'), least(1, 'ms'), i < 2 ? 20 : 1);
  console.log(`${''.padEnd(44)} processor time: ${(least(1, 'cpu') / least(0, 'cpu')).toFixed(1)} ×`);
}
