// Lists the estimator classes that brine runs, with their methods: docs/estimators.md.
//   node tools/estimators.mjs [--check]
import { build } from 'esbuild';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'docs/estimators.md');

/** Every definition, from the sources: no build is needed. */
async function definitions() {
  const folder = mkdtempSync(join(tmpdir(), 'brine-estimators-'));
  try {
    const outfile = join(folder, 'estimators.mjs');
    const entry = join(root, 'packages/core/src/estimators/index.ts');
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      logLevel: 'warning',
    });
    return await (await import(pathToFileURL(outfile).href)).allDefinitions();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const byPackage = new Map();
let classes = 0;
for (const { names, modules, methods, any } of await definitions()) {
  // The public package, without the private file that holds the class.
  const home = modules[0]
    .split('.')
    .filter((part, i) => i < 2 || !part.startsWith('_'))
    .slice(0, 2)
    .join('.');
  const rows = byPackage.get(home) ?? byPackage.set(home, new Map()).get(home);
  for (const name of names) {
    classes++;
    const own = [...methods.keys()].join(', ');
    rows.set(name, any ? [own, 'whatever its inner estimators offer'].filter(Boolean).join('; ') : own);
  }
}

const lines = [
  '# Estimators',
  '',
  `Made by \`tools/estimators.mjs\`: ${classes} classes. What a fitted one offers may be less (\`predict_proba\` of an SVC without`,
  'probabilities); `get_feature_names_out` comes on top where scikit-learn has it. Files of scikit-learn 0.17 to 1.9.',
  '',
];
for (const [home, rows] of [...byPackage].sort(([a], [b]) => (a < b ? -1 : 1))) {
  lines.push(`## ${home}`, '', '| class | methods |', '|---|---|');
  for (const [name, methods] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) lines.push(`| ${name} | ${methods} |`);
  lines.push('');
}
const text = lines.join('\n');
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('docs/estimators.md is not what tools/estimators.mjs makes of the sources: run it');
    process.exit(1);
  }
} else writeFileSync(target, text);
console.log(`${classes} classes`);
