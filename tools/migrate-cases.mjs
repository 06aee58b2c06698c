// Migrates models by the hundred, from the sources: what oracle/migrate/matrix.py judges.
//   node tools/migrate-cases.mjs JOBS.json OUT.json
// JOBS.json: [{ "file", "to": [version…], "out": [file…] }]; OUT.json: [{ "out", "ok", "reason"?, "changes"?, "crash"? }].
import { build } from 'esbuild';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function core() {
  const folder = mkdtempSync(join(tmpdir(), 'brine-migrate-'));
  try {
    const outfile = join(folder, 'core.mjs');
    const contents = `export * from './index.js'; export * from './tools.js';`;
    const stdin = { contents, resolveDir: join(root, 'packages/core/src'), loader: 'ts' };
    await build({
      stdin,
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

const { BrineError, convertMigrated, open, targetNamed } = await core();
const target = targetNamed('pickle');
const jobs = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const results = [];

async function migrated(model, to, out, pick) {
  try {
    // The audit is not what is judged here.
    const allow = ['unknown', 'incomplete', 'dangerous'];
    const conversion = await convertMigrated(model, target, { to, allow, pick, protocol: 4 });
    const chunks = [];
    for await (const chunk of conversion.chunks()) chunks.push(chunk);
    writeFileSync(out, Buffer.concat(chunks));
    return { out, ok: true, changes: conversion.migrated.changes.length };
  } catch (error) {
    return { out, ok: false, crash: !(error instanceof BrineError), reason: error.message };
  }
}

for (const { file, to, out, pick } of jobs) {
  let model;
  try {
    model = await open(new Uint8Array(readFileSync(file)), pick === undefined ? {} : { pick });
  } catch (error) {
    for (const one of out)
      results.push({ out: one, ok: false, crash: !(error instanceof BrineError), reason: error.message });
    continue;
  }
  for (let i = 0; i < out.length; i++) results.push(await migrated(model, to[i], out[i], pick));
  await model.close();
}
writeFileSync(process.argv[3], JSON.stringify(results));
