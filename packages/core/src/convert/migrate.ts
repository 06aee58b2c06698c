/** Writes a model as another scikit-learn would have saved it, and shows that it answers as before. */
import type { Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { loadEstimators } from '../estimators/index.js';
import { migrate, type Migrated, type MigrateOptions } from '../migrate/index.js';
import { loadArrays } from '../model/artifact.js';
import type { Model } from '../model/model.js';
import { SavedModel } from '../model/saved.js';
import { makeProbe, verifyModels, type Refusal, type VerifyReport } from '../verify/index.js';
import { changedAnswer } from './changed-answers.js';
import { convert, type Conversion, type ConvertOptions, type Verified } from './convert.js';
import type { Target } from './target.js';

/** A migration that is ready to be written. */
export interface MigratedConversion extends Conversion {
  /** What became of the object, and from which version to which. */
  readonly migrated: Omit<Migrated, 'value'>;
}

/**
 * Prepares to write `model`, a file that Python saved, for the scikit-learn that `options.to` names. The output
 * is compared twice: with the object that was to be written, and with the answers of the input.
 *
 * Throws UNSUPPORTED for what cannot be said in that version or format, NOT_A_MODEL for a file without
 * anything of scikit-learn, BAD_ARGUMENT for options that make no sense.
 */
export async function convertMigrated(
  model: Model,
  target: Target,
  options: ConvertOptions & MigrateOptions & { readonly pick?: string | undefined } = {},
): Promise<MigratedConversion> {
  if (!(model instanceof SavedModel)) {
    throw new BrineError('UNSUPPORTED', `it is a graph (${model.format}), which no version of scikit-learn reads`);
  }
  await loadArrays(model.artifact);
  const { value, ...migrated } = migrate(model.artifact.value, options);
  await loadEstimators(made);
  const next = new SavedModel({ ...model.artifact, value }, options.pick);
  const conversion = await convert(next, target, options);
  const verify = async (output: Source): Promise<Verified> => {
    const { how, answers } = await conversion.verify(output);
    return { how: [...how, ...(await comparison(model, next, migrated))], answers };
  };
  const { target: name, changes, lost, dropped, audit } = conversion;
  return {
    target: name,
    changes,
    lost,
    dropped,
    audit,
    migrated,
    get kept() {
      return conversion.kept;
    },
    chunks: () => conversion.chunks(),
    parts: conversion.parts,
    verify,
  };
}

/** Modules that hold what the rules make of other classes: they load beside those of the file. */
const made: readonly string[] = [
  'sklearn.compose._column_transformer',
  'sklearn.pipeline',
  'sklearn.multiclass',
  'sklearn.preprocessing._label',
  'sklearn.preprocessing._function_transformer',
  'sklearn.linear_model._stochastic_gradient',
  'sklearn.linear_model._logistic',
  'sklearn.dummy',
  'sklearn.impute._base',
  'sklearn.frozen._frozen',
  'sklearn.covariance._graph_lasso',
];

/** The version that is migrated to takes no missing values: it says so, and answers nothing otherwise. */
const refusesGaps = ({ by, message }: Refusal): boolean =>
  by === 'second' && message.includes('does not take a missing value');

/**
 * The input against the migrated object, on rows made for the purpose. Throws WRITE where they differ, unless it is
 * scikit-learn itself that answers otherwise by now.
 */
async function comparison(before: Model, after: Model, { from, to }: Omit<Migrated, 'value'>): Promise<string[]> {
  if (before.methods.length === 0) return ['answers were not compared: the file holds no model that answers'];
  let report: VerifyReport;
  try {
    const probe = await makeProbe(before, after);
    report = await verifyModels(before, after, { names: ['the input', 'the output'], data: probe.groups });
  } catch (error) {
    if (!(error instanceof BrineError)) throw error;
    return [`answers of before and after were not compared: ${error.message}`];
  }
  const answered = report.methods.filter((m) => m.outputs.length > 0);
  const differing = answered.filter(
    (m) => m.outputs.some((o) => !o.same) || m.refusals.some((r) => !r.harmless && !refusesGaps(r)),
  );
  const { content } = before.describe();
  const known = new Map(differing.map((m) => [m, changedAnswer(content, m.name, from, to)]));
  const wrong = differing.filter((m) => known.get(m) === undefined);
  if (wrong.length > 0) {
    const names = wrong.map((m) => m.name).join(', ');
    throw new BrineError('WRITE', `the output answers otherwise than the input (${names}); nothing was put in place`);
  }
  if (answered.length === 0) return ['answers of before and after were not compared: no row could be made for it'];
  const alike = answered.filter((m) => !known.has(m)).map((m) => m.name);
  const told = [...known.values()].filter((text) => text !== undefined);
  if (answered.some((m) => m.refusals.some((r) => !r.harmless && refusesGaps(r))))
    told.push(`rows with missing values are refused by scikit-learn ${to}, where ${from ?? 'the other'} answers them`);
  if (alike.length === 0) return told;
  return [`before and after, ${report.rows} rows are answered alike by ${alike.join(', ')}`, ...told];
}
