// Opens every case below the given folders with the built package, by path, and compares with what Python answered.
//   node tools/check-cases.mjs FOLDER… [--verbose]        the last line is `N passed, N failed`
// The comparison is the one that the unit tests use, packages/core/test/support.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { open } from 'brine';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function loadCheck() {
  const scratch = mkdtempSync(join(tmpdir(), 'brine-check-'));
  try {
    const outfile = join(scratch, 'case.mjs');
    const entry = join(root, 'packages/core/test/support/case.ts');
    await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', logLevel: 'warning' });
    return (await import(pathToFileURL(outfile).href)).check;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function casesBelow(folder) {
  if (existsSync(join(folder, 'case.json'))) return [folder];
  const inside = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return inside.flatMap((entry) => casesBelow(join(folder, entry.name))).sort();
}

const folders = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const verbose = process.argv.includes('--verbose');
const check = await loadCheck();
const platform = {
  open,
  read: (path) => readFile(path),
  source: (path) => path,
  folder: (path) => path,
};

const began = performance.now();
let passed = 0;
let failed = 0;
let largest = 0;
const byEstimator = new Map();
for (const folder of folders.flatMap((path) => casesBelow(resolve(path)))) {
  const outcome = await check(platform, folder);
  passed += outcome.checks - outcome.failures.length;
  failed += outcome.failures.length;
  largest = Math.max(largest, outcome.largest);
  const row = byEstimator.get(outcome.estimator) ?? { checks: 0, failures: 0 };
  row.checks += outcome.checks;
  row.failures += outcome.failures.length;
  byEstimator.set(outcome.estimator, row);
  for (const failure of outcome.failures) console.log(`FAIL ${folder}\n     ${failure}`);
}
if (verbose)
  for (const [name, row] of byEstimator) console.log(`  ${name}: ${row.checks - row.failures}/${row.checks}`);
console.log(
  `${byEstimator.size} estimators, largest difference ${largest.toExponential(1)}, ` +
    `${((performance.now() - began) / 1000).toFixed(1)} s`,
);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
