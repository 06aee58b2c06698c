// Builds what `npm ci` leaves ready to run: packages/*/dist. JavaScript by esbuild, declarations by tsc.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const core = join(root, 'packages/core');
const cli = join(root, 'packages/cli');

function sources(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

const common = { format: 'esm', target: 'es2022', logLevel: 'warning' };
for (const dir of [core, cli]) rmSync(join(dir, 'dist'), { recursive: true, force: true });

// core stays one file per source, so that bundlers can drop what a page does not use.
await build({
  ...common,
  entryPoints: sources(join(core, 'src')),
  outbase: join(core, 'src'),
  outdir: join(core, 'dist'),
});

// The command line and the Node library start faster as bundles; what is loaded on demand stays apart.
const entries = ['main.ts', 'index.ts', 'tools.ts'].map((f) => join(cli, 'src', f)).filter((f) => existsSync(f));
await build({
  ...common,
  entryPoints: entries,
  outdir: join(cli, 'dist'),
  platform: 'node',
  bundle: true,
  splitting: true,
  external: ['apache-arrow', 'hyparquet', 'hyparquet-compressors', 'csv-parse', 'commander'],
  alias: {
    '@brine/core/audit': join(core, 'src/audit/index.ts'),
    '@brine/core/bytes': join(core, 'src/bytes/index.ts'),
    '@brine/core/convert': join(core, 'src/convert/index.ts'),
    '@brine/core/tools': join(core, 'src/tools.ts'),
    '@brine/core': join(core, 'src/index.ts'),
  },
  chunkNames: 'chunks/[name]-[hash]',
});

if (!process.argv.includes('--no-types')) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  for (const dir of [core, cli])
    if (statSync(join(dir, 'tsconfig.json')).isFile())
      execFileSync(process.execPath, [tsc, '-p', dir, '--emitDeclarationOnly'], { stdio: 'inherit' });
}
