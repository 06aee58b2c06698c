import { BrineError } from '../errors.js';
import type { GraphBuilder, V } from '../graph/builder.js';
import { PyInstance, type PyValue } from '../pickle/values.js';
import {
  givenAs,
  givenType,
  isData,
  matrix,
  namesOf,
  toDense,
  toList,
  toMatrix,
  widthOf,
  type Data,
  type Result,
} from './data.js';
import { asNumber, asText, labels, sequenceOf, type Field } from './fields.js';
import { definitionOf } from './registry.js';
import { strangerText } from './strangers.js';
import { UNRECORDED, Version } from './version.js';

/** The attributes that an estimator's methods read, by the name they have in the file. */
export type State = Readonly<Record<string, Field<unknown>>>;

/**
 * A fitted estimator as its methods see it: its attributes, read when first used, and what every one has.
 * S is a `State`; it is not bound to it, since then TypeScript would infer `optional(flag)` as unknown.
 */
export type Fitted<S extends object> = {
  readonly [K in keyof S]: S[K] extends Field<infer T> ? T : never;
} & Base;

/** What every fitted estimator offers beside its own attributes. */
export interface Base {
  /** The scikit-learn version that wrote it: it decides what the state means. */
  readonly version: Version;
  readonly nFeatures: number | undefined;
  readonly estimator: Estimator;
}

/**
 * The form in which a method takes its input:
 * - `dense` [n, p] float64
 * - `matrix` [n, p] float64, dense or CSR
 * - `list` [n] of any type: documents, labels, records
 * - `data` as it comes, with names and types
 */
export type InputKind = 'dense' | 'matrix' | 'list' | 'data';
type InputOf<I extends InputKind> = I extends 'data' ? Data : V;

/** What a column of a table holds, as far as a model cares. */
export type ColumnType = 'number' | 'text' | 'any';

export type Lower<M, I extends InputKind> = (m: M, x: InputOf<I>, g: GraphBuilder) => Result;

/** A method whose input has another form than the estimator's others: `takes('list', (m, y, g) => …)`. */
export interface Taking<M> {
  readonly input: InputKind;
  readonly lower: (m: M, data: Data, g: GraphBuilder) => Result;
}

/**
 * The values that an estimator takes: `all` finite ones only, `nan` also missing ones, `any` infinities too;
 * `float32` finite ones that float32 can hold, `float32-nan` also missing ones.
 */
export type Finite = 'all' | 'nan' | 'any' | 'float32' | 'float32-nan';

/** Output names: the input's own (`same`), or made from them. */
export type Names<M> = 'same' | ((m: M, input: readonly string[]) => readonly string[]);

export interface EstimatorOptions<S extends object, I extends InputKind> {
  /** The modules that have held the class, newest first. */
  readonly modules: readonly string[];
  /** How `methods` take their input; `dense` unless told. */
  readonly input?: I;
  readonly methods: Readonly<Record<string, Lower<Fitted<S>, I> | Taking<Fitted<S>>>>;
  /** The methods that this fitted estimator offers, where that depends on its state. */
  readonly offers?: (m: Fitted<S>, all: readonly string[]) => readonly string[];
  readonly names?: Names<Fitted<S>>;
  /** Which numbers its methods take; scikit-learn refuses others, and so does brine. Default `all`. */
  readonly finite?: Finite | ((m: Fitted<S>, method: string) => Finite);
  /** Files without `n_features_in_` (before 0.24) tell the number of features some other way. */
  readonly features?: (m: Fitted<S>) => number | undefined;
  /** The names of the columns that go in, where they are an inner estimator's to know. */
  readonly inputNames?: (m: Fitted<S>) => readonly string[] | undefined;
  /** What each column must be, where not all are numbers; undefined where that is not known. */
  readonly columns?: (m: Fitted<S>) => readonly ColumnType[] | undefined;
  /** True where the estimator picks its columns itself, so that order and extra ones do not matter. */
  readonly picks?: boolean;
  /** What the whole estimator takes, where that is its inner estimator's to say (pipelines). */
  readonly takes?: (m: Fitted<S>) => InputKind;
  /** Meta-estimators take what their inner estimators take, by any method that those have. */
  readonly any?: (m: Fitted<S>, method: string, data: Data, g: GraphBuilder) => Result;
}

/** An estimator class as the registry holds it, its state type erased. */
export interface Definition {
  readonly names: readonly string[];
  readonly modules: readonly string[];
  readonly state: State;
  readonly input: InputKind;
  readonly methods: ReadonlyMap<string, Taking<Fitted<State>>>;
  readonly offers: ((m: Fitted<State>, all: readonly string[]) => readonly string[]) | undefined;
  readonly outputNames: Names<Fitted<State>> | undefined;
  readonly features: ((m: Fitted<State>) => number | undefined) | undefined;
  readonly finite: Finite | ((m: Fitted<State>, method: string) => Finite);
  readonly inputNames: ((m: Fitted<State>) => readonly string[] | undefined) | undefined;
  readonly columns: ((m: Fitted<State>) => readonly ColumnType[] | undefined) | undefined;
  readonly picks: boolean;
  readonly takes: ((m: Fitted<State>) => InputKind) | undefined;
  readonly any: ((m: Fitted<State>, method: string, data: Data, g: GraphBuilder) => Result) | undefined;
}

/**
 * Declares how an estimator is lowered: what its state must hold, and what each method means in graph
 * terms. Several names share a declaration where the classes differ only in how they are trained.
 */
export function estimator<S extends object, I extends InputKind = 'dense'>(
  names: string | readonly string[],
  state: S,
  options: EstimatorOptions<S, I>,
): Definition {
  const kind = options.input ?? 'dense';
  const methods = new Map<string, Taking<Fitted<S>>>();
  for (const [name, entry] of Object.entries(options.methods))
    methods.set(name, typeof entry === 'function' ? takes(kind as I, entry) : entry);
  // The state's type is settled between this declaration and its own methods; the registry does not need it.
  return {
    names: typeof names === 'string' ? [names] : names,
    modules: options.modules,
    state,
    input: kind,
    methods,
    offers: options.offers,
    outputNames: options.names,
    features: options.features,
    finite: options.finite ?? 'all',
    inputNames: options.inputNames,
    columns: options.columns,
    picks: options.picks ?? false,
    takes: options.takes,
    any: options.any,
  } as unknown as Definition;
}

export function takes<M, I extends InputKind>(kind: I, lower: Lower<M, I>): Taking<M> {
  return { input: kind, lower: (m, data, g) => lower(m, coerce(kind, data, g) as InputOf<I>, g) };
}

function coerce(kind: InputKind, data: Data, g: GraphBuilder): V | Data {
  switch (kind) {
    case 'dense':
      return toDense(data, g);
    case 'matrix':
      return toMatrix(data, g);
    case 'list':
      return toList(data, g);
    case 'data':
      return data;
  }
}

/** Columns that are listed with their types; wider tables are all numbers, and nobody reads such a list. */
const MAX_COLUMNS = 100_000;

/** The methods whose input has as many columns as the estimator has output, not input. */
const backwards = new Set(['inverse_transform']);

/** A saved object together with the definition that understands it. */
export class Estimator {
  readonly definition: Definition;
  readonly instance: PyInstance;
  /** Where it is in the file: `steps[1][1]`. */
  readonly path: string;
  readonly version: Version;
  #fitted: Fitted<State> | undefined;
  readonly #children = new Map<PyInstance, Estimator>();

  constructor(definition: Definition, instance: PyInstance, path: string, inherited: Version) {
    this.definition = definition;
    this.instance = instance;
    this.path = path;
    const written = instance.attribute('_sklearn_version');
    this.version = typeof written === 'string' ? new Version(written) : inherited;
  }

  /** The class name, such as `LogisticRegression`. */
  get name(): string {
    return this.instance.name;
  }

  /** The estimator that an object inside this one is. Throws UNKNOWN_CLASS. */
  bind(instance: PyInstance, path: string): Estimator {
    let bound = this.#children.get(instance);
    if (!bound) this.#children.set(instance, (bound = bind(instance, path, this.version)));
    return bound;
  }

  /** The attributes, each read and checked when it is first used. */
  get fitted(): Fitted<State> {
    return (this.#fitted ??= this.#read());
  }

  #read(): Fitted<State> {
    const { instance, path, definition } = this;
    let asking = false;
    const nFeatures = (): number | undefined => {
      const stored = asNumber(instance.attribute('n_features_in_') ?? instance.attribute('n_features_'));
      // A definition may ask for what it is asked for: then nobody knows.
      if (stored !== undefined || asking) return stored;
      asking = true;
      try {
        return definition.features?.(this.fitted);
      } finally {
        asking = false;
      }
    };
    const base: Record<string, unknown> = { version: this.version, estimator: this };
    Object.defineProperty(base, 'nFeatures', { get: nFeatures });
    for (const [name, field] of Object.entries(definition.state)) {
      let value: unknown;
      let known = false;
      Object.defineProperty(base, name, {
        enumerable: true,
        get: () => {
          if (!known) {
            const at = { owner: this, path: path === '' ? name : `${path}.${name}` };
            value = field(instance.attribute(name), at);
            known = true;
          }
          return value;
        },
      });
    }
    return base as unknown as Fitted<State>;
  }

  /** The methods it offers, in scikit-learn's names. */
  get methods(): readonly string[] {
    const { methods, outputNames, offers } = this.definition;
    const all = [...methods.keys(), ...(outputNames === undefined ? [] : ['get_feature_names_out'])];
    return offers ? offers(this.fitted, all) : all;
  }

  offers(method: string): boolean {
    return this.methods.includes(method);
  }

  /** What form of input it wants. */
  get takes(): InputKind {
    return this.definition.takes?.(this.fitted) ?? this.definition.input;
  }

  get nFeatures(): number | undefined {
    return this.fitted.nFeatures;
  }

  /** The names of the columns that go in: its own, or those of the first step. */
  get inputNames(): readonly string[] | undefined {
    return this.featureNames ?? this.definition.inputNames?.(this.fitted);
  }

  /** What each column of a table must be; undefined where the file does not tell. */
  get columns(): readonly ColumnType[] | undefined {
    const { columns } = this.definition;
    if (columns) return columns(this.fitted);
    const width = this.nFeatures;
    if (width === undefined || width > MAX_COLUMNS || this.takes === 'list' || this.takes === 'data') return undefined;
    return new Array<ColumnType>(width).fill('number');
  }

  /** `feature_names_in_`, where the estimator was fitted on named columns. */
  get featureNames(): readonly string[] | undefined {
    const names = sequenceOf(this.instance.attribute('feature_names_in_')).map(asText);
    return names.length > 0 && names.every((n) => n !== undefined) ? names : undefined;
  }

  /** The labels that it answers with, where it is a classifier. */
  get classes(): readonly unknown[] | undefined {
    const value = classesBehind(this.instance);
    if (value === undefined) return undefined;
    try {
      return Array.from(labels(value, { owner: this, path: `${this.path}.classes_` }).data as ArrayLike<unknown>);
    } catch {
      return undefined;
    }
  }

  /** Adds the method to the graph. Throws NO_METHOD if the estimator does not offer it. */
  run(method: string, input: V | Data, g: GraphBuilder): Result {
    const data: Data = isData(input)
      ? input
      : input.shape.length === 1
        ? { kind: 'list', value: input }
        : matrix(input);
    const { definition, fitted } = this;
    if (!this.offers(method))
      throw new BrineError(
        'NO_METHOD',
        `${this.name} does not offer ${method}; it has ${this.methods.join(', ') || 'no methods'}`,
        { path: this.path },
      );
    g.steps.push(this.path === '' ? this.name : this.path);
    try {
      const entry = definition.methods.get(method);
      if (!entry && definition.any) return definition.any(fitted, method, data, g);
      if (!entry) throw new BrineError('NO_METHOD', `${this.name} does not offer ${method}`, { path: this.path });
      const arranged = backwards.has(method) || definition.picks ? data : this.#arrange(data);
      const checked =
        entry.input === 'dense' || entry.input === 'matrix' ? this.#finite(method, arranged, g) : arranged;
      return entry.lower(fitted, checked, g);
    } finally {
      g.steps.pop();
    }
  }

  /** As `run`, where one value is expected: predictions, probabilities, one matrix. */
  value(method: string, input: V | Data, g: GraphBuilder): V {
    const result = this.run(method, input, g);
    if (!('kind' in result)) return result;
    if (result.kind === 'tuple')
      throw new BrineError('UNSUPPORTED', `${this.name}.${method} gives several arrays here`);
    return result.kind === 'list' ? result.value : toMatrix(result, g);
  }

  /** As `run` for `transform`: with the names of the columns, where they are known. */
  transform(input: V | Data, g: GraphBuilder, method = 'transform'): Data {
    const result = this.run(method, input, g);
    if ('kind' in result) {
      if (result.kind === 'tuple')
        throw new BrineError('UNSUPPORTED', `${this.name}.${method} gives several arrays here`);
      return result;
    }
    if (result.shape.length === 1) return { kind: 'list', value: result };
    return matrix(result, this.#namesFrom(isData(input) ? input : matrix(input)));
  }

  #namesFrom(input: Data): readonly string[] | undefined {
    if (this.definition.outputNames === undefined) return undefined;
    const names = namesOf(input) ?? this.featureNames;
    try {
      return this.outputNames(names);
    } catch {
      // Names are a courtesy here; asked for by get_feature_names_out, their absence is an error.
      return undefined;
    }
  }

  /** `get_feature_names_out(input_features)`. */
  outputNames(input?: readonly string[]): readonly string[] {
    const rule = this.definition.outputNames;
    if (rule === undefined) throw new BrineError('NO_METHOD', `${this.name} has no feature names`, { path: this.path });
    const n = this.nFeatures;
    const names = input ?? this.inputNames ?? Array.from({ length: n ?? 0 }, (_, i) => `x${i}`);
    if (rule === 'same') {
      if (input === undefined && this.featureNames === undefined && n === undefined)
        throw new BrineError('BAD_STATE', `${this.name} does not know its input features`, { path: this.path });
      return names;
    }
    return rule(this.fitted, names);
  }

  /** Which numbers a method takes. */
  finite(method: string): Finite {
    const rule = this.definition.finite;
    return typeof rule === 'function' ? rule(this.fitted, method) : rule;
  }

  /** The input as numbers, with the check that they are ones this estimator takes. */
  #finite(method: string, data: Data, g: GraphBuilder): Data {
    const finite = this.finite(method);
    const x = toMatrix(data, g);
    if (finite === 'any') return matrix(x, namesOf(data));
    const attributes = {
      who: this.name,
      nan: finite === 'nan' || finite === 'float32-nan',
      infinite: false,
      float32: finite.startsWith('float32'),
    };
    const { dtype, shape, layout } = x;
    const checked = g.own('Finite', [x], attributes, { dtype, shape, layout });
    return matrix(givenAs(givenType(x), checked), namesOf(data));
  }

  /** Puts named columns in the order that the estimator was fitted with, and checks their number. */
  #arrange(data: Data): Data {
    const wanted = this.featureNames;
    if (data.kind === 'frame' && wanted) {
      const byName = new Map(data.columns.map((c) => [c.name, c]));
      if (data.columns.some((c) => c.name !== undefined)) {
        const missing = wanted.filter((n) => !byName.has(n));
        if (missing.length > 0)
          throw new BrineError(
            'BAD_INPUT',
            `the input has no column ${missing.map((n) => JSON.stringify(n)).join(', ')}`,
            {
              path: this.path,
            },
          );
        const extra = data.columns.filter((c) => c.name === undefined || !wanted.includes(c.name));
        if (extra.length > 0)
          throw new BrineError(
            'BAD_INPUT',
            `the input has columns that ${this.name} was not fitted with: ${extra.map((c) => JSON.stringify(c.name)).join(', ')}`,
            { path: this.path },
          );
        return { kind: 'frame', columns: wanted.map((n) => byName.get(n)!) };
      }
    }
    const width = widthOf(data);
    const expected = this.nFeatures;
    if (data.kind === 'list' && expected !== undefined && expected > 1)
      throw new BrineError(
        'BAD_INPUT',
        `the input is a flat list, ${this.name} expects rows of ${expected} columns: put a single row into a list of rows`,
        { path: this.path },
      );
    if (width !== undefined && expected !== undefined && width !== expected)
      throw new BrineError('BAD_INPUT', `the input has ${width} columns, ${this.name} expects ${expected}`, {
        path: this.path,
      });
    return data;
  }
}

/** How deep pipelines and searches may lie within each other on the way to their classes (CWE-674). */
const DELEGATES = 64;

/** `classes_`, which those that hand their work on have as a property: it is their last estimator's. */
export function classesBehind(instance: PyInstance): PyValue | undefined {
  let at: PyValue | undefined = instance;
  for (let depth = 0; at instanceof PyInstance && depth < DELEGATES; depth++) {
    const here: PyInstance = at;
    const own = here.attribute('classes_');
    if (own !== undefined) return own;
    const [, last] = sequenceOf(sequenceOf(here.attribute('steps')).at(-1));
    at =
      last ??
      ['best_estimator_', 'estimator_', 'label_binarizer_', 'estimator', 'base_estimator_']
        .map((name) => here.attribute(name))
        .find((inner) => inner instanceof PyInstance);
  }
  return undefined;
}

/** Binds a saved object to the definition of its class. Throws UNKNOWN_CLASS. */
export function bind(instance: PyInstance, path = '', inherited: Version = UNRECORDED): Estimator {
  const definition = definitionOf(instance.module, instance.name);
  if (!definition) throw new BrineError('UNKNOWN_CLASS', strangerText(instance.module, instance.name), { path });
  return new Estimator(definition, instance, path, inherited);
}
