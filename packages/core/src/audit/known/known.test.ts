import { describe, expect, it } from 'vitest';
import { denied } from '../deny.js';
import { PyDict, PyTuple } from '../../pickle/values.js';
import { guardState, isKnown, known, knownPairs, mayMake } from './index.js';

const pairs = [...knownPairs()];

describe('names that are vouched for', () => {
  it('are exact pairs, of many libraries', () => {
    expect(pairs.length).toBeGreaterThan(4000);
    for (const { module, name } of pairs) expect(`${module} ${name}`).toMatch(/^[A-Za-z_][\w.]* [A-Za-z_][\w.]*$/);
    expect(new Set(pairs.map(({ library }) => library)).size).toBeGreaterThan(20);
  });

  it('are not denied at the same time', () => {
    const both = pairs.filter(({ module, name }) => denied(module, name) !== undefined);
    expect(both.map(({ module, name }) => `${module}.${name}`)).toEqual([]);
  });

  it('say where they were met', () => {
    expect(known('sklearn.svm._classes', 'SVC')).toEqual({
      use: 'makes',
      library: 'scikit-learn',
      versions: '0.22–1.9',
      by: 'swept',
    });
    expect(isKnown('sklearn.svm._classes', 'svc')).toBe(false);
    expect(isKnown('__proto__', 'constructor')).toBe(false);
    expect(isKnown('numpy', '__proto__')).toBe(false);
  });

  it('may be named without being called', () => {
    expect(known('sklearn.metrics._classification', 'f1_score')?.use).toBe('refers');
    expect(mayMake('sklearn.metrics._classification', 'f1_score', 'call')).toBe(false);
    expect(mayMake('sklearn.svm._classes', 'SVC', 'call')).toBe(true);
    expect(mayMake('xgboost.core', 'Booster', 'call')).toBe(false);
    expect(mayMake('xgboost.core', 'Booster', 'new')).toBe(true);
  });

  it('leave out what frees memory at a number of the file, or reads files', () => {
    expect(isKnown('xgboost.core', 'DMatrix')).toBe(false);
    expect(isKnown('catboost.core', 'Pool')).toBe(false);
    expect(isKnown('numpy.lib.npyio', 'recfromcsv')).toBe(false);
  });
});

describe('the state of a scipy distribution', () => {
  const own = (shapes: string, given: string, kept: string): string =>
    `\ndef _parse_args(self, ${shapes} ${given}):\n    return (${shapes}), ${kept}\n` +
    `\ndef _parse_args_rvs(self, ${shapes} ${given}, size=None):\n    return self._argcheck_rvs(${shapes} ${kept}, size=size)\n` +
    `\ndef _parse_args_stats(self, ${shapes} ${given}, moments='mv'):\n    return (${shapes}), ${kept}, moments\n`;
  const state = (text: string): PyDict => PyDict.from([['_parse_arg_template', text]]);

  it('is scipy’s own or none', () => {
    expect(
      guardState(state(own('', 'loc=0, scale=1', 'loc, scale')), 'scipy.stats._continuous_distns'),
    ).toBeUndefined();
    expect(guardState(state(own('a, b, ', 'loc=0', 'loc, 1')), 'scipy.stats._continuous_distns')).toBeUndefined();
    expect(guardState(PyDict.from([]), 'scipy.stats._continuous_distns')).toBeUndefined();
    expect(guardState(new PyTuple([PyDict.from([]), null]), 'scipy.stats._continuous_distns')).toBeUndefined();
    for (const text of [
      'print(1)',
      own('', 'loc=0, scale=1', 'loc, 1'),
      own('a=print(1), ', 'loc=0', 'loc, 1'),
      `${own('', 'loc=0', 'loc, 1')}print(1)`,
      own('', 'loc=0', 'loc, 1').replace('return', 'print(1); return'),
    ])
      expect(guardState(state(text), 'scipy.stats'), text).toBeDefined();
    expect(guardState(new PyTuple([PyDict.from([]), 'ab']), 'scipy.stats._continuous_distns')).toBeDefined();
    expect(
      guardState([new PyTuple(['_parse_arg_template', 'print(1)'])], 'scipy.stats._continuous_distns'),
    ).toBeDefined();
  });
});
