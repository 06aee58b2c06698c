// What a browser downloads to open a forest: the minified bundle of a page that calls `open`, with the parts that
// opening and asking a saved forest really loads. Fails when it passes its budget.
//   node tools/size.mjs
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Bytes after gzip. Raise it on purpose, in a change that says what the bytes buy. */
const FOREST_BUDGET_GZIP = 170_000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const forest = join(root, 'fixtures/models/1.9.1/RandomForestClassifier-wine');
const mark = (name) => `(globalThis.brineLoaded??=[]).push(${name});`;

const outdir = mkdtempSync(join(tmpdir(), 'brine-size-'));
try {
  await build({
    stdin: { contents: `export { open } from '@brine/core';`, resolveDir: root, sourcefile: 'page.js' },
    alias: { '@brine/core': join(root, 'packages/core/src/index.ts') },
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    entryNames: 'page',
    chunkNames: 'part-[hash]',
    outExtension: { '.js': '.mjs' },
    // Each file tells that it was loaded; the marks do not count.
    banner: { js: mark('import.meta.url') },
    logLevel: 'warning',
  });

  const { open } = await import(pathToFileURL(join(outdir, 'page.mjs')).href);
  const entry = JSON.parse(readFileSync(join(forest, 'case.json'), 'utf8'));
  const model = await open(new Blob([await readFile(join(forest, entry.model))]));
  await model.run('predict', [new Array(13).fill(1)]);

  const loaded = globalThis.brineLoaded.map((url) => basename(fileURLToPath(url)));
  const measure = (names) => {
    const texts = names.map((name) => readFileSync(join(outdir, name), 'utf8').replace(mark('import.meta.url'), ''));
    const sum = (size) => texts.map(size).reduce((a, b) => a + b, 0);
    return {
      plain: sum((text) => Buffer.byteLength(text)),
      gzip: sum((text) => gzipSync(text, { level: 9 }).length),
      brotli: sum((text) => brotliCompressSync(text).length),
    };
  };
  const show = (label, names, size) =>
    console.log(
      `${label.padEnd(28)} ${String(names.length).padStart(3)} files  ` +
        ['plain', 'gzip', 'brotli']
          .map((kind) => `${(size[kind] / 1000).toFixed(1).padStart(7)} kB ${kind}`)
          .join('  '),
    );
  const everything = readdirSync(outdir);
  const size = measure(loaded);
  show('to open and ask a forest', loaded, size);
  show('everything there is', everything, measure(everything));
  const within = size.gzip <= FOREST_BUDGET_GZIP;
  console.log(
    `${within ? 'within' : 'PAST'} the budget of ${(FOREST_BUDGET_GZIP / 1000).toFixed(1)} kB gzip ` +
      `(${((100 * size.gzip) / FOREST_BUDGET_GZIP).toFixed(0)} %)`,
  );
  console.log(within ? '1 passed, 0 failed' : '0 passed, 1 failed');
  process.exitCode = within ? 0 : 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
