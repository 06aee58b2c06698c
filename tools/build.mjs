// Builds what `npm ci` leaves ready to run: packages/*/dist. JavaScript by esbuild and vite, declarations by tsc.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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
/** What commands begin with becomes part of them: found and read file by file, these packages take 15 ms. */
const within = ['commander', 'csv-parse'];
/** commander could start programs. brine starts none that way, and node:child_process takes 2 ms to load. */
const noPrograms = {
  name: 'no-programs',
  enforce: 'pre',
  resolveId: (id, from) => (id === 'node:child_process' && from?.includes('/commander/') ? '\0nothing' : undefined),
  load: (id) => (id === '\0nothing' ? 'export default {};' : undefined),
};
await bundle({
  configFile: false,
  root: cli,
  logLevel: 'warn',
  plugins: [noPrograms],
  ssr: { noExternal: within },
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
      external: /^(apache-arrow|hyparquet|hyparquet-compressors|onnxruntime-(node|web))(\/|$)/,
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});

// Their licences go where they go.
const licence = (name) => `${name}\n\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim()}\n`;
writeFileSync(join(cli, 'dist/LICENSES.txt'), within.map(licence).join('\n\n'));

if (!process.argv.includes('--no-types')) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  for (const dir of [core, cli])
    if (statSync(join(dir, 'tsconfig.json')).isFile())
      execFileSync(process.execPath, [tsc, '-p', dir, '--emitDeclarationOnly'], { stdio: 'inherit' });
}
