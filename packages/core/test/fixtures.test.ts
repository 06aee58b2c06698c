import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { open, type OpenSource } from '../src/index.js';
import { check, type Platform } from './support/case.js';

// Every committed case: a file that a real library wrote, and what that library answered (fixtures/README.md).
const models = fileURLToPath(new URL('../../../fixtures/models', import.meta.url));

const files: Platform = {
  open: (source, options) => open(source as OpenSource, options),
  read: (path) => readFile(path),
  source: async (path) => new File([await readFile(path)], basename(path)),
};

for (const version of readdirSync(models).sort()) {
  describe(`scikit-learn ${version}`, () => {
    for (const name of readdirSync(join(models, version)).sort()) {
      it(name, async () => {
        const outcome = await check(files, join(models, version, name));
        if (outcome.failures.length > 0) throw new Error(outcome.failures.join('\n'));
        expect(outcome.checks).toBeGreaterThan(0);
      });
    }
  });
}
