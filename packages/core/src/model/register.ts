import { BrineError } from '../errors.js';
import {
  addDefinitions,
  estimator,
  plainLabel,
  raw,
  takes,
  type Definition,
  type Estimator,
} from '../estimators/index.js';
import type { Tensor } from '../graph/tensor.js';
import { PyDict, PyTuple, type PyValue } from '../pickle/values.js';
import { elements } from '../python/elements.js';
import { NdArray } from '../python/ndarray.js';

/** What a taught class sees of the saved object. */
export interface CustomSelf {
  /** The class name. */
  readonly name: string;
  /**
   * An attribute as plain JavaScript: numbers, text, booleans, null, arrays of those (nested as numpy's
   * `tolist` nests), objects for dicts with text keys. Undefined if there is none.
   */
  get(attribute: string): unknown;
}

/** How a class that only its author's program has is computed. */
export interface CustomEstimator {
  /** By scikit-learn's method name: from the input [n, p] float64 (or [n] where `input` is `list`) to the answer. */
  readonly methods: Readonly<Record<string, (self: CustomSelf, x: Tensor) => Tensor>>;
  /** `dense` (default): numbers in rows and columns. `list`: one value per row, such as documents. */
  readonly input?: 'dense' | 'list';
  /** How many columns `transform` gives, where it is not as many as it takes. */
  readonly columns?: (self: CustomSelf) => number;
  /** The names of those columns. */
  readonly names?: (self: CustomSelf, input: readonly string[]) => readonly string[];
}

/**
 * Teaches a class by its exact module and name, for every model opened afterwards. The functions run in this
 * program; nothing of the file's own code does. A model that contains it cannot be converted.
 *
 *     register('features', 'LogAmount', { methods: { transform: (self, x) => … } });
 */
export function register(module: string, name: string, custom: CustomEstimator): void {
  if (module === '' || name === '') throw new BrineError('BAD_ARGUMENT', 'register needs a module and a class name');
  addDefinitions([definition(module, name, custom)]);
}

function definition(module: string, name: string, custom: CustomEstimator): Definition {
  const kind = custom.input ?? 'dense';
  const entries = Object.entries(custom.methods).map(([method, run]) => {
    const lower = takes<{ estimator: Estimator }, 'dense' | 'list'>(kind, (m, x, g) => {
      const self = selfOf(m.estimator);
      const rows = x.shape[0] ?? null;
      const flat = method.startsWith('predict') && !method.includes('proba');
      const columns = custom.columns ? custom.columns(self) : (x.shape[1] ?? null);
      const work = ([input]: readonly Tensor[]): Tensor => run(self, input);
      return g.own(
        'Custom',
        [x],
        { run: work, name: `${module}.${name}.${method}` },
        {
          dtype: 'float64',
          shape: flat ? [rows] : [rows, columns],
        },
      );
    });
    return [method, lower] as const;
  });
  const { names } = custom;
  return estimator(
    name,
    { any: raw },
    {
      modules: [module],
      input: kind,
      finite: 'any',
      methods: Object.fromEntries(entries),
      ...(names ? { names: (m, input) => names(selfOf(m.estimator), input) } : {}),
    },
  );
}

function selfOf(estimator: Estimator): CustomSelf {
  return {
    name: estimator.name,
    get: (attribute) => {
      const value = estimator.instance.attribute(attribute);
      return value === undefined ? undefined : plainValue(value, 0);
    },
  };
}

/** Attributes nested deeper are not looked into (CWE-674). */
const MAX_DEPTH = 16;

function plainValue(value: PyValue, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new BrineError('LIMIT', `an attribute is nested more than ${MAX_DEPTH} deep`);
  const inner = (v: PyValue): unknown => plainValue(v, depth + 1);
  if (value instanceof NdArray) return nested(elements(value).map(inner), value.shape);
  if (Array.isArray(value)) return value.map(inner);
  if (value instanceof PyTuple) return value.items.map(inner);
  if (value instanceof PyDict) {
    const out = new Map<unknown, unknown>();
    for (const [k, v] of value.entries()) out.set(plainLabel(k), inner(v));
    return [...out.keys()].every((k) => typeof k === 'string') ? Object.fromEntries(out as Map<string, unknown>) : out;
  }
  return plainLabel(value);
}

function nested(flat: readonly unknown[], shape: readonly number[]): unknown {
  if (shape.length === 0) return flat[0];
  if (shape.length === 1) return flat;
  const [rows = 0, ...rest] = shape;
  const size = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length: rows }, (_, r) => nested(flat.slice(r * size, (r + 1) * size), rest));
}
