import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { open, type OpenSource } from '../src/index.js';
import type { Graph } from '../src/graph/graph.js';
import type { Plan } from '../src/runtime/plan.js';
import { check, type Platform } from './support/case.js';

/** Plans that ran in blocks. */
const ran = vi.hoisted(() => ({ blocks: 0 }));

// What runs by blocks of some thousand rows runs by two rows here: each fixture has more.
vi.mock('../src/runtime/blocks.js', async (original) => {
  const { byBlocks } = await original<typeof import('../src/runtime/blocks.js')>();
  return {
    byBlocks: (graph: Graph, plan: Plan): Plan => {
      const blocks = byBlocks(graph, plan, 2);
      if (blocks !== plan) ran.blocks++;
      return blocks;
    },
  };
});

const models = fileURLToPath(new URL('../../../fixtures/models', import.meta.url));
const files: Platform = {
  open: (source, options) => open(source as OpenSource, options),
  read: (path) => readFile(path),
  source: async (path) => new File([await readFile(path)], basename(path)),
};

it.each(readdirSync(models).sort())('scikit-learn %s answers alike in blocks of rows', async (version) => {
  for (const name of readdirSync(join(models, version)).sort()) {
    const { failures } = await check(files, join(models, version, name));
    expect(failures, name).toEqual([]);
  }
});

it('many of them did run in blocks', () => {
  expect(ran.blocks).toBeGreaterThan(300);
});
