/**
 * Models written as ONNX: how long that takes and how much memory, and how fast the file runs: on brine beside the
 * model it came from, and on onnxruntime (native, one thread) in the same run.
 *
 *     BRINE_PYTHON=path/to/python node bench/onnx.mjs
 *
 * (A Python with scikit-learn and onnxruntime; `npm run build` before, or BRINE=path/to/index.js.) Each figure is the
 * quickest of many.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const python = process.env.BRINE_PYTHON ?? 'python3';
const library = process.env.BRINE ?? here('../packages/cli/dist/index.js');
const folder = here('.data');
const run = (what) => execFileSync(python, [here('onnx.py'), what, folder], { encoding: 'utf8' });
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
