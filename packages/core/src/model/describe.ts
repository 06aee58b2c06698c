import { definitionOf } from '../estimators/index.js';
import { PyDict, PyFloat, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { NdArray, NumpyScalar } from '../python/ndarray.js';
import { scalarValue } from '../python/elements.js';
import { dtypeName } from '../python/dtype.js';
import type { Artifact } from './artifact.js';
import type { DescribedEstimator, Description } from './model.js';
import type { SavedModel } from './saved.js';

/** Objects drawn in one description; more are summed up. */
const MAX_DESCRIBED = 200;
const MAX_TEXT = 60;
const MAX_ITEMS = 6;

export function describeArtifact(artifact: Artifact, model: SavedModel): Description {
  const budget = { left: MAX_DESCRIBED };
  return {
    file: artifact.file,
    format: artifact.format,
    size: artifact.size,
    protocol: artifact.protocol,
    compression: artifact.compression,
    parts: artifact.parts,
    versions: versionsOf(artifact),
    content: describeValue('', model.value, budget, 0),
    methods: model.methods,
    inputs: model.inputs,
    classes: model.classes,
    estimators: model.parts,
    modules: [...new Set(artifact.names.map((n) => n.module))].sort(),
    notes: artifact.notes,
  };
}

/** How deep estimators are drawn inside each other. */
const MAX_DEPTH = 12;

function describeValue(label: string, value: PyValue, budget: { left: number }, depth: number): DescribedEstimator {
  budget.left--;
  const leaf = { label, module: '', known: true, params: [], fitted: [], children: [] };
  if (!(value instanceof PyInstance)) {
    const items = depth < MAX_DEPTH ? childrenOf(value) : [];
    if (items.length === 0) return { ...leaf, name: shortText(value) };
    return { ...leaf, name: kindName(value), children: described(items, budget, depth) };
  }
  const attributes = attributesOf(value);
  const isParam = ([name]: readonly [string, PyValue]): boolean => !name.endsWith('_') && !name.startsWith('_');
  const params = attributes.filter(isParam).filter(([, v]) => !holdsEstimators(v));
  const fitted = attributes.filter((a) => !isParam(a) && !a[0].startsWith('_')).filter(([, v]) => !holdsEstimators(v));
  const children = attributes
    .filter(([name, v]) => holdsEstimators(v) && (isParam([name, v]) || !attributes.some(([p]) => `${p}_` === name)))
    .flatMap(([name, v]) => namedChildren(name, v));
  return {
    label,
    name: value.name,
    module: value.module,
    known: definitionOf(value.module, value.name) !== undefined,
    params: params.map(([name, v]) => [name, shortText(v)]),
    fitted: fitted.map(([name, v]) => [name, shortText(v)]),
    children: depth < MAX_DEPTH ? described(children, budget, depth) : [],
  };
}

function described(
  items: readonly (readonly [string, PyValue])[],
  budget: { left: number },
  depth: number,
): DescribedEstimator[] {
  const out: DescribedEstimator[] = [];
  for (const [label, value] of items) {
    if (budget.left <= 0) {
      out.push({
        label: '…',
        name: `${items.length - out.length} more`,
        module: '',
        known: true,
        params: [],
        fitted: [],
        children: [],
      });
      break;
    }
    out.push(describeValue(label, value, budget, depth + 1));
  }
  return out;
}

function attributesOf(instance: PyInstance): (readonly [string, PyValue])[] {
  const { state } = instance;
  const dicts = state instanceof PyTuple ? state.items : [state];
  return dicts.flatMap((d) =>
    d instanceof PyDict ? [...d.entries()].flatMap(([k, v]) => (typeof k === 'string' ? [[k, v] as const] : [])) : [],
  );
}

/** The direct items of a container. */
function childrenOf(value: PyValue): (readonly [string, PyValue])[] {
  if (value instanceof PyDict) return [...value.entries()].map(([k, v]) => [shortText(k), v]);
  if (Array.isArray(value)) return value.map((v, i) => [`[${i}]`, v]);
  if (value instanceof PyTuple) return value.items.map((v, i) => [`[${i}]`, v]);
  return [];
}

/** Is it an estimator, or a list of (name, estimator) steps? */
function holdsEstimators(value: PyValue): boolean {
  if (value instanceof PyInstance) return value.state instanceof PyDict && value.module !== '' && looksFitted(value);
  const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : [];
  return items.slice(0, 3).some((item) => {
    if (item instanceof PyInstance) return holdsEstimators(item);
    return (
      item instanceof PyTuple &&
      item.items.length >= 2 &&
      typeof item.items[0] === 'string' &&
      (item.items[1] instanceof PyInstance || item.items[1] === 'passthrough' || item.items[1] === 'drop')
    );
  });
}

function looksFitted(instance: PyInstance): boolean {
  return (
    definitionOf(instance.module, instance.name) !== undefined || instance.attribute('_sklearn_version') !== undefined
  );
}

function namedChildren(name: string, value: PyValue): (readonly [string, PyValue])[] {
  if (value instanceof PyInstance) return [[name, value]];
  const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : [];
  return items.map((item, i) => {
    if (item instanceof PyTuple && typeof item.items[0] === 'string' && item.items[1] !== undefined)
      return [item.items[0], item.items[1]];
    return [`${name}[${i}]`, item];
  });
}

function kindName(value: PyValue): string {
  if (value instanceof PyDict) return `dict of ${value.size}`;
  if (Array.isArray(value)) return `list of ${value.length}`;
  return value instanceof PyTuple ? `tuple of ${value.items.length}` : shortText(value);
}

/** A value as Python would print it, kept short. */
export function shortText(value: PyValue, depth = 0): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return clip(`'${value.replaceAll('\n', '\\n')}'`);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof PyFloat) return floatText(value.value);
  if (value instanceof Uint8Array) return `bytes of ${value.length}`;
  if (value instanceof NdArray) return `${dtypeName(value.dtype)} array (${value.shape.join(' × ')})`;
  if (value instanceof NumpyScalar) return shortText(scalarValue(value));
  if (value instanceof PyGlobal) return value.fullName;
  if (value instanceof PyInstance) return `${value.name || 'object'}(…)`;
  const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : undefined;
  if (items) {
    const [open, close] = Array.isArray(value) ? '[]' : '()';
    if (depth > 1) return `${open}…${close}`;
    const shown = items.slice(0, MAX_ITEMS).map((v) => shortText(v, depth + 1));
    return clip(`${open}${shown.join(', ')}${items.length > MAX_ITEMS ? `, … ${items.length} in all` : ''}${close}`);
  }
  if (value instanceof PyDict) return `dict of ${value.size}`;
  return (value as { kind: string }).kind;
}

function floatText(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  return Math.abs(x) < 1e16 ? x.toFixed(1) : String(x);
}

function clip(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text;
}

/** Versions that the file records: `_sklearn_version` of every estimator, in the order of the file. */
function versionsOf(artifact: Artifact): (readonly [string, string])[] {
  const found = new Set<string>();
  const todo: PyValue[] = [artifact.value];
  const seen = new Set<PyValue>();
  for (let i = 0; i < todo.length && i < 10_000; i++) {
    const value = todo[i]!;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof PyInstance) {
      const version = value.attribute('_sklearn_version');
      if (typeof version === 'string') found.add(version);
      todo.push(...attributesOf(value).map(([, v]) => v));
    } else todo.push(...childrenOf(value).map(([, v]) => v));
  }
  return [...found].map((v) => ['scikit-learn', v]);
}
