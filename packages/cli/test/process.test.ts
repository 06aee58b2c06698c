import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fixture } from './support.js';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

function spawned(words: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [main, ...words], {
    input,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
}

/** The built command, where there is one: exit codes, standard input and output of a real process. */
describe.skipIf(!existsSync(main))('the built command', () => {
  it('predicts from standard input to standard output', () => {
    const ran = spawned(
      ['predict', fixture('models/1.9.1/GaussianNB-iris/model.pkl'), '-'],
      'a,b,c,d\n5.1,3.5,1.4,0.2\n',
    );
    expect(ran).toMatchObject({ status: 0, stdout: 'prediction\nsetosa\n', stderr: '' });
  });

  it('ends with a verdict, or with 4', () => {
    expect(spawned(['scan', '-'], "cos\nsystem\n(S'id'\ntR.").status).toBe(1);
    expect(spawned(['scan', 'no-such-file']).status).toBe(4);
  });

  it('is quiet where the reader goes away', () => {
    const model = fixture('models/1.9.1/RandomForestClassifier-wine');
    const script = `"${process.execPath}" "${main}" dis "${model}"/model.* | head -n 1`;
    const ran = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    expect(ran.stdout.split('\n')).toHaveLength(2);
  });
});
