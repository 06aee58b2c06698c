import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BrineError, open, type ModelInput } from '../src/index.js';

// Inputs that are wrong in one way each: what scikit-learn refuses is refused, in words that help, and what it
// answers is answered. fixtures/inputs/refusals.json says which is which (oracle/make_inputs.py).

const folder = fileURLToPath(new URL('../../../fixtures/inputs', import.meta.url));

interface Refusals {
  readonly rows: number[][];
  /** Estimator → method → input → true, or what scikit-learn said. */
  readonly answers: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, true | string>>>>>>;
}

const { rows, answers } = JSON.parse(readFileSync(`${folder}/refusals.json`, 'utf8')) as Refusals;
const flat = rows.flat();
const float64 = (shape: number[], data: readonly number[]): ModelInput => ({
  dtype: 'float64',
  shape,
  data: Float64Array.from(data),
});
/** The rows with another value in row 1, column 2. */
const changed = (value: number): ModelInput =>
  float64(
    [3, 4],
    flat.map((x, i) => (i === 6 ? value : x)),
  );

/** The inputs of oracle/make_inputs.py, as a caller of brine would write them. */
const inputs: Readonly<Record<string, ModelInput>> = {
  right: float64([3, 4], flat),
  narrow: rows.map((row) => row.slice(0, 3)),
  wide: rows.map((row) => [...row, row[0]]),
  'no rows': float64([0, 4], []),
  'no columns': float64([3, 0], []),
  flat: float64([4], rows[0]),
  deep: float64([1, 3, 4], flat),
  nan: changed(NaN),
  inf: changed(Infinity),
  'minus inf': changed(-Infinity),
  'beyond float32': changed(1e39),
  text: rows.map((row, r) => row.map((x, c) => (r === 1 && c === 2 ? 'much' : x))),
  'numbers as text': rows.map((row) => row.map((x) => x.toFixed(1))),
  booleans: { dtype: 'bool', shape: [3, 4], data: flat.map((x) => x > 2) },
  float16: { dtype: 'float16', shape: [3, 4], data: flat },
  uint8: { dtype: 'uint8', shape: [3, 4], data: Uint8Array.from(flat) },
  int64: { dtype: 'int64', shape: [3, 4], data: BigInt64Array.from(flat, BigInt) },
  negative: float64(
    [3, 4],
    flat.map((x) => -x),
  ),
};

/** Where brine differs on purpose, or is the stricter one. */
function differs(name: string, method: string, kind: string): boolean {
  // No rows in, no rows out: a service or a stream may well ask that.
  if (kind === 'no rows') return true;
  // Cells of a CSV are text: numbers written as such are read exactly, as scikit-learn's own scalers do.
  if (kind === 'numbers as text') return true;
  // It would hand rows of any width to its function; a table of another width than it was fitted on is a mistake.
  if (name === 'FunctionTransformer') return ['narrow', 'wide', 'no columns', 'flat', 'deep'].includes(kind);
  // It finds leaves for missing values that its predict refuses.
  if (name.startsWith('GradientBoosting')) return method === 'apply' && kind === 'nan';
  // With unknown categories ignored, these are unknown categories.
  if (name === 'OneHotEncoder') return ['inf', 'minus inf', 'booleans'].includes(kind);
  return false;
}

describe('refusals', () => {
  it.each(Object.keys(answers))('%s', async (name) => {
    const model = await open(Uint8Array.from(readFileSync(`${folder}/${name}.pickle`)));
    const differences: string[] = [];
    for (const [method, kinds] of Object.entries(answers[name]))
      for (const [kind, expected] of Object.entries(kinds)) {
        let said: string | true = true;
        try {
          await model.run(method, inputs[kind]);
        } catch (error) {
          if (!(error instanceof BrineError)) throw error;
          said = `${error.code}: ${error.message}`;
        }
        if ((said === true) !== (expected === true) && !differs(name, method, kind))
          differences.push(`${method}, ${kind}: brine ${String(said)}; scikit-learn ${String(expected)}`);
      }
    expect(differences).toEqual([]);
  });
});

describe('what a refusal says', () => {
  it.each([
    ['StandardScaler', 'transform', 'narrow', 'the input has 3 columns, StandardScaler expects 4'],
    ['StandardScaler', 'transform', 'flat', 'put a single row into a list of rows'],
    ['LogisticRegression', 'predict', 'nan', 'row 1, column 2'],
    ['Pipeline', 'predict', 'inf', 'row 1, column 2'],
    ['RandomForestClassifier', 'predict', 'beyond float32', '1e+39: row 1, column 2'],
    ['SVC', 'predict', 'text', 'row 1, column 2: "much" is not a number'],
    ['SimpleImputer', 'transform', 'text', 'row 1, column 2: "much" is not a number'],
    ['SelectKBest', 'transform', 'nan', 'row 1, column 2'],
    ['OrdinalEncoder', 'transform', 'nan', 'row 1'],
  ])('%s.%s, %s', async (name, method, kind, words) => {
    const model = await open(Uint8Array.from(readFileSync(`${folder}/${name}.pickle`)));
    const refusal = await model.run(method, inputs[kind]).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(BrineError);
    expect((refusal as BrineError).code).toBe('BAD_INPUT');
    expect((refusal as BrineError).message).toContain(words);
  });
});
