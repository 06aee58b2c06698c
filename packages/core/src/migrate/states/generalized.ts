/** Generalised linear models: distribution and link became one loss. */
import { PyDict, type PyInstance } from '../../pickle/values.js';
import { integerOf, real, rules } from '../define.js';
import type { Subject } from '../subject.js';
import { lossOf } from './losses.js';

const glms = ['PoissonRegressor', 'GammaRegressor', 'TweedieRegressor', 'GeneralizedLinearRegressor'];

function tweediePower(o: Subject): number | undefined {
  const power = o.get('power');
  if (typeof power === 'number') return power;
  return integerOf(power);
}

function glmLoss(o: Subject): PyInstance | undefined {
  if (o.name === 'PoissonRegressor') return lossOf(o, 'HalfPoissonLoss');
  if (o.name === 'GammaRegressor') return lossOf(o, 'HalfGammaLoss');
  if (o.name !== 'TweedieRegressor') return undefined;
  const power = tweediePower(o) ?? 0;
  const link = o.get('link') ?? 'auto';
  const identity = link === 'identity' || (link === 'auto' && power <= 0);
  return lossOf(o, identity ? 'HalfTweedieLossIdentity' : 'HalfTweedieLoss', { args: [real(power)] });
}

export const generalized = rules([
  {
    since: '1.1',
    classes: glms,
    source: 'sklearn/linear_model/_glm/glm.py; #22548',
    what: 'the distribution and the link are one loss object, _base_loss',
    up: (o) => {
      if (!o.has('coef_') || o.has('_base_loss')) return;
      const loss = glmLoss(o);
      if (!loss) throw o.refusal(`the distribution of ${o.name} has no successor`);
      o.set('_base_loss', loss);
      for (const name of ['_family_instance', '_link_instance']) o.delete(name);
      if (o.name !== 'TweedieRegressor') for (const name of ['family', 'link', 'power']) o.delete(name);
      o.tell('_family_instance and _link_instance written as _base_loss');
    },
    down: (o) => {
      if (!o.delete('_base_loss')) return;
      const log =
        o.get('link') !== 'identity' &&
        !(o.name === 'TweedieRegressor' && (o.get('link') ?? 'auto') === 'auto' && (tweediePower(o) ?? 0) <= 0);
      o.set(
        '_link_instance',
        o.create('sklearn.linear_model._glm.link', log ? 'LogLink' : 'IdentityLink', new PyDict()),
      );
      const family =
        { PoissonRegressor: 'PoissonDistribution', GammaRegressor: 'GammaDistribution' }[o.name] ??
        'TweedieDistribution';
      const power = { PoissonRegressor: 1, GammaRegressor: 2 }[o.name] ?? tweediePower(o) ?? 0;
      const distribution = o.create('sklearn._loss.glm_distribution', family, PyDict.from([['_power', power]]));
      o.set('_family_instance', distribution);
      if (o.name === 'PoissonRegressor' || o.name === 'GammaRegressor') {
        o.set('family', o.name === 'PoissonRegressor' ? 'poisson' : 'gamma');
        o.set('link', 'log');
      }
      o.tell('_base_loss written as _family_instance and _link_instance');
    },
  },
]);
