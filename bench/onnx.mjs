/**
 * Models written as ONNX: how long that takes and how much memory, and how fast the file runs: on brine beside the
 * model it came from, and on onnxruntime (native, one thread) in the same run. Dense networks beside onnxruntime, and
 * how long it takes to open large files.
 *
 *     BRINE_PYTHON=path/to/python node bench/onnx.mjs
 *
 * (A Python with scikit-learn, onnx and onnxruntime; `npm run build` before, or BRINE=path/to/index.js.) Each figure is the
 * quickest of many.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import './start.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const python = process.env.BRINE_PYTHON ?? 'python3';
const library = process.env.BRINE ?? here('../packages/cli/dist/index.js');
const folder = here('.data');
const run = (what) => execFileSync(python, [here('onnx.py'), what, folder], { encoding: 'utf8' });
const child = (...given) =>
  JSON.parse(
    execFileSync(process.execPath, given, {
      encoding: 'utf8',
      env: { ...process.env, BRINE: pathToFileURL(library).href },
    }),
  );
const { rows, columns, nodes } = JSON.parse(run('make'));

const { open } = await import(pathToFileURL(library).href);
const source = new Uint8Array(readFileSync(`${folder}/onnx-forest.joblib`));
const model = await open(source);
const data = new Float64Array(new Uint8Array(readFileSync(`${folder}/onnx-rows.f64`)).buffer);
const batch = { dtype: 'float64', shape: [rows, columns], data };
const single = { dtype: 'float64', shape: [1, columns], data: data.slice(0, columns) };

/** The quickest run of each, in turns: what disturbs one disturbs the others. */
async function quickest(works, times) {
  const best = works.map(() => Infinity);
  for (let i = 0; i < times; i++)
    for (const [k, work] of works.entries()) {
      const start = performance.now();
      await work();
      best[k] = Math.min(best[k], performance.now() - start);
    }
  return best;
}

const methods = ['predict_proba'];
await model.run('predict_proba', single);
globalThis.gc?.();
const before = process.memoryUsage();
const start = performance.now();
const bytes = await model.toOnnx({ methods });
const first = performance.now() - start;
const after = process.memoryUsage();
const took = (m) => m.heapUsed + m.external;
const [again] = await quickest([() => model.toOnnx({ methods })], 5);
writeFileSync(`${folder}/onnx-forest.onnx`, bytes);
const graph = await open(bytes);
const sides = (input) => [() => graph.run('run', input), () => model.run('predict_proba', input)];
const figures = {
  batch: await quickest(sides(batch), 15),
  single: await quickest(sides(single), 5000),
};
const onnxruntime = JSON.parse(run('time'));

const MB = 2 ** 20;
console.log(`a forest of 100 trees, ${nodes} nodes, ${(source.length / MB).toFixed(1)} MB; ${rows} rows`);
console.log(
  `emit: ${first.toFixed(0)} ms at first, ${again.toFixed(0)} ms again (≤ 1000 ms): ${(bytes.length / MB).toFixed(1)} MB`,
);
const share = (took(after) - took(before)) / source.length;
console.log(`emit: ${share.toFixed(1)} × the model's size in memory, garbage included (≤ 4)`);
for (const kind of ['batch', 'single']) {
  const [ours, original] = figures[kind];
  const theirs = onnxruntime[kind];
  const unit = kind === 'batch' ? [1, 'ms'] : [1000, 'µs'];
  const show = (ms) => `${(ms * unit[0]).toPrecision(3)} ${unit[1]}`;
  console.log(
    `${kind}: emitted ${show(ours)}, the model itself ${show(original)} (${(original / ours).toFixed(2)}×, aim ≥ 1), ` +
      `onnxruntime ${show(theirs)} (${(theirs / ours).toFixed(2)}×, aim ≥ ${kind === 'batch' ? 1 : 3})`,
  );
}

// ---- dense networks ---------------------------------------------------------------------------------

/** Fused products, which Node has from 22 on and, with this flag, before. */
const fused = Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-wasm-relaxed-simd'] : undefined;
const least = (a, b) => Object.fromEntries(Object.entries(a).map(([key, v]) => [key, Math.min(v, b?.[key] ?? v)]));
let [ours, withFused, theirs] = [];
for (let turn = 0; turn < 2; turn++) {
  ours = least(child(here('dense.mjs'), folder), ours);
  if (fused) withFused = least(child(...fused, here('dense.mjs'), folder), withFused);
  theirs = least(JSON.parse(run('dense')), theirs);
}
const table = (name, cells) => console.log(name.padEnd(32) + cells.map((t) => t.padStart(12)).join(''));
table('dense networks', ['brine', 'onnxruntime', 'ratio', 'CPU', ...(fused ? ['fused', 'CPU'] : [])]);
for (const key of Object.keys(ours).filter((k) => !k.endsWith('cpu'))) {
  const ratios = (figures) => ['', ' cpu'].map((of) => `${(theirs[key + of] / figures[key + of]).toFixed(2)}×`);
  const us = [ours, theirs].map((figures) => `${figures[key].toPrecision(3)} µs`);
  table(`${key} rows`, [...us, ...ratios(ours), ...(fused && key.includes('float32') ? ratios(withFused) : [])]);
}
console.log(`ratio: aim ≥ 0.3${fused ? `; fused: the ratio with ${fused[0]}, as Node 22 is without` : ''}`);

// ---- large files ------------------------------------------------------------------------------------

for (const [file, what, aim] of [
  ['large-raw', '100 MB, raw', 300],
  ['large-typed', '100 MB, typed floats', 300],
  ['large-2m', 'two million typed floats', 30],
]) {
  let best;
  for (let turn = 0; turn < 5; turn++) {
    const start = performance.now();
    const figures = child(here('read.mjs'), `${folder}/${file}.onnx`);
    best = least({ ...figures, process: performance.now() - start }, best);
  }
  const ms = (name) => `${best[name].toFixed(0)} ms`;
  console.log(
    `${what}: opened in ${ms('open')} (processor ${ms('open cpu')}, aim ≤ ${aim} ms); ` +
      `the whole process ${ms('process')} (processor ${ms('process cpu')})`,
  );
}
