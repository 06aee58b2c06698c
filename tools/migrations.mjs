// Writes docs/migrations.md from the rules that `brine migrate` follows.
//   node tools/migrations.mjs [--check]
import { build } from 'esbuild';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'docs/migrations.md');

async function rules() {
  const folder = mkdtempSync(join(tmpdir(), 'brine-migrations-'));
  try {
    const outfile = join(folder, 'migrate.mjs');
    const entry = join(root, 'packages/core/src/migrate/index.ts');
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { chapters, releases } = await rules();

/** Everything that one release changed, by module. */
function release({ name }) {
  const lines = [];
  for (const { module, moves = [], rules: list = [], existence = [] } of chapters) {
    const said = [
      ...existence
        .filter((e) => e.since === name)
        .map((e) => `${code(e.names)} ${e.change}${e.note === undefined ? '' : ` (${e.note})`}.`),
      ...moves.filter((m) => m.since === name).map(move),
      ...list.filter((r) => r.since === name).map(rule),
    ];
    if (said.length > 0) lines.push(`### ${module}`, '', ...[...new Set(said)].map((line) => `- ${line}`), '');
  }
  return lines.length === 0 ? [] : [`## ${name}`, '', ...lines];
}

function move({ from, to, names, source }) {
  const what = names ? names.map((n) => (typeof n === 'string' ? n : `${n[0]} → ${n[1]}`)) : [];
  const moved = from === to ? `In \`${from}\`` : `\`${from}\` is \`${to}\``;
  return `${moved}${names ? `: ${code(what)}` : ''}. _${source}_`;
}

function rule({ classes, what, source, up, down }) {
  const ways = up && down ? '' : up ? ' (only this way)' : ' (only backwards)';
  return `${code(classes)}: ${what}${ways}. _${source}_`;
}

const code = (names) => names.map((n) => `\`${n}\``).join(', ');

const text = `# Migrations

Made by \`tools/migrations.mjs\` from the rules in \`packages/core/src/migrate/rules\`: what scikit-learn changed about saved
models, release by release. \`brine migrate\` applies them in this order, and backwards in the opposite one; what an older
release cannot express is refused with the nearest that can. [The matrix](migration-matrix.md) shows how that was judged.

${releases.flatMap(release).join('\n')}`.replace(/\n+$/, '\n');

if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('docs/migrations.md is out of date: node tools/migrations.mjs');
    process.exit(1);
  }
  console.log('docs/migrations.md is what the rules say');
} else {
  writeFileSync(target, text);
  console.log(`docs/migrations.md: ${chapters.reduce((n, c) => n + (c.rules?.length ?? 0), 0)} rules`);
}
