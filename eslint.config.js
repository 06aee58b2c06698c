import tseslint from 'typescript-eslint';

/**
 * The one-way arrows of ARCHITECTURE.md. A folder of packages/core/src may import from itself,
 * from the root files (errors.ts, limits.ts) and from the folders listed here; nothing else.
 */
const arrows = {
  bytes: [],
  archive: ['bytes'],
  pickle: ['bytes'],
  text: [],
  python: ['bytes', 'pickle'],
  // Types only: the attributes of the text operators.
  graph: ['text'],
  runtime: ['graph', 'text'],
  estimators: ['python', 'pickle', 'graph', 'text'],
  formats: ['bytes', 'archive', 'pickle', 'python', 'graph'],
  audit: ['bytes', 'archive', 'pickle', 'python', 'formats'],
  model: ['bytes', 'archive', 'pickle', 'text', 'python', 'formats', 'graph', 'runtime', 'estimators', 'audit'],
  // What people do with models. Nothing below points back at these.
  migrate: ['bytes', 'pickle', 'python', 'graph', 'estimators', 'formats'],
  environment: ['bytes', 'archive', 'pickle', 'python', 'formats', 'model'],
  verify: ['bytes', 'pickle', 'python', 'graph', 'runtime', 'estimators', 'formats', 'model'],
  drawing: ['graph', 'model', 'verify'],
  convert: [
    'bytes',
    'archive',
    'pickle',
    'python',
    'graph',
    'estimators',
    'formats',
    'audit',
    'model',
    'migrate',
    'verify',
  ],
};
const folders = Object.keys(arrows);

/** The folders that `folder` may not import from. */
const forbidden = (folder) => folders.filter((f) => f !== folder && !arrows[folder].includes(f));

const arrowRules = folders.map((folder) => ({
  files: [`packages/core/src/${folder}/**/*.ts`],
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          { group: ['node:*', '@brine/*', 'brine'], message: 'core runs in browsers: no Node modules.' },
          ...forbidden(folder).map((f) => ({
            regex: `^(\\.\\./)+${f}/`,
            message: `${folder}/ may not import from ${f}/ (the arrows of ARCHITECTURE.md).`,
          })),
        ],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'coverage/**',
      '.conformance/**',
      '.venv/**',
      '.ci/.venv*/**',
      'fixtures/**',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.eslint.json' } },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Kernels read typed arrays at indices they have checked.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      eqeqeq: ['error', 'always'],
      'max-lines': ['error', { max: 600, skipBlankLines: true, skipComments: true }],
    },
  },
  ...arrowRules,
  // Tables that tools/known.mjs writes.
  { files: ['packages/core/src/audit/known/*.ts'], rules: { 'max-lines': 'off' } },
  { files: ['**/*.test.ts'], rules: { 'max-lines': 'off', '@typescript-eslint/no-non-null-assertion': 'off' } },
);
