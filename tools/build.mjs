// Builds what `npm ci` leaves ready to run: packages/*/dist. JavaScript by esbuild and vite, declarations by tsc.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'vite';

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

// The command line and the Node library start faster as a few large files; what is loaded on demand stays apart.
const part = (name) => join(core, `src/${name}.ts`);
await bundle({
  configFile: false,
  root: cli,
  logLevel: 'warn',
  resolve: {
    alias: [
      { find: /^@brine\/core$/, replacement: part('index') },
      { find: /^@brine\/core\/tools$/, replacement: part('tools') },
      { find: /^@brine\/core\/(audit|bytes|convert)$/, replacement: part('$1/index') },
    ],
  },
  // Without comments, and with names as they are. A letter beyond ASCII would have V8 keep the file in twice the memory.
  esbuild: { charset: 'ascii', legalComments: 'none', minifyIdentifiers: false, minifyWhitespace: true },
  build: {
    ssr: true,
    target: common.target,
    minify: 'esbuild',
    outDir: 'dist',
    emptyOutDir: true,
    reportCompressedSize: false,
    rollupOptions: {
      input: ['main', 'index', 'tools'].map((name) => join(cli, `src/${name}.ts`)),
      external: /^(apache-arrow|commander|csv-parse|hyparquet|hyparquet-compressors|onnxruntime-(node|web))(\/|$)/,
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});

if (!process.argv.includes('--no-types')) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  for (const dir of [core, cli])
    if (statSync(join(dir, 'tsconfig.json')).isFile())
      execFileSync(process.execPath, [tsc, '-p', dir, '--emitDeclarationOnly'], { stdio: 'inherit' });
}
