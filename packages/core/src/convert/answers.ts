import { BrineError } from '../errors.js';
import type { Model } from '../model/model.js';
import { makeProbe, verifyModels, type SampleGroup, type VerifyReport } from '../verify/index.js';
import { selectRows } from '../verify/samples.js';
import { failed } from './failed.js';

/** The first rows of each kind, as far as `most` goes round. */
function fewRows(groups: readonly SampleGroup[], most: number): readonly SampleGroup[] {
  const each = Math.ceil(most / groups.length);
  return groups.map((group) => {
    const { samples } = group;
    if (samples.rows <= each || samples.kind === 'tensors' || group.uniform === true) return group;
    return {
      ...group,
      samples: selectRows(
        samples,
        Array.from({ length: each }, (_, i) => i),
      ),
    };
  });
}

/** Rows, and methods, that show that the output answers at all. */
const FEW_ROWS = 200;
const MAIN = ['predict', 'predict_proba', 'decision_function', 'transform', 'score_samples'];

/** What comparing answers came to. */
export interface Compared {
  readonly answers: VerifyReport | undefined;
  /** In a sentence; undefined for what has no methods. */
  readonly said: string | undefined;
}

/**
 * Holds both models against each other on rows made for the purpose, where they answer any: `all` that can be made, or
 * some two hundred. Throws WRITE where they answer otherwise.
 */
export async function compared(model: Model, back: Model, all: boolean): Promise<Compared> {
  if (model.methods.length === 0) return { answers: undefined, said: undefined };
  let report: VerifyReport;
  try {
    // Of two that are written as the same bytes, one tells as much as both.
    const probe = all ? await makeProbe(model, back) : await makeProbe(model, undefined, { few: true });
    const data = fewRows(probe.groups, all ? Infinity : FEW_ROWS);
    const main = all ? [] : MAIN.filter((m) => model.methods.includes(m) && back.methods.includes(m));
    const methods = main.length > 0 ? main : undefined;
    report = await verifyModels(model, back, { names: ['the input', 'the output'], data, methods });
  } catch (error) {
    if (!(error instanceof BrineError)) throw error;
    // A model that tells nothing of its inputs, or has no method that takes rows.
    return { answers: undefined, said: `answers were not compared: ${error.message}` };
  }
  const answered = report.methods.filter((m) => m.outputs.length > 0);
  if (answered.length === 0) {
    const said = 'answers were not compared: the input answers no row that could be made for it';
    return { answers: report, said };
  }
  const differing = report.methods.filter((m) => m.outputs.some((o) => !o.same) || m.refusals.some((r) => !r.harmless));
  if (differing.length > 0) {
    throw failed(`the output answers otherwise than the input (${differing.map((m) => m.name).join(', ')})`);
  }
  const names = answered.map((m) => m.name).join(', ');
  return { answers: report, said: `${report.rows} rows made for the purpose are answered alike by ${names}` };
}
