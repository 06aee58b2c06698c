// Holds `brine env --check` against what Python really answered.
//   node tools/check-env.mjs VENV=ERRORS.json …
// VENV is a virtualenv, ERRORS.json what oracle/environment/errors.py printed in it. Every error that Python met must be
// foreseen in its own words, every model that came through must be foreseen to. The last line is `N passed, N failed`.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'brine-env-'));
const out = join(folder, 'library.mjs');
await build({
  stdin: {
    contents: `export * from './environment/index.js'; export { BufferSource } from './bytes/source.js';`,
    resolveDir: join(root, 'packages/core/src'),
  },
  outfile: out,
  bundle: true,
  format: 'esm',
  platform: 'node',
  logLevel: 'error',
});
const { environmentOf, foresee, BufferSource } = await import(pathToFileURL(out).href);
rmSync(folder, { recursive: true });

const listing = `import json,sys
try:
    from importlib.metadata import distributions
    found=[(d.metadata["Name"],d.version) for d in distributions()]
except ImportError:
    import pkg_resources
    found=[(d.project_name,d.version) for d in pkg_resources.working_set]
print(json.dumps({"python":"%d.%d.%d"%tuple(sys.version_info[:3]),"packages":found}))`;

/** What a person looks for in an error: its kind and its first words. */
const gist = (error) =>
  error
    .split('\n')[0]
    .replace(/^KeyError: \d+$/, 'KeyError')
    .replace(/ from '.*$/, '')
    .replace(/0x[0-9a-f]+/g, '')
    .slice(0, 60);

let passed = 0;
const failures = [];
const reports = new Map();
for (const pair of process.argv.slice(2)) {
  const [venv, file] = pair.split('=');
  const told = JSON.parse(execFileSync(join(venv, 'bin/python'), ['-I', '-c', listing], { encoding: 'utf8' }));
  const env = new Map([
    ['Python', told.python],
    ...told.packages.map(([name, version]) => [name.toLowerCase().replace(/[-_.]+/g, '-'), version]),
  ]);
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const seen = JSON.parse(line);
    let report = reports.get(seen.case);
    if (!report) {
      const entry = JSON.parse(readFileSync(join(root, seen.case, 'case.json'), 'utf8'));
      const bytes = readFileSync(join(root, seen.case, entry.model));
      report = await environmentOf(new BufferSource(bytes, entry.model));
      reports.set(seen.case, report);
    }
    const problems = foresee(report.facts, env).filter((p) => p.stage !== 'warning');
    // Rows with missing values are refused for what they are, not for who wrote the model.
    if (/^ValueError: Input X contains NaN/.test(seen.error ?? '')) continue;
    const where = `${seen.case} (${seen.sklearn}) in ${env.get('scikit-learn')}`;
    if (seen.error !== undefined) {
      // joblib before 1.2 trips over padding in as many ways as there are bytes.
      const padded = problems.some((p) => p.id === 'joblib-padding') && seen.stage === 'load';
      const right =
        padded ||
        problems.some((p) => gist(p.error) === gist(seen.error) || gist(seen.error).startsWith(gist(p.error)));
      if (right) passed++;
      else failures.push([`missed: ${gist(seen.error)}`, where, problems.map((p) => p.error).join(' | ')]);
    } else if (seen.stage === 'silent') {
      if (problems.some((p) => p.stage === 'silent')) passed++;
      else failures.push([`missed: silent ${seen.method}`, where, problems.map((p) => p.error).join(' | ')]);
    } else if (problems.length === 0 || (seen.asked === 0 && problems.every((p) => p.stage !== 'load'))) passed++;
    else failures.push([`false alarm: ${problems[0].error}`, where, '']);
  }
}
const kinds = new Map();
for (const [kind, where, had] of failures)
  kinds.set(kind, [...(kinds.get(kind) ?? []), `${where}${had ? ` had ${had}` : ''}`]);
for (const [kind, list] of [...kinds].sort((a, b) => b[1].length - a[1].length))
  console.log(`${list.length}  ${kind}   e.g. ${list[0]}`);
console.log(`${passed} passed, ${failures.length} failed`);
