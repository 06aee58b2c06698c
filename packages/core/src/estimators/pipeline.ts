import type { GraphBuilder } from '../graph/builder.js';
import { BrineError } from '../errors.js';
import { PyInstance } from '../pickle/values.js';
import { matrix, type Data, type Result } from './data.js';
import { estimator, type Estimator, type Fitted, type InputKind } from './estimator.js';
import { asText, badState, flag, list, optional, record, number, sequenceOf, type Field } from './fields.js';
import { stack } from './stack.js';

/** A step: an estimator by its name, or null for one that passes its input on. */
export interface NamedStep {
  readonly name: string;
  readonly estimator: Estimator | null;
}

/** `(name, estimator, …)` tuples; `None` and `'passthrough'` give null, `'drop'` gives undefined. */
export const namedStep: Field<NamedStep & { readonly dropped: boolean }> = (value, at) => {
  const [name, step] = sequenceOf(value);
  const label = asText(name);
  if (label === undefined || step === undefined) throw badState(at, 'a (name, estimator) tuple', value);
  if (step === null || step === 'passthrough') return { name: label, estimator: null, dropped: false };
  if (step === 'drop') return { name: label, estimator: null, dropped: true };
  if (!(step instanceof PyInstance)) throw badState(at, 'an estimator', step);
  return { name: label, estimator: at.owner.bind(step, `${at.path}[1]`), dropped: false };
};

const pipelineState = { steps: list(namedStep) };
type Pipeline = Fitted<typeof pipelineState>;

function lastStep(m: Pipeline): NamedStep | undefined {
  return m.steps.at(-1);
}

/** Applies every step but the last. */
function transformed(m: Pipeline, data: Data, g: GraphBuilder): Data {
  return m.steps.slice(0, -1).reduce((x, step) => (step.estimator ? step.estimator.transform(x, g) : x), data);
}

function runPipeline(m: Pipeline, method: string, data: Data, g: GraphBuilder): Result {
  if (method === 'inverse_transform') {
    return [...m.steps]
      .reverse()
      .reduce((x, step) => (step.estimator ? step.estimator.transform(x, g, 'inverse_transform') : x), data);
  }
  const x = transformed(m, data, g);
  const last = lastStep(m)?.estimator;
  if (!last) return x;
  return method === 'transform' ? last.transform(x, g) : last.run(method, x, g);
}

const pipeline = estimator('Pipeline', pipelineState, {
  modules: ['sklearn.pipeline'],
  input: 'data',
  methods: {},
  any: runPipeline,
  takes: (m): InputKind => m.steps.find((s) => s.estimator)?.estimator?.takes ?? 'data',
  features: (m) => m.steps.find((s) => s.estimator)?.estimator?.nFeatures,
  columns: (m) => m.steps.find((s) => s.estimator)?.estimator?.columns,
  inputNames: (m) => m.steps.find((s) => s.estimator)?.estimator?.inputNames,
  offers: (m) => {
    const passes =
      (method: string) =>
      (s: NamedStep): boolean =>
        s.estimator === null || s.estimator.offers(method);
    if (!m.steps.slice(0, -1).every(passes('transform'))) return [];
    const last = lastStep(m)?.estimator;
    const own = last
      ? last.methods.filter((x) => x !== 'inverse_transform' && x !== 'get_feature_names_out')
      : ['transform'];
    return [
      ...own,
      ...(m.steps.every(passes('inverse_transform')) ? ['inverse_transform'] : []),
      ...(m.steps.every(passes('get_feature_names_out')) ? ['get_feature_names_out'] : []),
    ];
  },
  names: (m, input) =>
    m.steps.reduce<readonly string[]>(
      (names, step) => (step.estimator ? step.estimator.outputNames(names) : names),
      input,
    ),
});

/** As in pipelines, but for `None`, which dropped a transformer until 0.24 took it out. */
const unitedStep: typeof namedStep = (value, at) => {
  const step = namedStep(value, at);
  return sequenceOf(value)[1] === null ? { ...step, dropped: true } : step;
};

const unionState = {
  transformer_list: list(unitedStep),
  transformer_weights: optional(record(number), new Map<string, number>()),
  verbose_feature_names_out: optional(flag, true),
};

const featureUnion = estimator('FeatureUnion', unionState, {
  modules: ['sklearn.pipeline'],
  input: 'data',
  takes: (m) => m.transformer_list.find((s) => s.estimator)?.estimator?.takes ?? 'data',
  columns: (m) => m.transformer_list.find((s) => s.estimator)?.estimator?.columns,
  inputNames: (m) => m.transformer_list.find((s) => s.estimator)?.estimator?.inputNames,
  features: (m) => m.transformer_list.find((s) => s.estimator)?.estimator?.nFeatures,
  methods: {
    transform: (m, data, g) => {
      const parts = m.transformer_list
        .filter((s) => !s.dropped)
        .map((step) => {
          const out = step.estimator ? step.estimator.transform(data, g) : data;
          const weight = m.transformer_weights.get(step.name);
          if (weight === undefined) return out;
          if (out.kind !== 'matrix')
            throw new BrineError('UNSUPPORTED', `weights on ${step.name}, which is not numeric`);
          return matrix(g.mul(out.value, weight), out.names);
        });
      return stack(parts, g);
    },
  },
  names: (m, input) =>
    m.transformer_list
      .filter((s) => !s.dropped)
      .flatMap((s) => {
        const names = s.estimator ? s.estimator.outputNames(input) : input;
        return m.verbose_feature_names_out ? names.map((n) => `${s.name}__${n}`) : names;
      }),
});

export const pipelines = [pipeline, featureUnion];
