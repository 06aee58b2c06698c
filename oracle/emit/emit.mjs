// Emits every case's methods as ONNX and runs the files with brine: node emit.mjs BRINE OUT OPTIONS CASE…
// Writes OUT/results.json (a record for each case and method: file or refusal, and brine's answers) for onnx_emit.py.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readInput } from './cases.mjs';

const [brine, out, options, ...folders] = process.argv.slice(2);
const { open } = await import(pathToFileURL(resolve(brine)).href);
const base = JSON.parse(options);
mkdirSync(out, { recursive: true });

const bytesOf = (data) => Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
const encode = (t) =>
  ArrayBuffer.isView(t.data)
    ? { dtype: t.dtype, shape: t.shape, bytes: bytesOf(t.data) }
    : { dtype: t.dtype, shape: t.shape, data: Array.from(t.data) };
const say = (e) => ({ code: e?.code ?? e?.name, message: String(e?.message ?? e), path: e?.place?.path });

function widened(x) {
  if (x.dtype === 'float32') return { ...x, dtype: 'float64', data: Float64Array.from(x.data) };
  if (x.indptr === undefined) return undefined;
  const [n, p] = x.shape;
  const data = new Float64Array(n * p);
  for (let r = 0; r < n; r++)
    for (let i = x.indptr[r]; i < x.indptr[r + 1]; i++) data[r * p + x.indices[i]] += x.data[i];
  return { dtype: 'float64', shape: [n, p], data };
}

const results = [];
for (const folder of folders) {
  const entry = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'));
  let model;
  try {
    model = await open(join(folder, entry.model), entry.pick ? { pick: entry.pick } : {});
  } catch (e) {
    results.push({ folder, method: '*', unopened: say(e) });
    continue;
  }
  const methods = new Map();
  const asked = [
    ...entry.expect.map((e) => [e.method, [e.input]]),
    // Fresh cases also tell what the library refuses: fresh.py.
    ...[entry.refuses, entry.empty].flatMap((of) => Object.entries(of ?? {})),
  ];
  for (const [method, names] of asked) {
    if (method === 'get_feature_names_out') continue;
    for (const name of names.filter(Boolean)) methods.set(method, (methods.get(method) ?? new Set()).add(name));
  }
  // What is written unless methods are named comes with every case: several methods in one graph.
  for (const [method, inputs] of [...methods, ['', new Set()]]) {
    const record = { folder, method, runs: {} };
    results.push(record);
    try {
      const file = await model.exportOnnx(method === '' ? base : { ...base, methods: [method] });
      record.file = join(out, `${basename(resolve(folder, '..'))}+${basename(folder)}+${method}.onnx`);
      record.outputs = file.outputs;
      record.losses = file.losses;
      record.opsets = Object.fromEntries(file.opsets);
      writeFileSync(record.file, file.bytes);
    } catch (e) {
      record.refused = say(e);
      continue;
    }
    let graph;
    try {
      graph = await open(record.file);
    } catch (e) {
      record.unread = say(e);
      continue;
    }
    for (const name of inputs) {
      try {
        const given = readInput(folder, entry.inputs[name]);
        const { outputs } = await graph.run('run', given);
        record.runs[name] = { outputs: Object.fromEntries(Object.entries(outputs).map(([k, t]) => [k, encode(t)])) };
        // The file takes double and dense. The library may answer single precision in single precision, and what a
        // sparse matrix does not store in another way: then the same numbers, dense and in double, are the reference.
        const wide = widened(given);
        if (wide) {
          const answer = await model.run(method, wide);
          const parts = Array.isArray(answer) ? answer : [answer];
          if (parts.every((t) => !('indptr' in t))) record.runs[name].reference = parts.map(encode);
        }
      } catch (e) {
        record.runs[name] = { error: say(e) };
      }
    }
  }
}
writeFileSync(join(out, 'results.json'), JSON.stringify(results));
console.log(`${results.length} methods of ${folders.length} cases`);
