// Mutates malicious and harmless files, seeded, and audits each: none may throw, hang or fill the memory.
//
//     node tools/fuzz-scan.mjs [--count 5000] [--seed 1] [--survivors folder] [--only N]
//
// What began as a malicious file and is found clean goes into the folder of survivors, which
// `python oracle/scan/survivors.py folder` then loads with an unpickler that imports nothing: whatever Python would still
// import must be vouched for. `--only N` repeats one mutation and writes it there. 100,000 take less than an hour.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { inflateSync } from 'node:zlib';

/** A file that takes longer than this hangs, for a machine that is busy otherwise too. */
const SECONDS = 30;
/** Of the whole process: every file is small. */
const MEGABYTES = 2048;
const LARGEST = 40_000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function main() {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '5000' },
      seed: { type: 'string', default: '1' },
      survivors: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const [count, seed] = [Number(values.count), Number(values.seed)];
  const only = values.only === undefined ? undefined : Number(values.only);
  if (values.survivors !== undefined) mkdirSync(values.survivors, { recursive: true });
  const bases = filesToMutate();
  const folder = mkdtempSync(join(tmpdir(), 'brine-fuzz-'));
  const module = join(folder, 'audit.mjs');
  const { build } = await import('esbuild');
  await build({
    entryPoints: [join(root, 'packages/core/src/audit/index.ts')],
    outfile: module,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    logLevel: 'warning',
  });
  const verdicts = new Map();
  const failures = [];
  let survivors = 0;
  const started = performance.now();
  let auditor = startAuditor(module);
  for (let index = only ?? 0; index < (only === undefined ? count : only + 1); index++) {
    const random = generator(seed * 1_000_003 + index);
    const base = bases[random(bases.length)];
    const bytes = mutate(base.bytes, bases, random);
    const keep = (kind) => {
      if (values.survivors !== undefined)
        writeFileSync(join(values.survivors, `${index}-${kind}${base.suffix}`), bytes);
    };
    if (only !== undefined) keep('mutant');
    const answer = await auditor.audit({ index, bytes, name: `mutant${base.suffix}` });
    if (answer.error !== undefined) {
      failures.push(`${index} (${base.name}): ${answer.error}`);
      keep('failure');
      if (answer.isDead) auditor = startAuditor(module);
    } else {
      verdicts.set(answer.verdict, (verdicts.get(answer.verdict) ?? 0) + 1);
      if (base.isMalicious && answer.verdict === 'clean') {
        survivors++;
        keep('clean');
      }
    }
    if (failures.length >= 20) break;
  }
  await auditor.end();
  rmSync(folder, { recursive: true, force: true });
  const seconds = (performance.now() - started) / 1000;
  const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
  for (const failure of failures) console.error(failure);
  const told = [...verdicts].map(([verdict, n]) => `${n} ${verdict}`).join(', ');
  console.log(
    `seed ${seed}: ${told}; ${survivors} malicious ones turned clean; ${seconds.toFixed(0)} s, ${megabytes} MB`,
  );
  const passed = [...verdicts.values()].reduce((a, b) => a + b, 0);
  const heavy = megabytes > MEGABYTES ? 1 : 0;
  if (heavy) console.error(`more than ${MEGABYTES} MB`);
  console.log(`${passed} passed, ${failures.length + heavy} failed`);
  process.exitCode = failures.length + heavy > 0 ? 1 : 0;
}

function startAuditor(module) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: pathToFileURL(module).href });
  return {
    audit: (request) =>
      new Promise((resolve) => {
        const done = (answer) => {
          clearTimeout(timer);
          worker.off('message', done);
          worker.off('error', failed);
          resolve(answer);
        };
        const failed = (error) => done({ error: `the worker died: ${error?.stack ?? error}`, isDead: true });
        const timer = setTimeout(() => {
          void worker.terminate();
          done({ error: `no answer after ${SECONDS} s`, isDead: true });
        }, SECONDS * 1000);
        worker.on('message', done);
        worker.on('error', failed);
        worker.postMessage(request);
      }),
    end: () => worker.terminate(),
  };
}

/** What is mutated: the samples that do harm, twice, and small files that do none. */
function filesToMutate() {
  const malicious = [];
  for (const { name, suffix = '', content, deflated } of [
    ...JSON.parse(readFileSync(join(root, 'fixtures/audit/corpus.json'), 'utf8')),
    ...JSON.parse(readFileSync(join(root, 'fixtures/audit/malicious.json'), 'utf8')),
  ]) {
    const packed = Buffer.from(content ?? deflated, 'base64');
    const bytes = new Uint8Array(deflated === undefined ? packed : inflateSync(packed));
    if (bytes.length <= LARGEST) malicious.push({ name, suffix, bytes, isMalicious: true });
  }
  const harmless = [];
  const add = (path, suffix) => {
    if (statSync(path).size <= LARGEST)
      harmless.push({
        name: path.slice(root.length + 1),
        suffix,
        bytes: new Uint8Array(readFileSync(path)),
        isMalicious: false,
      });
  };
  for (const name of readdirSync(join(root, 'fixtures/identify'))) add(join(root, 'fixtures/identify', name), '');
  for (const version of ['1.9.1', '1.3.2', '1.5.2'])
    for (const each of readdirSync(join(root, 'fixtures/models', version)))
      for (const file of readdirSync(join(root, 'fixtures/models', version, each)))
        if (/^model\.[^/]*$/.test(file) && statSync(join(root, 'fixtures/models', version, each, file)).isFile())
          add(join(root, 'fixtures/models', version, each, file), file.slice(5));
  // As many of the one as of the other.
  const bases = [...malicious];
  for (let i = 0; i < malicious.length / 2; i++) bases.push(harmless[(i * 37) % harmless.length]);
  return bases;
}

/** Mulberry32: `random(n)` is an integer from 0 to n − 1. */
function generator(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const words = [
  'os',
  'posix',
  'sys',
  'builtins',
  'sklearn.base',
  'numpy',
  'system',
  'eval',
  'getattr',
  'dict',
  'list',
  'BaseEstimator',
  'ndarray',
  '_reconstruct',
  'numpy.core.multiarray',
  'joblib.numpy_pickle',
  'NumpyArrayWrapper',
  'collections',
  'OrderedDict',
  'copyreg',
  '_reconstructor',
  'functools',
  'partial',
  'cloudpickle.cloudpickle',
  '_make_function',
  '__setstate__',
  '__dict__',
  'append',
  'os.system',
];
const extremes = [0, 1, 127, 128, 255, 256, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const opcodes =
  '.()0123=NKMJIFTUXVCBGRbabcdehijlopqrstu}]Q\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98';

/** One to four changes of a file. */
function mutate(original, bases, random) {
  let bytes = original;
  for (let round = random(2) ? 1 : 1 + random(4); round > 0; round--)
    bytes = changes[random(changes.length)](bytes, random, bases);
  return bytes === original ? original.slice() : bytes;
}

const splice = (bytes, at, removed, added) => {
  const out = new Uint8Array(bytes.length - removed + added.length);
  out.set(bytes.subarray(0, at));
  out.set(added, at);
  out.set(bytes.subarray(at + removed), at + added.length);
  return out;
};
const latin1 = (text) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const somewhere = (bytes, random) => random(bytes.length + 1);
const length = (bytes, at, random) => Math.min(bytes.length - at, 1 + random(random(2) ? 4 : 60));

const changes = [
  function flip(bytes, random) {
    const out = bytes.slice();
    if (out.length > 0) out[random(out.length)] ^= 1 << random(8);
    return out;
  },
  function set(bytes, random) {
    const out = bytes.slice();
    if (out.length > 0) out[random(out.length)] = random(256);
    return out;
  },
  function opcode(bytes, random) {
    const out = bytes.slice();
    if (out.length > 0) out[random(out.length)] = opcodes.charCodeAt(random(opcodes.length));
    return out;
  },
  function insertOpcode(bytes, random) {
    return splice(bytes, somewhere(bytes, random), 0, latin1(opcodes[random(opcodes.length)]));
  },
  function remove(bytes, random) {
    const at = somewhere(bytes, random);
    return splice(bytes, at, length(bytes, at, random), new Uint8Array(0));
  },
  function repeat(bytes, random) {
    const at = somewhere(bytes, random);
    return splice(bytes, somewhere(bytes, random), 0, bytes.slice(at, at + length(bytes, at, random)));
  },
  function cut(bytes, random) {
    return bytes.slice(0, somewhere(bytes, random));
  },
  function number(bytes, random) {
    const out = bytes.slice();
    const size = [1, 2, 4, 8][random(4)];
    if (out.length < size) return out;
    const at = random(out.length - size + 1);
    let value = BigInt(extremes[random(extremes.length)]);
    for (let i = 0; i < size; i++, value >>= 8n) out[at + i] = Number(value & 255n);
    return out;
  },
  function word(bytes, random) {
    const text = words[random(words.length)];
    const at = somewhere(bytes, random);
    // As it is, or as the short text of protocol 4.
    return splice(
      bytes,
      at,
      random(2) * Math.min(text.length, bytes.length - at),
      latin1(random(2) ? text : `\x8c${String.fromCharCode(text.length)}${text}`),
    );
  },
  function rename(bytes, random) {
    const text = latin1(words[random(words.length)]);
    const from = latin1(words[random(words.length)]);
    for (let at = 0; at + from.length <= bytes.length; at++)
      if (from.every((byte, i) => bytes[at + i] === byte)) return splice(bytes, at, from.length, text);
    return bytes.slice();
  },
  function cross(bytes, random, bases) {
    const other = bases[random(bases.length)].bytes;
    const at = somewhere(other, random);
    return splice(bytes, somewhere(bytes, random), 0, other.slice(at, at + 1 + random(400)));
  },
  function swap(bytes, random) {
    const [a, b] = [somewhere(bytes, random), somewhere(bytes, random)].sort((x, y) => x - y);
    return splice(bytes, a, b - a, Uint8Array.from(bytes.subarray(a, b)).reverse());
  },
];

if (isMainThread) {
  await main();
} else {
  const { audit } = await import(workerData);
  parentPort.on('message', async ({ index, bytes, name }) => {
    try {
      const { verdict } = await audit(bytes, { name });
      parentPort.postMessage({ index, verdict });
    } catch (error) {
      parentPort.postMessage({ index, error: error?.stack ?? String(error) });
    }
  });
}
