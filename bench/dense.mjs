/**
 * Dense networks on brine, one measurement: prints a line of JSON, microseconds (by the clock, of the
 * processor) by network, type and rows. onnx.mjs
 * starts it, and reads it beside onnx.py.
 *
 *     node bench/dense.mjs FOLDER
 */
import { readFileSync } from 'node:fs';

const { open } = await import(new URL(process.env.BRINE ?? '../packages/cli/dist/index.js', import.meta.url));
const folder = process.argv[2];
const { networks, rows } = JSON.parse(readFileSync(`${folder}/dense.json`, 'utf8'));
const figures = {};
for (const [name, widths] of Object.entries(networks))
  for (const dtype of ['float64', 'float32']) {
    const model = await open(new Uint8Array(readFileSync(`${folder}/dense-${name}-${dtype}.onnx`)));
    const work = widths.slice(1).reduce((sum, w, i) => sum + 2 * w * widths[i], 0);
    for (const n of rows) {
      const Made = dtype === 'float64' ? Float64Array : Float32Array;
      const data = Made.from({ length: n * widths[0] }, (_, i) => Math.sin(1.37 * i));
      const input = { dtype, shape: [n, widths[0]], data };
      // Short calls together, long ones alone: a stretch should end before other programs get their turn.
      const calls = Math.max(1, Math.floor(4e6 / (work * n)));
      let [best, least] = [Infinity, Infinity];
      for (let i = 0; i < calls; i++) await model.run('run', input);
      const end = performance.now() + 500;
      for (let turns = 0; turns < 3 || performance.now() < end; turns++) {
        const [start, used] = [performance.now(), process.cpuUsage()];
        for (let i = 0; i < calls; i++) await model.run('run', input);
        const { user, system } = process.cpuUsage(used);
        best = Math.min(best, (1000 * (performance.now() - start)) / calls);
        least = Math.min(least, (user + system) / calls);
      }
      figures[`${name} ${dtype} ${n}`] = best;
      figures[`${name} ${dtype} ${n} cpu`] = least;
    }
  }
console.log(JSON.stringify(figures));
