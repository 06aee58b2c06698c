import { describe, expect, it } from 'vitest';
import { writePickleFile } from '../formats/pickle/write.js';
import type { Tensor } from '../graph/tensor.js';
import { open } from '../model/open.js';
import { PyDict, PyGlobal, PyInstance, PyTuple } from '../pickle/values.js';
import { Dtype, NdArray } from '../python/ndarray.js';

const array = (shape: readonly number[], data: Float64Array): NdArray =>
  new NdArray(new Dtype('f', 8, '<'), shape, false, new Uint8Array(data.buffer));

const NOISE = 0.25;

/** A PCA of two components over `own` features, and of `more` that they do not touch. */
async function likelihoods(own: number, more: number): Promise<number[]> {
  const p = own + more;
  const components = new Float64Array(2 * p);
  for (let i = 0; i < own; i++) {
    components[i] = Math.sqrt(2 / own) * Math.cos(((i + 0.5) * Math.PI) / own);
    components[p + i] = Math.sqrt(2 / own) * Math.cos(((i + 0.5) * 2 * Math.PI) / own);
  }
  const state = new PyDict();
  state.set('components_', array([2, p], components));
  state.set('explained_variance_', array([2], Float64Array.of(9, 4)));
  state.set('mean_', array([p], new Float64Array(p).fill(0.5)));
  state.set('noise_variance_', NOISE);
  state.set('whiten', false);
  state.set('_sklearn_version', '1.7.2');
  const pca = new PyInstance('new', new PyGlobal('sklearn.decomposition._pca', 'PCA'), new PyTuple([]));
  pca.state = state;
  const model = await open(writePickleFile(pca));
  const data = Float64Array.from({ length: 3 * p }, (_, i) =>
    i % p < own ? Math.sin((i % p) + 7 * Math.floor(i / p)) : 0.5,
  );
  const out = (await model.run('score_samples', { dtype: 'float64', shape: [3, p], data })) as Tensor;
  return Array.from(out.data as Float64Array);
}

describe('PCA of many features', () => {
  it('scores as with few, where the others are as they are on average', async () => {
    const [few, many] = [await likelihoods(60, 0), await likelihoods(60, 1100)];
    const others = -0.5 * 1100 * Math.log(2 * Math.PI * NOISE);
    few.forEach((x, i) => {
      expect(Math.abs(many[i] - (x + others))).toBeLessThan(1e-11 * Math.abs(x + others));
    });
  });
});
