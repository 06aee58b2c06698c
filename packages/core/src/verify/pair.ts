import { BrineError } from '../errors.js';
import type { Answerer } from './answerer.js';

/** What is compared: a method (or output) of the one with that of the other. */
export interface Pair {
  readonly name: string;
  readonly a: Asked;
  readonly b: Asked;
}

/** What to ask for, and which outputs of the answer: those whose names `take` gives a name to. */
interface Asked {
  readonly method: string;
  /** The name under which an output is compared; undefined leaves it out. */
  readonly take: (output: string) => string | undefined;
}

/** What converters call the outputs that are a method's answer, the surest name first. */
const outputNames: Readonly<Record<string, readonly string[]>> = {
  predict: [
    'predict',
    'label',
    'output_label',
    'labels',
    'prediction',
    'predictions',
    'variable',
    'class',
    'y_pred',
    'output',
  ],
  predict_proba: [
    'predict_proba',
    'probabilities',
    'output_probability',
    'output_probabilities',
    'probability',
    'proba',
  ],
  transform: ['transform', 'variable', 'transformed', 'transformed_column', 'X_transformed', 'features', 'output'],
  decision_function: ['decision_function', 'scores', 'score', 'decision'],
  score_samples: ['score_samples', 'sample_scores'],
  predict_log_proba: ['predict_log_proba', 'log_probabilities'],
  apply: ['apply', 'leaves'],
};
const MAIN = ['predict', 'transform'];

export const whole = (method: string): Asked => ({ method, take: (output) => output });

/** The outputs of a graph that are one method's: as the file says, by name, or `kneighbors_0`, `kneighbors_1` … */
function outputsFor(method: string, graph: Answerer): string[] {
  const { offers: outputs } = graph;
  const written = outputs.filter((o) => graph.methodOf?.(o) === method);
  if (written.length > 0) return written;
  const named = (outputNames[method] ?? [method]).find((name) => outputs.includes(name));
  if (named !== undefined) return [named];
  return outputs.filter((o) => o.startsWith(`${method}_`) && /^\d+$/.test(o.slice(method.length + 1)));
}

/**
 * What two answerers have in common, and what only one has. `wanted` restricts it. Throws NO_METHOD where there is
 * nothing to compare, naming what each has.
 */
export function pairsOf(
  a: Answerer,
  b: Answerer,
  wanted: readonly string[] | undefined,
): { pairs: Pair[]; notes: string[] } {
  const found = a.kind === b.kind ? sameKind(a, b) : a.kind === 'methods' ? mixed(a, b) : flipped(mixed(b, a));
  const chosen = wanted === undefined ? found : found.filter((p) => wanted.includes(p.name));
  const missing = (wanted ?? []).filter((w) => !found.some((p) => p.name === w));
  if (missing.length > 0 || chosen.length === 0) {
    const what = missing.length > 0 ? `both offer ${missing.join(', ')}` : 'the two have in common';
    throw new BrineError(
      'NO_METHOD',
      `there is nothing to compare: no output that ${what}; ${a.name} has ${list(a)}, ${b.name} has ${list(b)}`,
    );
  }
  const notes: string[] = [];
  if (wanted === undefined && a.kind === 'methods' && b.kind === 'methods') {
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const alone = one.offers.filter((m) => !other.offers.includes(m));
      if (alone.length > 0) notes.push(`only ${one.name} has ${alone.join(', ')}`);
    }
  }
  return { pairs: chosen, notes };
}

const list = (x: Answerer): string => (x.offers.length === 0 ? 'none' : x.offers.join(', '));

function sameKind(a: Answerer, b: Answerer): Pair[] {
  if (a.kind === 'methods')
    return a.offers.filter((m) => b.offers.includes(m)).map((m) => ({ name: m, a: whole(m), b: whole(m) }));
  const common = a.offers.filter((o) => b.offers.includes(o));
  if (common.length > 0) return common.map((o) => ({ name: o, a: only(o, o), b: only(o, o) }));
  // Two graphs of one model by different converters.
  const both = [...new Set([...MAIN, ...Object.keys(outputNames)])].flatMap((method): Pair[] => {
    const [x, y] = [outputsFor(method, a)[0], outputsFor(method, b)[0]];
    return x === undefined || y === undefined ? [] : [{ name: method, a: only(x, method), b: only(y, method) }];
  });
  if (both.length > 0) return both.filter((p, i) => both.findIndex((q) => q.a.take.name === p.a.take.name) <= i);
  if (a.offers.length !== b.offers.length) return [];
  return a.offers.map((o, i) => ({ name: o, a: only(o, o), b: only(b.offers[i], o) }));
}

function only(output: string, name: string): Asked {
  return { method: 'run', take: (o) => (o === output ? name : undefined) };
}

/** A model's methods and a graph's outputs. */
function mixed(model: Answerer, graph: Answerer): Pair[] {
  const pairs: Pair[] = [];
  const taken = new Set<string>();
  for (const method of model.offers) {
    // A graph of it takes what was transformed, and not these rows.
    if (method === 'inverse_transform') continue;
    const outputs = outputsFor(method, graph).filter((o) => !taken.has(o));
    if (outputs.length === 0) continue;
    for (const o of outputs) taken.add(o);
    pairs.push({ name: method, a: whole(method), b: { method: 'run', take: (o) => namedAs(method, outputs, o) } });
  }
  const main = MAIN.find((m) => model.offers.includes(m));
  if (pairs.length === 0 && graph.offers.length === 1 && main !== undefined)
    pairs.push({ name: main, a: whole(main), b: only(graph.offers[0], main) });
  return pairs;
}

function namedAs(method: string, outputs: readonly string[], output: string): string | undefined {
  const at = outputs.indexOf(output);
  if (at < 0) return undefined;
  return outputs.length === 1 ? method : `${method}[${at}]`;
}

const flipped = (pairs: readonly Pair[]): Pair[] => pairs.map(({ name, a, b }) => ({ name, a: b, b: a }));
