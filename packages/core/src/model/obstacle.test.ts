import { describe, expect, it } from 'vitest';
import { open } from './open.js';

/** A pipeline of a scaler and of `module.name`, as protocol 0 writes it. */
const pipeline = (module: string, name: string): Uint8Array =>
  new TextEncoder().encode(
    `ccopy_reg\n_reconstructor\n(csklearn.pipeline\nPipeline\nc__builtin__\nobject\nNtR(dS'steps'\n` +
      `(lp0\n(S'scale'\nccopy_reg\n_reconstructor\n(csklearn.preprocessing._data\nMaxAbsScaler\nc__builtin__\nobject\nNtR(dbtp1\na` +
      `(S'model'\nccopy_reg\n_reconstructor\n(c${module}\n${name}\nc__builtin__\nobject\nNtR(dbtp2\nasb.`,
  );

describe('what stands in the way of running a model', () => {
  it('is named where a step is of another library', async () => {
    const model = await open(pipeline('xgboost.sklearn', 'XGBClassifier'));
    expect(model.methods).toEqual([]);
    expect(model.obstacle).toMatch(/a class of XGBoost, which brine does not run.*\(at steps\[1\]\[1\]\)/);
    expect(model.describe().obstacle).toBe(model.obstacle);
    await expect(model.run('predict', [[1]])).rejects.toThrow(/a class of XGBoost/);
  });

  it('is that nothing was fitted, where nothing was', async () => {
    const model = await open(pipeline('sklearn.preprocessing._data', 'MinMaxScaler'));
    expect(model.describe().content.children.map((c) => c.name)).toEqual(['MaxAbsScaler', 'MinMaxScaler']);
    expect(model.obstacle).toBe('MaxAbsScaler was saved before it was fitted (at steps[0][1].scale_)');
    await expect(model.run('transform', [[1]])).rejects.toMatchObject({ code: 'NOT_FITTED' });
  });

  it('is told of a step that would be described all the same', async () => {
    const step = 'csklearn.ensemble._forest\nRandomForestClassifier\n)\x81}b';
    const file = `\x80\x02csklearn.pipeline\nPipeline\n)\x81}U\x05steps]U\x05model${step}\x86asb.`;
    const model = await open(Uint8Array.from(file, (character) => character.charCodeAt(0)));
    expect(model.obstacle).toBe('RandomForestClassifier was saved before it was fitted (at steps[0][1])');
  });

  it.each(['StandardScaler', 'RobustScaler'])('a %s that was not fitted does not answer', async (name) => {
    const model = await open(
      new TextEncoder().encode(
        `ccopy_reg\n_reconstructor\n(csklearn.preprocessing._data\n${name}\nc__builtin__\nobject\nNtR(dS'copy'\nI01\nsb.`,
      ),
    );
    expect(model.methods).toContain('transform');
    expect(model.obstacle).toBe(`${name} was saved before it was fitted`);
    await expect(model.toOnnx()).rejects.toMatchObject({ code: 'NOT_FITTED' });
    await expect(model.run('transform', [[1]])).rejects.toMatchObject({ code: 'NOT_FITTED' });
  });

  it('is nothing of the file’s where the file holds no object of a class', async () => {
    expect((await open(new TextEncoder().encode('(dp0\n.'))).obstacle).toBeUndefined();
  });
});
