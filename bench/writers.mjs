/**
 * Writing beside Python: a forest of 21 MB as joblib and as skops, and reading the skops file of a small one.
 *
 *     BRINE_PYTHON=path/to/python [BRINE_DIST=…/dist] node bench/writers.mjs
 *
 * (A Python with scikit-learn, joblib and skops. The files are made on the first run, into bench/.data. Each figure is
 * the quickest of five or more, one thread on both sides. `convert` is whole processes, from their start, in turn.)
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import './start.mjs';

const dist = process.env.BRINE_DIST ?? fileURLToPath(new URL('../packages/cli/dist', import.meta.url));
const { open } = await import(`${dist}/index.js`);
const { convert, save, targetNamed } = await import(`${dist}/tools.js`);

const folder = fileURLToPath(new URL('.data/writers', import.meta.url));
const script = fileURLToPath(new URL('writers.py', import.meta.url));
const interpreter = process.env.BRINE_PYTHON ?? 'python3';
const python = (...task) => {
  const ran = spawnSync(interpreter, [script, folder, ...task], {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return ran.stdout === '' ? undefined : JSON.parse(ran.stdout);
};

/** Writes what `convert` makes, without reading it back: Python does not either. */
async function write(model, target, to) {
  await save(await convert(model, targetNamed(target)), to, { overwrite: true, verify: false });
}

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

/** What `skops` on the command line is. */
const SKOPS = 'import sys; from skops.cli.entrypoint import main_cli; main_cli(sys.argv[1:])';

const line = (what, ours, theirs, target) =>
  console.log(
    `${what.padEnd(44)} ${ours.toFixed(1).padStart(9)} ms ${theirs.toFixed(1).padStart(9)} ms   ${(theirs / ours).toFixed(2)} × (target ${target} ×)`,
  );

python('make');
const path = `${folder}/forest.joblib`;
const size = statSync(path).size;
console.log(`forest of 100 trees, ${(size / 1e6).toFixed(1)} MB; brine, Python, ratio`);

const model = await open(path);
await model.audit();
const dump = python('dump');
const ours = await cost(20, () => write(model, 'joblib', `${folder}/brine.joblib`));
line('model → joblib file', ours.ms, dump.ms, 1);
line('model → joblib file: processor', ours.cpu, dump.cpu, 1);

/** The least of several whole processes, in turn. */
const commands = {
  skops: [interpreter, '-c', SKOPS, 'convert', `${folder}/forest.pkl`, '-o', `${folder}/python.skops`],
  brine: [process.execPath, `${dist}/main.js`, 'convert', `${folder}/forest.pkl`, `${folder}/brine.skops`],
};
commands.unverified = [...commands.brine, '--no-verify'];
commands.bare = [process.execPath, '-e', '0'];
const least = {};
for (let round = 0; round < 5; round++)
  for (const [name, command] of Object.entries(commands)) {
    // A file that is there already would be let go first, which takes as long as writing it.
    for (const output of ['python', 'brine']) rmSync(`${folder}/${output}.skops`, { force: true });
    const took = python('run', ...command);
    const known = (least[name] ??= { ...took });
    for (const key of Object.keys(took)) known[key] = Math.min(known[key], took[key]);
  }
for (const name of ['brine', 'unverified']) {
  const title = `convert to skops${name === 'brine' ? '' : ', --no-verify'}`;
  line(title, least[name].ms, least.skops.ms, 5);
  line(`${title}: processor`, least[name].cpu, least.skops.cpu, 5);
}
for (const command of [commands.brine, commands.skops]) python('run', ...command);
console.log(
  `  sizes: brine ${(statSync(`${folder}/brine.skops`).size / 1e6).toFixed(1)} MB, skops ${(statSync(`${folder}/python.skops`).size / 1e6).toFixed(1)} MB`,
);
const times = (name) => ((least[name].memory - least.bare.memory) / size).toFixed(1);
console.log(
  `  memory beyond a bare process: brine ${times('brine')} × the model, ${times('unverified')} × without verification (target ≤ 3 ×); skops ${(least.skops.memory / size).toFixed(1)} × in all`,
);

// The same of a larger forest, once each.
const large = statSync(`${folder}/large.pkl`).size;
const once = Object.fromEntries(
  ['skops', 'brine', 'unverified'].map((name) => {
    for (const output of ['python', 'brine']) rmSync(`${folder}/${output}.skops`, { force: true });
    return [name, python('run', ...commands[name].map((word) => word.replace(/forest\.pkl$/, 'large.pkl')))];
  }),
);
line(`convert a forest of ${(large / 1e6).toFixed(0)} MB to skops`, once.brine.ms, once.skops.ms, 5);
const share = (name) => ((once[name].memory - least.bare.memory) / large).toFixed(1);
console.log(
  `  memory beyond a bare process: brine ${share('brine')} × the model, ${share('unverified')} × without verification (target ≤ 3 ×); skops ${(once.skops.memory / large).toFixed(1)} × in all`,
);

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
