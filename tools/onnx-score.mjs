// Scores the ONNX reader and runtime on case folders (inputs and answers as .npy), operator by operator.
//   node tools/onnx-score.mjs SET… [--only TEXT] [--verbose] [--write docs/onnx-operators.md]
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const options = { sets: [] };
for (let args = process.argv.slice(2), i = 0; i < args.length; i++) {
  if (args[i] === '--verbose') options.verbose = true;
  else if (args[i].startsWith('--')) options[args[i].slice(2)] = args[++i];
  else options.sets.push(args[i]);
}
// Without a set: the ONNX project's own node tests, then the models of skl2onnx's tests.
if (options.sets.length === 0) {
  options.sets = ['onnx-nodes', 'onnx-a'].map((name) => join(root, '.conformance', name));
  for (const set of options.sets) unpack(set);
}

/** The sets are no part of the repository: they are unpacked where an archive of them lies beside it. */
function unpack(set) {
  if (existsSync(set)) return;
  const places = [process.env.BRINE_CONFORMANCE, join(root, '../shared/conformance'), join(root, '.conformance')];
  const archives = places.filter(Boolean).map((place) => join(place, `${basename(set)}.tar.gz`));
  const archive = archives.find((path) => existsSync(path));
  if (archive === undefined) {
    console.error(
      `${set} is missing: put ${basename(set)}.tar.gz into .conformance/ (or name its folder in BRINE_CONFORMANCE),\n` +
        'or give folders of cases: node tools/onnx-score.mjs SET… [--only TEXT] [--verbose] [--write FILE]',
    );
    process.exit(2);
  }
  mkdirSync(dirname(set), { recursive: true });
  execFileSync('tar', ['-xzf', archive, '-C', dirname(set)]);
}

/** The library as it stands in the sources: no build is needed. */
async function library() {
  const folder = mkdtempSync(join(tmpdir(), 'onnx-score-'));
  const out = join(folder, 'library.mjs');
  const src = join(root, 'packages/core/src');
  await build({
    stdin: {
      contents: [
        `export { readOnnx } from './formats/onnx/index.js';`,
        `export { BufferSource } from './bytes/source.js';`,
        `export { plan, operatorKey, subgraphsOf } from './runtime/plan.js';`,
        `export { OP_FAMILIES } from './runtime/operators/index.js';`,
      ].join('\n'),
      resolveDir: src,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: out,
    logLevel: 'warning',
  });
  const module = await import(pathToFileURL(out).href);
  rmSync(folder, { recursive: true });
  return module;
}

const KINDS = {
  f8: [Float64Array, 'float64'],
  f4: [Float32Array, 'float32'],
  i8: [BigInt64Array, 'int64'],
  u8: [BigUint64Array, 'uint64'],
  i4: [Int32Array, 'int32'],
  u4: [Uint32Array, 'uint32'],
  i2: [Int16Array, 'int16'],
  u2: [Uint16Array, 'uint16'],
  i1: [Int8Array, 'int8'],
  u1: [Uint8Array, 'uint8'],
  b1: [Uint8Array, 'bool'],
};
function half(h) {
  const sign = h & 0x8000 ? -1 : 1;
  const e = (h >> 10) & 31;
  const f = h & 1023;
  if (e === 0) return sign * f * 2 ** -24;
  return e === 31 ? (f ? NaN : sign * Infinity) : sign * (1 + f / 1024) * 2 ** (e - 15);
}
function readNpy(file) {
  const b = readFileSync(file);
  const start = b[6] === 1 ? 10 : 12;
  const length = b[6] === 1 ? b.readUInt16LE(8) : b.readUInt32LE(8);
  const head = b.toString('latin1', start, start + length);
  const type = /'descr':\s*'[<|=]?([^']+)'/.exec(head)[1];
  const shape = /'shape':\s*\(([^)]*)\)/
    .exec(head)[1]
    .split(',')
    .map((x) => x.trim())
    .filter(Boolean)
    .map(Number);
  const n = shape.reduce((a, c) => a * c, 1);
  const raw = Uint8Array.from(b.subarray(start + length));
  if (type.startsWith('U')) {
    const width = Number(type.slice(1));
    const codes = new Uint32Array(raw.buffer);
    const data = Array.from({ length: n }, (_, i) =>
      String.fromCodePoint(...codes.subarray(i * width, (i + 1) * width)).replace(/\0+$/, ''),
    );
    return { dtype: 'string', shape, data };
  }
  if (type === 'f2')
    return { dtype: 'float16', shape, data: Float32Array.from(new Uint16Array(raw.buffer, 0, n), half) };
  const [Maker, dtype] = KINDS[type];
  const data = new Maker(raw.buffer, 0, n);
  if (!/'fortran_order':\s*True/.test(head) || shape.length < 2) return { dtype, shape, data };
  const out = new Maker(n);
  const at = shape.map(() => 0);
  for (let i = 0; i < n; i++) {
    let o = 0;
    for (let k = shape.length - 1; k >= 0; k--) o = o * shape[k] + at[k];
    out[i] = data[o];
    for (let k = shape.length - 1; k >= 0 && ++at[k] === shape[k]; k--) at[k] = 0;
  }
  return { dtype, shape, data: out };
}
function readTensor(file) {
  if (file.endsWith('.npy')) return readNpy(file);
  const { shape, data } = JSON.parse(readFileSync(file, 'utf8'));
  return { dtype: 'string', shape, data };
}

/** Why two tensors differ, or undefined. */
function difference(got, wanted, { rtol = 1e-9, atol = 1e-12, exact = false }) {
  if (got === undefined) return 'no such output';
  if (!('data' in got)) return `not a tensor: ${Object.keys(got)}`;
  if (got.shape.join() !== wanted.shape.join()) return `shape [${got.shape}], expected [${wanted.shape}]`;
  let worst = '';
  let count = 0;
  for (let i = 0; i < wanted.data.length; i++) {
    let [g, w] = [got.data[i], wanted.data[i]];
    if (typeof w === 'string' || typeof g === 'string') {
      if (g !== w && count++ === 0) worst = `${JSON.stringify(g)} for ${JSON.stringify(w)} at ${i}`;
      continue;
    }
    [g, w] = [Number(g), Number(w)];
    if (Object.is(g, w) || g === w || (g !== g && w !== w)) continue;
    if (!exact && Math.abs(g - w) <= atol + rtol * Math.abs(w)) continue;
    if (count++ === 0) worst = `${g} for ${w} at ${i}`;
  }
  return count > 0 ? `${worst}; ${count} of ${wanted.data.length} wrong` : undefined;
}

const { readOnnx, BufferSource, plan, operatorKey, subgraphsOf, OP_FAMILIES } = await library();

function operatorsOf(graph, into = new Set()) {
  for (const node of graph.nodes) {
    into.add(operatorKey(node));
    for (const inner of subgraphsOf(node)) operatorsOf(inner, into);
  }
  return into;
}

const scores = new Map();
const reasons = new Map();
let right = 0;
let total = 0;
const crashes = [];
const failures = [];
const bySet = [];
for (const set of options.sets) {
  const before = [right, total];
  for (const id of readdirSync(set).sort()) {
    const folder = join(set, id);
    if (!existsSync(join(folder, 'case.json'))) continue;
    const test = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8'));
    if (options.only && !`${id} ${test.estimator}`.includes(options.only)) continue;
    let why;
    let names = new Set(test.estimator.split('+'));
    try {
      const model = await readOnnx(
        new BufferSource(Uint8Array.from(readFileSync(join(folder, test.model))), test.model),
      );
      names = operatorsOf(model.graph);
      const ready = await plan(model.graph);
      for (const e of test.expect) {
        const { tensors } = test.inputs[e.input];
        const inputs = model.graph.inputs.map((i) =>
          tensors[i.name] ? readTensor(join(folder, tensors[i.name])) : undefined,
        );
        inputs.forEach((x, i) => {
          const type = model.graph.inputs[i].type?.dtype;
          if (x && type && type !== x.dtype) inputs[i] = { ...x, dtype: type };
        });
        const values = ready.run(inputs);
        for (const [name, file] of Object.entries(e.tensors)) {
          const at = model.graph.outputs.findIndex((o) => o.name === name);
          const bad = difference(values[at], readTensor(join(folder, file)), e);
          if (bad) why ??= `${name}: ${bad}`;
        }
      }
    } catch (error) {
      why = `${error.code ?? error.name}: ${error.message}`;
      if (!error.code || error.code === 'CORRUPT') crashes.push(`${id}: ${why}`);
      if (options.verbose && error.code === 'CORRUPT') console.log(error.cause?.stack ?? error.stack);
    }
    total++;
    if (why === undefined) right++;
    else {
      failures.push([id, why]);
      if (options.verbose) console.log(`${id}: ${why}`);
      const short = why.replace(/-?\d+(\.\d+)?(e[-+]?\d+)?/g, '#').slice(0, 120);
      reasons.set(short, (reasons.get(short) ?? 0) + 1);
    }
    const alone = names.size === 1;
    for (const name of names) {
      const score = scores.get(name) ?? { right: 0, total: 0, aloneRight: 0, alone: 0, first: undefined };
      score.total++;
      if (why === undefined) score.right++;
      if (alone) {
        score.alone++;
        if (why === undefined) score.aloneRight++;
        else score.first ??= why;
      }
      scores.set(name, score);
    }
  }
  bySet.push(`${basename(resolve(set))}: ${right - before[0]} of ${total - before[1]} right`);
}

/** Operators that run and are not claimed, and why; every other one gets at least this share of its tests right. */
const CLAIMED_SHARE = 0.95;
const NOT_CLAIMED = new Map([
  [
    'DFT',
    'Transforms are computed in double precision and rounded once. Two inverse ones of its tests expect the rounding ' +
      'noise of a single-precision library (1.9e-7) where the exact answer is 0; onnxruntime misses the same two.',
  ],
  ['Dropout', 'In inference it passes all of its tests; in training it draws at random and is refused.'],
]);
const DRAWS = /^(Bernoulli|Multinomial|Random)/;
const runnable = new Set(OP_FAMILIES.flatMap((f) => f.operators));
/** Tests of the operator itself, where there are any; else the graphs that hold it. */
const shareOf = (s) => (s.alone > 0 ? s.aloneRight / s.alone : s.right / s.total);
const broken = [...scores].filter(
  ([name, s]) => runnable.has(name) && !DRAWS.test(name) && !NOT_CLAIMED.has(name) && shareOf(s) < CLAIMED_SHARE,
);

console.log('score by operator (right of all the graphs that hold it):');
const cells = [...scores].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([name, s]) => `${name} ${s.right}/${s.total}`);
for (let i = 0; i < cells.length; i += 4)
  console.log(
    `  ${cells
      .slice(i, i + 4)
      .map((cell) => cell.padEnd(36))
      .join('')
      .trimEnd()}`,
  );
console.log(`\n${bySet.join('\n')}`);
console.log('\nnot all right:');
for (const [name, s] of [...scores].sort((a, b) => b[1].alone - b[1].aloneRight - (a[1].alone - a[1].aloneRight)))
  if (s.aloneRight < s.alone) console.log(`  ${name}: ${s.aloneRight} of ${s.alone}; ${s.first}`);
console.log('\nreasons:');
for (const [why, n] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 25)) console.log(`  ${n} × ${why}`);
if (crashes.length > 0)
  console.log(`\n${crashes.length} ended in CORRUPT or without a code; first: ${crashes.slice(0, 5).join('\n  ')}`);

if (options.write) {
  const runs = (name) => {
    if (DRAWS.test(name)) return 'refused';
    if (NOT_CLAIMED.has(name)) return 'not claimed';
    return runnable.has(name) ? 'yes' : 'no';
  };
  const rows = [...scores].sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const row = ([name, s]) =>
    `| ${name} | ${runs(name)} | ${s.alone === 0 ? '' : `${s.aloneRight}/${s.alone}`} | ${s.right}/${s.total} |`;
  const tested = new Set(scores.keys());
  writeFileSync(
    join(root, options.write),
    [
      '# ONNX operators',
      '',
      `Made by \`tools/onnx-score.mjs\` from the ONNX project's own node tests: **${right} of ${total}** right.`,
      '"Alone" counts the tests of the operator itself; "all" also those graphs in which it is one of several.',
      'Those are the tests of plain tensors; sequences, optionals and the number types of 16 bits and fewer are tested by',
      'cases of the same source in `fixtures/onnx`, among them each of its 164 tests with types of eight bits and fewer.',
      '',
      '| operator | runs | alone | all |',
      '|---|---|---|---|',
      ...rows.map(row),
      '',
      `What is marked "yes" gets at least ${CLAIMED_SHARE * 100} % of its tests right.`,
      '',
      '## Operators that run and are not claimed',
      '',
      '| operator | why |',
      '|---|---|',
      ...[...NOT_CLAIMED].map(([name, why]) => `| ${name} | ${why} |`),
      '',
      '## Operators that run and are not in these tests',
      '',
      'Judged by the cases of the same source, or by what onnxruntime answers (`ml.jsonl`, `contrib.jsonl`), in `fixtures/onnx`.',
      '',
      [...runnable]
        .filter((name) => !tested.has(name) && !DRAWS.test(name))
        .sort()
        .join(', '),
      '',
      '## Tests that are not right, and why',
      '',
      'Operators that draw at random, and Dropout in training, are refused: no two runtimes draw alike. ImageDecoder',
      'would need every image codec. The inverse transforms expect the rounding noise of one single-precision library',
      'where the exact answer is zero. Expanded graphs in half precision round at every node, and the sums of one',
      'differ in their last bit.',
      '',
      '| test | reason |',
      '|---|---|',
      ...failures.map(([id, why]) => `| ${id} | ${why.replaceAll('|', '\\|')} |`),
      '',
    ].join('\n'),
  );
}

if (!options.only && broken.length > 0) {
  console.log(
    `\nclaimed, and below ${CLAIMED_SHARE * 100} % of their tests: ${broken.map(([name]) => name).join(', ')}`,
  );
  process.exitCode = 1;
}
