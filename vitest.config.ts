import { defineConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests run on the sources, so that they need no build.
    alias: {
      '@brine/core/audit': here('packages/core/src/audit/index.ts'),
      '@brine/core/bytes': here('packages/core/src/bytes/index.ts'),
      '@brine/core/convert': here('packages/core/src/convert/index.ts'),
      '@brine/core/tools': here('packages/core/src/tools.ts'),
      '@brine/core': here('packages/core/src/index.ts'),
    },
  },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
    testTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['packages/core/src/**'],
      exclude: ['**/*.test.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
