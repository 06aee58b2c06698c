import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { open } from '@brine/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scratch, brine, fixture } from './support.js';

// onnxruntime-web runs in Node, too: the judge that needs no binary of its own.
const scratch = new Scratch();
afterAll(() => {
  scratch.remove();
});
const tree = fixture('models/1.9.1/DecisionTreeClassifier-iris/model.pkl');
const customers = fixture('models/1.9.1/Customers-logistic/');
const rows = scratch.write('rows.csv', 'a,b,c,d\n5.1,3.5,1.4,0.2\n6.0,3.0,5.0,1.8\n');
let onnx = '';
beforeAll(async () => {
  onnx = scratch.write('tree.onnx', await (await open(new Uint8Array(readFileSync(tree)))).toOnnx());
});

/** The native runtime is no dependency: it is tested where somebody installed it. */
function isInstalled(name: string): boolean {
  try {
    return createRequire(import.meta.url).resolve(name) !== '';
  } catch {
    return false;
  }
}
const native = isInstalled('onnxruntime-node') ? ['onnxruntime-node'] : [];

describe('--engine', () => {
  it.each(['brine', 'onnxruntime-web', ...native])('%s predicts as brine does', async (engine) => {
    for (const words of [
      [onnx, rows],
      [tree, rows, '-m', 'predict_proba'],
      [tree, rows],
    ]) /* prettier-ignore */ {
      const own = await brine(['predict', ...words]);
      const other = await brine(['predict', ...words, '--engine', engine]);
      expect(other).toEqual(own);
      expect(own.code).toBe(0);
    }
  });

  it.each(['onnxruntime-web', ...native])('holds a model against its own ONNX in %s', async (engine) => {
    const pickle = fixture('models/1.9.1/Customers-logistic/model.pkl');
    const { code, out } = await brine(['verify', pickle, '--engine', engine]);
    expect(out).toMatch(new RegExp(`^same: model\\S+ and ${engine} answer`, 'm'));
    expect(out).toMatch(/predict_proba +same/);
    expect(code).toBe(0);
    const both = await brine(['verify', pickle, pickle, '--data', `${customers}X.json`]);
    expect(both.code).toBe(0);
  });

  it('says in the engine’s own words what it cannot load', async () => {
    const bytes = readFileSync(onnx);
    const cut = scratch.write(
      'odd.onnx',
      Buffer.from(bytes.toString('latin1').replaceAll('TreeEnsemble', 'TreeNonsense'), 'latin1'),
    );
    for (const engine of ['onnxruntime-web', ...native]) {
      const ran = await brine(['verify', cut, '--engine', engine]);
      expect([ran.code, ran.out]).toEqual([1, '']);
      expect(ran.err).toMatch(new RegExp(`${engine} cannot load the model: .*TreeNonsense`));
    }
  });

  it.skipIf(native.length > 0)('says how to install the native runtime', async () => {
    const ran = await brine(['predict', onnx, rows, '--engine', 'onnxruntime-node']);
    expect(ran.code).not.toBe(0);
    expect(ran.err).toContain('npm install onnxruntime-node');
  });
});
