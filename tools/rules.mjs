// The audit's rules: writes their index (packages/core/src/audit/rules/index.ts) and docs/rules.md from the files
// beside it, one a rule. With --check, writes nothing and fails where either is not up to date.
//   node tools/rules.mjs [--check]
import { readFileSync, readdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'packages/core/src/audit/rules');
const check = process.argv.includes('--check');
const aside = new Set(['index.ts', 'rule.ts', 'sample.ts']);

const ids = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !aside.has(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const variable = (id) => id.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

const index = `// Written by tools/rules.mjs from the files beside it; do not edit.
import type { Rule } from './rule.js';
${ids.map((id) => `import ${variable(id)} from './${id}.js';`).join('\n')}

/** What the audit looks for, by id. */
export const rules = {
${ids.map((id) => `  '${id}': ${variable(id)},`).join('\n')}
} as const satisfies Record<string, Rule>;

/** The ids are part of the contract: people filter by them. */
export type RuleId = keyof typeof rules;
`;

async function loaded() {
  const out = mkdtempSync(join(tmpdir(), 'brine-rules-'));
  try {
    const outfile = join(out, 'rules.mjs');
    const contents = `${ids.map((id) => `export { default as ${variable(id)} } from './${id}.js';`).join('\n')}`;
    await build({
      stdin: { contents, resolveDir: folder, loader: 'ts' },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2022',
      logLevel: 'warning',
    });
    const module = await import(pathToFileURL(outfile).href);
    return ids.map((id) => {
      const rule = module[variable(id)];
      if (rule.id !== id) throw new Error(`${id}.ts holds the rule ${rule.id}`);
      return rule;
    });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const groups = [
  ['dangerous', 'The file is *dangerous*: there is a named reason not to load it.'],
  ['incomplete', 'The file is *incomplete*: it was not read to its end.'],
  ['unknown', 'The file is *unknown*: it was read wholly, and holds what nobody vouches for.'],
  ['information', 'Worth knowing; the verdict stays what it is.'],
];

const advisoryLink = (name) => {
  if (name.startsWith('CVE-')) return `[${name}](https://nvd.nist.gov/vuln/detail/${name})`;
  if (name.startsWith('GHSA-')) return `[${name}](https://github.com/advisories/${name})`;
  return name;
};
const cweLink = (cwe) => `[${cwe}](https://cwe.mitre.org/data/definitions/${cwe.slice('CWE-'.length)}.html)`;

function entry({ id, title, severity, meaning, cwe, advisories = [], advice, bad, good }) {
  const examples = [
    ['Found in', Object.keys(bad)],
    ['Not in', Object.keys(good)],
  ].filter(([, names]) => names.length > 0);
  return [
    `### ${id}`,
    `${title[0].toUpperCase()}${title.slice(1)}. Severity: ${severity}.`,
    meaning,
    `**What to do.** ${advice}`,
    [...(cwe ? [cweLink(cwe)] : []), ...advisories.map(advisoryLink)].join(' · '),
    examples.map(([label, names]) => `- ${label} the sample: ${names.join('; ')}`).join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function document(rules) {
  const sections = groups.map(([verdict, what]) => {
    const own = rules.filter((rule) => rule.verdict === verdict);
    return own.length === 0 ? '' : `## ${verdict}\n\n${what}\n\n${own.map(entry).join('\n\n')}\n`;
  });
  return `# The rules of \`brine scan\`

<!-- Written by tools/rules.mjs from packages/core/src/audit/rules/; do not edit. -->

${rules.length} rules. \`brine scan --rules\` lists them, \`brine scan --explain RULE\` prints one. How to read verdicts, and what to do with them in a pipeline: [scan.md](scan.md).

${sections.filter((section) => section !== '').join('\n')}`;
}

const options = (await resolveConfig(join(root, 'package.json'))) ?? {};
const pretty = (text, path) => format(text, { ...options, filepath: path });
let stale = 0;
for (const [path, text] of [
  [join(folder, 'index.ts'), index],
  [join(root, 'docs/rules.md'), document(await loaded())],
]) {
  const wanted = await pretty(text, path);
  let current = '';
  try {
    current = readFileSync(path, 'utf8');
  } catch {
    // Not there yet.
  }
  if (current === wanted) continue;
  stale++;
  if (check) console.error(`${path.slice(root.length + 1)} is not up to date: node tools/rules.mjs`);
  else writeFileSync(path, wanted);
}
console.log(check ? `${2 - stale} passed, ${stale} failed` : `${ids.length} rules, ${stale} files written`);
process.exitCode = check && stale > 0 ? 1 : 0;
