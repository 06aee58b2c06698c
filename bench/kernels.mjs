/**
 * The numeric kernels beside scikit-learn, one thread each, in one run. Prints figures, asserts nothing but that the
 * answers are equal.
 *
 *     BRINE_PYTHON=path/to/python node bench/kernels.mjs      (a Python with scikit-learn; default python3)
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'brine-kernels-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

execFileSync(process.env.BRINE_PYTHON ?? 'python3', [here('kernels.py'), folder], { stdio: 'inherit' });
const meta = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));

const sources = here('../packages/core/src/runtime/kernels/');
const entry = join(folder, 'entry.ts');
const modules = ['forest', '../../graph/node-field', 'rows', 'gemm', 'distances', 'neighbors'];
writeFileSync(entry, modules.map((name) => `export * from ${JSON.stringify(join(sources, `${name}.ts`))};`).join('\n'));
await build({
  entryPoints: [entry],
  bundle: true,
  format: 'esm',
  outfile: join(folder, 'kernels.mjs'),
  logLevel: 'error',
});
const kernels = await import(pathToFileURL(join(folder, 'kernels.mjs')).href);

const bytes = (name) => new Uint8Array(readFileSync(join(folder, name)));
const floats = (name) => new Float64Array(bytes(name).buffer);
const X = floats('X');
const rows = 10000;
const columns = 30;

/** Milliseconds of the best of some runs. */
function best(call, runs = 9, inner = 1) {
  let least = Infinity;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    for (let j = 0; j < inner; j++) call();
    least = Math.min(least, (performance.now() - start) / inner);
  }
  return least;
}

function line(name, ours, theirs, note = '') {
  const unit = theirs < 10 ? [1000, 'µs'] : [1, 'ms'];
  const show = (ms) => `${(ms * unit[0]).toPrecision(3)} ${unit[1]}`.padStart(10);
  const ratio = theirs === undefined ? '' : `${(theirs / ours).toPrecision(3)}×`;
  console.log(name.padEnd(26), show(ours), show(theirs), ratio.padStart(8), note);
}

function treesOf(name) {
  const { counts, stride, offsets, width } = meta[name];
  const table = bytes(`${name}.nodes`);
  const values = offsets.value === undefined ? bytes(`${name}.values`) : undefined;
  let node = 0;
  return counts.map((count) => {
    const part = table.subarray(node * stride, (node + count) * stride);
    const at = (offset, type) => kernels.nodeField(part, { offset, stride, type, count });
    const tree =
      values === undefined
        ? {
            left: at(offsets.left, 'u4'),
            right: at(offsets.right, 'u4'),
            feature: at(offsets.feature_idx, 'i8'),
            threshold: at(offsets.num_threshold, 'f8'),
            isLeaf: at(offsets.is_leaf, 'u1'),
            values: at(offsets.value, 'f8'),
          }
        : {
            left: at(offsets.left_child, 'i8'),
            right: at(offsets.right_child, 'i8'),
            feature: at(offsets.feature, 'i8'),
            threshold: at(offsets.threshold, 'f8'),
            values: kernels.nodeField(values.subarray(8 * width * node, 8 * width * (node + count)), {
              offset: 0,
              stride: 8 * width,
              type: 'f8',
              count,
              width,
            }),
          };
    node += count;
    return { count, ...tree, missingGoLeft: at(offsets.missing_go_to_left, 'u1') };
  });
}

function forest(name) {
  const boosted = name.endsWith('GB');
  const scale = meta[`${name} scale`] ?? 1;
  const trees = treesOf(name).map((tree) => (boosted ? { ...tree, scale, output: 0 } : tree));
  const outputs = boosted ? 1 : meta[name].width;
  const ensemble = { nFeatures: columns, comparison: name === 'HGB' ? 'f64' : 'f32', outputs, trees };
  const coldStart = performance.now();
  let kernel = kernels.forestKernel(ensemble);
  const cold = performance.now() - coldStart;
  const pack = best(() => (kernel = kernels.forestKernel(ensemble)), 5);
  const out = new Float64Array(rows * outputs);
  const all = kernels.denseRows(X, rows, columns);
  const divisor = boosted ? 1 : trees.length;
  const run = (input, to) => {
    to.fill(boosted ? meta[`${name} init`] : 0);
    kernel.sum(input, to);
    if (divisor !== 1) for (let i = 0; i < to.length; i++) to[i] /= divisor;
  };
  const batch = best(() => run(all, out));
  const expected = floats(`${name}.expected`);
  const different = out.reduce((count, v, i) => count + (v === expected[i] ? 0 : 1), 0);
  const nodes = meta[name].counts.reduce((a, b) => a + b, 0);
  line(`${name} ${rows} rows`, batch, meta.ms[name], different === 0 ? 'bit-identical' : `${different} DIFFER`);
  const one = kernels.denseRows(X.slice(0, columns), 1, columns);
  const single = new Float64Array(outputs);
  line(
    `${name} one row`,
    best(() => run(one, single), 9, 2000),
    meta.ms[`${name} row`],
  );
  console.log(`${' '.repeat(26)} packed ${nodes} nodes in ${pack.toFixed(1)} ms (first time ${cold.toFixed(1)} ms)`);
}

console.log(`${meta.versions}; Node ${process.version}`);
console.log(''.padEnd(26), 'brine'.padStart(10), 'Python'.padStart(10), 'faster'.padStart(8));
for (const name of ['RF', 'RF10', 'GB', 'HGB']) forest(name);

const largest = (a, b) => a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0).toExponential(1);

for (const size of [128, 512, 1000]) {
  const all = floats(`gemm${size}`);
  const [a, b, expected] = [0, 1, 2].map((i) => all.subarray(i * size * size, (i + 1) * size * size));
  const out = new Float64Array(size * size);
  const ours = best(() => kernels.gemm(a, b, out, size, size, size), size > 500 ? 3 : 20);
  line(`product ${size}³`, ours, meta.ms[`gemm ${size}`], `largest difference ${largest(out, expected)}`);
  if (size !== 1000) continue;
  const one = new Float64Array(size);
  const row = best(() => kernels.gemm(a, b, one, 1, size, size), 20);
  line('product 1 × 1000 × 1000', row, meta.ms['gemm row'], `largest difference ${largest(one, floats('gemv'))}`);
}

const euclidean = kernels.metricOf('euclidean');
const [points, queries] = [floats('points'), floats('queries')];
const [n, p, k] = [2000, 8, 5];
for (const [name, kind] of [
  ['kd_tree', 'kd'],
  ['ball_tree', 'ball'],
]) {
  // Records of {idx_start i8, idx_end i8, is_leaf i8, radius f8}.
  const nodes = new DataView(bytes(`${name}.nodes`).buffer);
  const count = nodes.byteLength / 32;
  const column = (Type, read) => Type.from({ length: count }, (_, i) => read(32 * i));
  const long = (array) => Int32Array.from(new BigInt64Array(array.buffer), Number);
  const tree = new kernels.NeighborTree({
    kind,
    data: points,
    columns: p,
    indices: long(bytes(`${name}.index`)),
    starts: column(Int32Array, (at) => Number(nodes.getBigInt64(at, true))),
    ends: column(Int32Array, (at) => Number(nodes.getBigInt64(at + 8, true))),
    isLeaf: column(Uint8Array, (at) => nodes.getUint8(at + 16)),
    radii: column(Float64Array, (at) => nodes.getFloat64(at + 24, true)),
    bounds: floats(`${name}.bounds`),
    metric: euclidean,
  });
  const ours = best(() => tree.query(queries, n, k), 5);
  const found = tree.query(queries, n, k);
  const equal = long(bytes(`${name}.found`)).every((index, i) => index === found.indices[i]);
  line(`${name} ${n} queries`, ours, meta.ms[name], equal ? 'same neighbours' : 'NEIGHBOURS DIFFER');
}
const brute = best(() => kernels.argKmin(queries, n, points, points.length / p, p, k, euclidean), 5);
const near = kernels.argKmin(queries, n, points, points.length / p, p, k, euclidean);
line(
  `brute ${n} queries`,
  brute,
  meta.ms.brute,
  `largest difference ${largest(near.distances, floats('brute.distance'))}`,
);
