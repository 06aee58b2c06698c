/**
 * `brine scan` beside picklescan and modelaudit in one run: a long pickle, a folder of a thousand models, two gibibytes of
 * arrays, and bombs. Prints figures; asserts nothing but the bombs' verdicts.
 *
 *     BRINE_PYTHON=…/python PICKLESCAN=…/picklescan MODELAUDIT=…/modelaudit node bench/scan.mjs [WORD…]
 *
 * (A Python with scikit-learn makes the files on the first run, into bench/.data/scan, some 2.2 GB. A scanner that is
 * not named is left out.) Every figure is of a whole process from its start: the quickest of three by the clock, processor
 * time beside it, and the most memory that was resident. Words choose the lines whose names hold one of them.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import './start.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { BRINE_PYTHON: python = 'python3', PICKLESCAN: picklescan, MODELAUDIT: modelaudit } = process.env;
const main = process.env.BRINE_MAIN ?? here('../packages/cli/dist/main.js');
const words = process.argv.slice(2);
const folder = here('.data/scan');

execFileSync(python, [here('scan_make.py'), folder], { stdio: 'inherit' });

const scanners = [
  { name: 'brine', command: (path) => [process.execPath, main, 'scan', path] },
  ...(picklescan ? [{ name: 'picklescan', command: (path) => [picklescan, '-p', path] }] : []),
  ...(modelaudit ? [{ name: 'modelaudit', command: (path) => [modelaudit, 'scan', path] }] : []),
];

/** Runs a command: seconds by the clock and of the processor, peak memory, exit code, and what it printed first. */
function measure(command, limit) {
  const script =
    'import json,resource,subprocess,sys,time\n' +
    't=time.time()\n' +
    'try:\n r=subprocess.run(sys.argv[2:],capture_output=True,timeout=float(sys.argv[1]));code,out=r.returncode,r.stdout\n' +
    'except subprocess.TimeoutExpired:\n code,out=None,b""\n' +
    'u=resource.getrusage(resource.RUSAGE_CHILDREN)\n' +
    'print(json.dumps([time.time()-t,u.ru_utime+u.ru_stime,u.ru_maxrss,code,out[:300].decode(errors="replace")]))';
  const ran = spawnSync(python, ['-c', script, String(limit), ...command], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  const [wall, cpu, peak, code, out] = JSON.parse(ran.stdout);
  return { wall, cpu, peak, code, out };
}

const figure = (value, unit) => `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${unit}`.padStart(11);

console.log(`${cpus().length} × ${cpus()[0].model.trim()}, load ${loadavg()[0].toFixed(1)}; Node ${process.version}`);
console.log(
  `${''.padEnd(34)}${'scanner'.padEnd(12)}${'clock'.padStart(11)}${'processor'.padStart(11)}${'memory'.padStart(11)}   exit`,
);

function line(name, path, { times = 3, limit = 300, only } = {}) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) return;
  for (const scanner of scanners) {
    if (only !== undefined && scanner.name !== only) continue;
    const runs = [];
    for (let i = 0; i < times && (i === 0 || runs[0].wall < 20); i++) runs.push(measure(scanner.command(path), limit));
    const least = (key) => Math.min(...runs.map((run) => run[key]));
    const over = runs[0].code === null ? `   not done in ${limit} s` : `   ${runs[0].code}`;
    console.log(
      `${name.padEnd(34)}${scanner.name.padEnd(12)}${figure(least('wall'), 's')}${figure(least('cpu'), 's')}${figure(runs[0].peak / 1024, 'MB')}${over}`,
    );
  }
}

line('15 MB, 5.2 million opcodes', `${folder}/long.pkl`);
line('1,000 models of 20 kB', `${folder}/models`);
line('2 GiB of arrays', `${folder}/arrays.joblib`, { limit: 120 });

let wrong = 0;
for (const bomb of existsSync(`${folder}/bombs`) ? readdirSync(`${folder}/bombs`).sort() : []) {
  const path = `${folder}/bombs/${bomb}`;
  line(`bomb: ${bomb}`, path, { times: 1, only: 'brine' });
  if (words.length > 0) continue;
  const { code } = measure(scanners[0].command(path), 60);
  if (![1, 2].includes(code)) {
    wrong++;
    console.log(`    ${bomb} ends with ${code}, neither dangerous nor incomplete`);
  }
}
process.exitCode = wrong > 0 ? 1 : 0;
