/**
 * brine's side of pipelines.py, whose figures come on standard input; prints a line of JSON.
 *
 *     node bench/pipelines.mjs FOLDER
 */
import { readFileSync } from 'node:fs';

const { open } = await import(new URL(process.env.BRINE_DIST ?? '../packages/cli/dist/index.js', import.meta.url));
const folder = process.argv[2];

/** A .npy file of float64 in 30 columns. */
function array(name) {
  const bytes = readFileSync(`${folder}/${name}`);
  const data = new Float64Array(new Uint8Array(bytes.subarray(10 + bytes.readUInt16LE(8))).buffer);
  return { shape: [data.length / 30, 30], data };
}

const data = {
  rows: array('rows.npy'),
  few: head(array('rows.npy'), 1000),
  holes: array('pipelines/holes.npy'),
  table: { columns: JSON.parse(readFileSync(`${folder}/pipelines/table.json`, 'utf8')) },
  documents: JSON.parse(readFileSync(`${folder}/documents.json`, 'utf8')),
};

/** The first rows. */
function head(input, n) {
  if (Array.isArray(input)) return input.slice(0, n);
  if (!input.columns) return { shape: [n, 30], data: input.data.slice(0, 30 * n) };
  return { columns: Object.fromEntries(Object.entries(input.columns).map(([name, c]) => [name, c.slice(0, n)])) };
}

/** Milliseconds of the processor in the quickest of several rounds of `inner` calls. */
async function best(call, seconds, inner) {
  let least = Infinity;
  let spent = 0;
  for (let calls = 0; calls < 3 || spent < 1000 * seconds; calls++) {
    const used = process.cpuUsage();
    for (let i = 0; i < inner; i++) await call();
    const { user, system } = process.cpuUsage(used);
    spent += (user + system) / 1000;
    least = Math.min(least, (user + system) / 1000 / inner);
  }
  return least;
}

const figures = [];
for (const { name, data: kind, method } of JSON.parse(readFileSync(0, 'utf8'))) {
  const model = await open(`${folder}/pipelines/${name}.joblib`);
  const rows = data[kind];
  const one = head(rows, 1);
  const out = await model.run(method, rows);
  const width = out.shape[1] ?? 1;
  let answer = 0;
  for (let i = width - 1; i < out.data.length; i += width) answer += Number(out.data[i]);
  const row = await best(() => model.run(method, one), 0.1, 100);
  figures.push({ row, rows: await best(() => model.run(method, rows), 0.4, 1), answer });
}
console.log(JSON.stringify(figures));
