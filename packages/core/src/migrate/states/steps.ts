/** Steps that were left out (None once, the word drop since), and what a norm is. */
import { PyTuple, type PyValue } from '../../pickle/values.js';
import { rules } from '../define.js';
import type { Rule } from '../rule.js';
import type { Subject } from '../subject.js';

/** Puts another word where a step says `from`; true if one did. */
function reword(o: Subject, attribute: string, from: PyValue, to: PyValue): boolean {
  const list = o.get(attribute);
  let changed = false;
  for (const step of Array.isArray(list) ? list : []) {
    if (!(step instanceof PyTuple) || step.items[1] !== from) continue;
    step.items[1] = to;
    changed = true;
  }
  return changed;
}

/** `came`: the release that brought `'drop'`; None went with 0.24 from all of them. */
function leftOut(came: string, attribute: string, classes: readonly string[], source: string): Rule[] {
  return [
    {
      since: came,
      classes,
      source,
      what: `${attribute}: 'drop' leaves one out, as None does`,
      down: (o) => {
        if (reword(o, attribute, 'drop', null)) o.tell(`'drop' in ${attribute} written as None`);
      },
    },
    {
      since: '0.24',
      classes,
      source,
      what: `${attribute}: None leaves nothing out any more, 'drop' does`,
      up: (o) => {
        if (reword(o, attribute, null, 'drop')) o.tell(`None in ${attribute} written as 'drop'`);
      },
    },
  ];
}

export const steps = rules([
  ...leftOut('0.20', 'transformer_list', ['FeatureUnion'], 'sklearn/pipeline.py; #11144, #15053'),
  {
    since: '1.1',
    classes: ['FeatureUnion'],
    source: 'sklearn/pipeline.py; #20860',
    what: "transformer_list: 'passthrough' hands the input on",
    down: (o) => {
      const list = o.get('transformer_list');
      for (const step of Array.isArray(list) ? list : [])
        if (step instanceof PyTuple && step.items[1] === 'passthrough')
          throw o.refusal("FeatureUnion hands its input on by 'passthrough', which came with 1.1");
    },
  },
]);

export const votes = rules(
  leftOut('0.22', 'estimators', ['VotingClassifier', 'VotingRegressor'], 'sklearn/ensemble/_voting.py; #14287'),
);

const signedNorm =
  'before 0.23 the largest value of a row was its norm, and negative ones did not count by their size: rows with large negative values would be scaled otherwise';

/** What a norm of `max` is. */
export const norms = rules([
  {
    since: '0.23',
    classes: ['Normalizer'],
    source: 'sklearn/preprocessing/_data.py; #16632',
    what: "norm='max' divides by the largest absolute value of a row, no longer by the largest value",
    up: refuseSignedNorm,
    down: refuseSignedNorm,
  },
]);

function refuseSignedNorm(o: Subject): void {
  if (o.get('norm') === 'max') throw o.refusal(`Normalizer(norm='max'): ${signedNorm}`);
}
