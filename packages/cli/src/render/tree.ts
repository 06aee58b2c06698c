import type { DescribedEstimator } from '@brine/core';
import { type Colours } from '../terminal/colours.js';
import { fit, safe } from '../terminal/width.js';
import { defaults } from './sklearn-defaults.js';

/** Parameters that say how the work was done, not what is computed. */
const uninteresting = new Set([
  'copy',
  'copy_X',
  'copy_x',
  'n_jobs',
  'verbose',
  'warm_start',
  'memory',
  'random_state',
  'estimator_params',
  'cache_size',
  'transform_input',
]);

/** So many brothers of one class become one line. */
const ALIKE = 4;
/** Lines of a tree: an answer should fit on a screen. */
const MAX_LINES = 40;
/** Parameters on a line. */
const MAX_PARAMS = 8;

/** The estimators of a model as a tree, one line each, with the parameters that are not scikit-learn's defaults. */
export function drawTree(root: DescribedEstimator, paint: Colours, width: number): string[] {
  const lines: string[] = [];
  const draw = (node: DescribedEstimator, lead: string, below: string, inKnown: boolean): void => {
    lines.push(lead + nodeLine(node, paint, Math.max(30, width - lead.length), inKnown));
    const groups = grouped(node.children);
    groups.forEach((group, i) => {
      const last = i === groups.length - 1;
      const branch = last ? '└─ ' : '├─ ';
      if (group.length < ALIKE) {
        group.forEach((child, k) => {
          const end = last && k === group.length - 1;
          draw(
            child,
            below + (end ? '└─ ' : '├─ '),
            below + (end ? '   ' : '│  '),
            inKnown || (node.known && node.module !== ''),
          );
        });
      } else {
        const [first] = group;
        lines.push(
          `${below}${branch}${paint.dim(`${labelOf(first)} … ${labelOf(group[group.length - 1])}  `)}${group.length} × ${paint.bold(safe(first.name))}`,
        );
      }
    });
  };
  draw(root, '', '', false);
  if (lines.length <= MAX_LINES) return lines;
  return [
    ...lines.slice(0, MAX_LINES - 1),
    paint.dim(`… ${lines.length - MAX_LINES + 1} more lines; --json has everything`),
  ];
}

/** Neighbours of the same class, together where they are many. */
function grouped(children: readonly DescribedEstimator[]): DescribedEstimator[][] {
  const groups: DescribedEstimator[][] = [];
  for (const child of children) {
    const before = groups[groups.length - 1];
    const [first] = before ?? [];
    const numbered = /\[\d+\]$/.test(child.label);
    if (
      first !== undefined &&
      numbered &&
      first.name === child.name &&
      first.module === child.module &&
      /\[\d+\]$/.test(first.label)
    )
      before.push(child);
    else groups.push([child]);
  }
  return groups;
}

function labelOf(node: DescribedEstimator): string {
  return safe(node.label);
}

/** The parts of a known estimator are its own business, known or not. */
function nodeLine(node: DescribedEstimator, paint: Colours, width: number, inKnown: boolean): string {
  const label = node.label === '' ? '' : `${labelOf(node)}: `;
  const whose = node.module === '' ? 'a class that the file carries along' : `class of ${safe(node.module)}`;
  const unknown =
    node.known || inKnown ? '' : `  (${whose}, which brine does not ${node.module === '' ? 'run' : 'know'})`;
  const details = detailsOf(node);
  const room = width - label.length - node.name.length - unknown.length - 2;
  const tail = details === '' || room < 8 ? '' : `  ${fit(details, room)}`;
  const name = node.module === '' ? safe(node.name) : paint.bold(safe(node.name));
  return `${paint.dim(label)}${name}${paint.yellow(unknown)}${paint.dim(tail)}`;
}

/** Parameters that matter, and the shapes of what was fitted. */
function detailsOf(node: DescribedEstimator): string {
  const params = notableParams(node).map(([name, value]) => `${name}=${value}`);
  const shown = params.length > MAX_PARAMS ? [...params.slice(0, MAX_PARAMS), '…'] : params;
  // What is no Python object (a graph's inputs and operators) has no parameters to leave out.
  if (node.module === '') return safe([...shown, ...node.fitted.map(([name, value]) => `${name} ${value}`)].join(', '));
  const shapes = node.fitted
    .map(([name, value]) => [name, /\(([\d ×]+)\)$/.exec(value)?.[1]] as const)
    .filter(
      ([name, shape]) =>
        shape !== undefined && /^(coef_|support_vectors_|components_|cluster_centers_|_fit_X|categories_)$/.test(name),
    )
    .map(([name, shape]) => `${name} ${shape ?? ''}`);
  return safe([...shown, ...shapes].join(', '));
}

/** Parameters whose values differ from scikit-learn's defaults; of other classes, those that say anything. */
export function notableParams(node: DescribedEstimator): (readonly [string, string])[] {
  const usual =
    node.module.startsWith('sklearn.') && Object.hasOwn(defaults, node.name) ? defaults[node.name] : undefined;
  return node.params.filter(([name, value]) => {
    if (uninteresting.has(name)) return false;
    // A parameter that today's class does not have was dropped since, mostly with its default in it.
    if (usual === undefined || !Object.hasOwn(usual, name))
      return usual === undefined && value !== 'None' && value !== 'False';
    return !same(usual[name], value) && !deprecated.has(value) && !deprecated.has(usual[name]);
  });
}

/** Python's spelling of a default, and ours of a value: `1e-09` and `1e-9`, `'\\\\w'` and `'\\w'` are the same. */
function same(python: string, ours: string): boolean {
  if (python === ours || python.replaceAll('\\\\', '\\') === ours) return true;
  return python !== '' && !Number.isNaN(Number(python)) && Number(python) === Number(ours);
}

const deprecated = new Set(["'deprecated'", "'warn'"]);
