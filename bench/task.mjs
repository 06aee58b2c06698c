/**
 * One measurement on brine's side; prints a line of JSON. run.mjs starts it, and reads it beside task.py.
 *
 *     node bench/task.mjs FOLDER TASK [FILE [METHOD]]
 */
import { readFileSync } from 'node:fs';

const { open } = await import(new URL(process.env.BRINE_DIST ?? '../packages/cli/dist/index.js', import.meta.url));
const [folder, task, file, method = 'predict'] = process.argv.slice(2);
const path = (name) => `${folder}/${name}`;

function procField(name, field, unit) {
  try {
    const found = new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(readFileSync(`/proc/self/${name}`, 'utf8'));
    return Number(found[1]) * unit;
  } catch {
    return undefined;
  }
}

/** Bytes of memory at most resident (getrusage would count the parent's before exec). */
const peak = () => procField('status', 'VmHWM', 1024) ?? process.resourceUsage().maxRSS * 1024;

const report = (figures) => console.log(JSON.stringify({ ...figures, peak: peak() }));

/** Milliseconds of the processor since `since`. */
function cpuTime(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** Milliseconds of the quickest of many calls, by the clock and of the processor. */
async function best(name, call, seconds = 1.5, least = 5, inner = 1) {
  let wall = Infinity;
  let cpu = Infinity;
  const end = performance.now() + 1000 * seconds;
  for (let calls = 0; calls < least || (performance.now() < end && calls < 20000); calls++) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    for (let i = 0; i < inner; i++) await call();
    cpu = Math.min(cpu, cpuTime(used) / inner);
    wall = Math.min(wall, (performance.now() - start) / inner);
  }
  return { [name]: wall, [`${name} cpu`]: cpu };
}

/** The same for calls that are too short for the clock. */
const bestOfMany = (name, call, inner = 1000) => best(name, call, 1.5, 5, inner);

const load = () => open(path(file));

/** The rows of a .npy file of float64. */
function readRows() {
  const bytes = readFileSync(path('rows.npy'));
  const start = 10 + bytes.readUInt16LE(8);
  const data = new Float64Array(new Uint8Array(bytes.subarray(start)).buffer);
  return { shape: [data.length / 30, 30], data };
}

/** A figure that tells different answers apart. */
function answers({ shape, data }) {
  const width = shape[1] ?? 1;
  let sum = 0;
  for (let i = width - 1; i < data.length; i += width) sum += Number(data[i]);
  return sum;
}

const tasks = {
  /** What a script does: load a model, answer one row. The clock is run.mjs's. */
  async cold() {
    const row = readFileSync(0, 'utf8').split(',').map(Number);
    const model = await load();
    const out = await model.run('predict', [row]);
    report({ answer: Number(out.data[0]), 'wall cpu': cpuTime() });
  },
  async rows() {
    const model = await load();
    const all = readRows();
    const one = { shape: [1, 30], data: all.data.slice(0, 30) };
    report({
      ...(await bestOfMany('row', () => model.run(method, one))),
      ...(await best('rows', () => model.run(method, all))),
      answer: answers(await model.run(method, all)),
    });
  },
  async text() {
    const model = await load();
    const documents = JSON.parse(readFileSync(path('documents.json'), 'utf8'));
    const one = documents.slice(0, 1);
    report({
      ...(await bestOfMany('row', () => model.run(method, one), 100)),
      ...(await best('rows', () => model.run(method, documents))),
      answer: answers(await model.run(method, documents)),
    });
  },
  /** Opened; and to the first answer, for which trees are packed. */
  async loading() {
    const row = [Array(30).fill(0)];
    const answered = await best('answered', async () => (await load()).run('predict', row));
    report({ ...answered, ...(await best('load', async () => (await load()).close())) });
  },
  /** Long loads: the quickest of three. */
  async once() {
    const before = procField('io', 'rchar', 1);
    await (await load()).close();
    const read = procField('io', 'rchar', 1) - before;
    report({ ...(await best('load', async () => (await load()).close(), 0, 3)), read });
  },
};
await tasks[task]();
