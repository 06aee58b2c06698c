import { chmodSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scratch, brine, fixture } from './support.js';

const forest = fixture('models/1.2.2/RandomForestClassifier-wine/model.joblib');
let scratch: Scratch;
beforeAll(() => {
  scratch = new Scratch();
});
afterAll(() => {
  scratch.remove();
});

describe('brine env FILE', () => {
  it('says what wrote it and how that is known', async () => {
    const { code, out } = await brine(['env', forest]);
    expect(code).toBe(0);
    expect(out).toContain('scikit-learn 1.2.2');
    expect(out).toContain('the nodes of its trees have no field missing_go_to_left');
    expect(out).toContain('scikit-learn==1.2.2');
  });

  it('writes requirements', async () => {
    const { out } = await brine(['env', forest, '--format', 'requirements']);
    expect(out.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toContain('scikit-learn==1.2.2');
  });

  it('gives JSON', async () => {
    const { out } = await brine(['env', forest, '--json']);
    const told = JSON.parse(out) as { wrote: { of: string; recorded?: string }[]; packages: unknown[] };
    expect(told.wrote.find((c) => c.of === 'scikit-learn')?.recorded).toBe('1.2.2');
  });
});

describe('brine env FILE --check', () => {
  const locks: [string, string][] = [
    [
      'requirements.txt',
      'scikit-learn==1.9.1\nnumpy==2.4.6 # new\nscipy==1.17.1\njoblib==1.6.0 \\\n  --hash=sha256:00\n',
    ],
    [
      'uv.lock',
      '[[package]]\nname = "scikit-learn"\nversion = "1.9.1"\n\n[[package]]\nname = "numpy"\nversion = "2.4.6"\n',
    ],
    [
      'Pipfile.lock',
      '{"_meta":{"requires":{"python_version":"3.11"}},"default":{"scikit-learn":{"version":"==1.9.1"},"numpy":{"version":"==2.4.6"}}}',
    ],
    [
      'environment.yml',
      'name: x\ndependencies:\n  - python=3.11\n  - scikit-learn=1.9.1=py_0\n  - pip:\n    - numpy==2.4.6\n',
    ],
  ];
  it.each(locks)('%s', async (name, text) => {
    const { code, out } = await brine(['env', forest, '--check', scratch.write(name, text)]);
    expect(code).toBe(1);
    expect(out).toContain('node array from the pickle has an incompatible dtype');
    expect(out).toContain('brine migrate');
  });

  it('is content with the environment that it proposes', async () => {
    const { out } = await brine(['env', forest, '--format', 'requirements']);
    const { code } = await brine(['env', forest, '--check', scratch.write('proposed.txt', out)]);
    expect(code).toBe(0);
  });

  it('asks a Python what it has', async () => {
    const python = scratch.write(
      'python',
      '#!/bin/sh\necho \'{"python":"3.8.1","packages":[["scikit_learn","1.3.2"],["numpy","1.26.4"]]}\'\n',
    );
    chmodSync(python, 0o755);
    const { code, out } = await brine(['env', forest, '--check', python]);
    expect(code).toBe(1);
    expect(out).toContain('Python 3.8.1');
    expect(out).toContain('incompatible dtype');
  });

  it('says what is wrong with the wrong thing', async () => {
    expect((await brine(['env', forest, '--check', scratch.at('nothing')])).err).toContain('no such file');
    expect((await brine(['env', forest, '--check', scratch.path])).err).toContain('without a Python');
    expect((await brine(['env', forest, '--check', scratch.write('empty.txt', '')])).err).toContain('no package');
    // A table of data names columns, and no packages.
    expect((await brine(['env', forest, '--check', scratch.write('data.csv', 'a,b\n1,2\n')])).err).toContain(
      'no package',
    );
    expect((await brine(['env', forest, '--check', scratch.write('broken.lock', '{')])).err).toContain(
      'not a Pipfile.lock',
    );
    expect((await brine(['env'])).code).toBe(2);
  });
});

describe('brine env --error', () => {
  it('names cause and command', async () => {
    const { code, out } = await brine([
      'env',
      'old.pkl',
      '--error',
      "ModuleNotFoundError: No module named 'numpy._core'",
    ]);
    expect(code).toBe(0);
    expect(out).toContain('numpy 2 wrote it');
    expect(out).toContain('brine migrate old.pkl');
  });

  it('reads a whole traceback from standard input', async () => {
    const { out } = await brine(
      ['env', '--error', '-'],
      'Traceback (most recent call last):\nEOFError: Ran out of input\n',
    );
    expect(out).toContain('empty');
  });

  it('admits what it does not know', async () => {
    const { code, err } = await brine(['env', '--error', 'ZeroDivisionError: division by zero']);
    expect(code).toBe(1);
    expect(err).toContain('nobody here knows');
  });
});
