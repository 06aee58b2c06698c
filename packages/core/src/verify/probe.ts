import type { Model } from '../model/model.js';
import { groupsOf, type SampleGroup } from './make.js';
import { bothSpecs, specOf } from './spec.js';

/** Inputs made from what models tell of themselves. */
export interface Probe {
  readonly groups: readonly SampleGroup[];
  /** What was made, in sentences. */
  readonly made: readonly string[];
  readonly rows: number;
}

export interface ProbeOptions {
  /** A few of a model's figures, not all, where a short look is enough: of large forests that is much quicker. */
  readonly few?: boolean;
}

/** Figures of one kind that a short look takes, of each column. */
const FEW = 64;

/**
 * Makes inputs for a model, or for two that are to answer alike, from what their files hold: thresholds of trees and
 * their neighbours, categories, scales, training points, vocabularies. Deterministic. Throws UNSUPPORTED where a file
 * does not tell what it takes, and BAD_INPUT where the two take different things.
 */
export async function makeProbe(a: Model, b?: Model, { few = false }: ProbeOptions = {}): Promise<Probe> {
  const most = few ? FEW : undefined;
  const first = await specOf(a, most);
  const spec = b === undefined ? first : bothSpecs(first, await specOf(b, most));
  const groups = groupsOf(spec);
  return { groups, made: inWords(groups), rows: groups.reduce((sum, g) => sum + g.samples.rows, 0) };
}

/** Many groups of one kind are one sentence. */
function inWords(groups: readonly SampleGroup[]): string[] {
  const out: string[] = [];
  const alike = new Map<string, SampleGroup[]>();
  for (const group of groups) {
    const kind = /^(missing values|unseen categories|numbers of)/.exec(group.what)?.[0];
    if (kind === undefined) out.push(group.made);
    else alike.set(kind, [...(alike.get(kind) ?? []), group]);
  }
  for (const [kind, of] of alike) {
    const rows = of.reduce((sum, g) => sum + g.samples.rows, 0);
    out.push(of.length === 1 ? of[0].made : `${rows} rows with ${kind}, in each of ${of.length} columns`);
  }
  return [...new Set(out)];
}
