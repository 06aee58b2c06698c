import { definitionOf } from '../estimators/index.js';
import { PyDict, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import { shortText } from './text.js';
import type { Artifact } from './artifact.js';
import type { DescribedEstimator, Description } from './model.js';
import type { SavedModel } from './saved.js';

/** Objects drawn in one description; more are summed up. */
const MAX_DESCRIBED = 200;

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
    ...(model.obstacle === undefined ? {} : { obstacle: model.obstacle }),
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
      for (const [, inner] of attributesOf(value)) todo.push(inner);
    } else for (const [, inner] of childrenOf(value)) todo.push(inner);
  }
  return [...found].map((v) => ['scikit-learn', v]);
}
