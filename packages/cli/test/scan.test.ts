import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Scratch, brine, fixture } from './support.js';

const scratch = new Scratch();
afterAll(() => {
  scratch.remove();
});

const clean = scratch.write('clean.pkl', readFileSync(fixture('models/1.9.1/GaussianNB-iris/model.pkl')));
const dangerous = scratch.write('dangerous.pkl', "cos\nsystem\n(S'id'\ntR.");
const unknown = scratch.write('unknown.pkl', 'cmyapp\nModel\n)R.');
const incomplete = scratch.bytes('incomplete.pkl', '\x80\x04K');

describe('scan', () => {
  it('has an exit code for each verdict', async () => {
    const codes = [];
    for (const path of [clean, dangerous, incomplete, unknown]) codes.push((await brine(['scan', path])).code);
    expect(codes).toEqual([0, 1, 2, 3]);
  });

  it('ends with 4 where it could not run', async () => {
    for (const words of [['scan', scratch.at('none.pkl')], ['scan'], ['scan', '--nonsense', clean]]) {
      const { code, err } = await brine(words);
      expect(code).toBe(4);
      expect(err).toMatch(/^brine: /);
    }
  });

  it('asks whether the file beside was meant', async () => {
    const { err } = await brine(['scan', scratch.at('claen.pkl')]);
    expect(err).toContain(`did you mean ${clean}?`);
    expect((await brine(['scan', scratch.at('nothing-like-it')])).err).not.toContain('did you mean');
  });

  it('takes the worst of several: dangerous, incomplete, unknown, clean', async () => {
    expect((await brine(['scan', clean, unknown])).code).toBe(3);
    expect((await brine(['scan', clean, unknown, incomplete])).code).toBe(2);
    expect((await brine(['scan', clean, unknown, incomplete, dangerous])).code).toBe(1);
  });

  it('shows the call as Python, and where it is', async () => {
    const { out } = await brine(['scan', dangerous]);
    expect(out).toContain("os.system('id')");
    expect(out).toContain('byte 19');
    expect(out).toContain('which runs programs');
  });

  it('prints what the contract says as JSON', async () => {
    const { out } = await brine(['scan', '--json', clean, dangerous]);
    expect(JSON.parse(out)).toEqual({
      verdict: 'dangerous',
      findings: [
        {
          rule: 'dangerous-call',
          severity: 'critical',
          verdict: 'dangerous',
          where: { file: dangerous, offset: 19 },
          message: 'loading it calls os.system, which runs programs',
          call: "os.system('id')",
          does: "Runs the command 'id' in a shell, with the rights of whoever loads the file.",
          name: 'os.system',
          cwe: 'CWE-78',
          advice: expect.any(String) as string,
        },
      ],
      files: [
        expect.objectContaining({ file: clean, verdict: 'clean', format: 'pickle', findings: 0 }),
        expect.objectContaining({ file: dangerous, verdict: 'dangerous', findings: 1 }),
      ],
    });
  });

  it('walks folders, and counts what is no model aside', async () => {
    mkdirSync(join(scratch.path, 'models/deep'), { recursive: true });
    scratch.write('models/a.pkl', readFileSync(clean));
    scratch.write('models/deep/b.joblib', readFileSync(clean));
    scratch.write('models/README.txt', 'These are the models of the team, as of last week.\n');
    const { code, out } = await brine(['scan', scratch.at('models')]);
    expect(out).toContain('2 files: 2 clean; 1 file is no model and not judged');
    expect(code).toBe(0);
    // Named itself, it is judged: nobody has looked into it as a model.
    expect((await brine(['scan', scratch.at('models/README.txt')])).code).toBe(3);
    scratch.write('models/deep/notes.txt', "cos\nsystem\n(S'id'\ntR.");
    expect((await brine(['scan', scratch.at('models')])).code).toBe(1);
  });

  it('says so where there is nothing to scan', async () => {
    mkdirSync(join(scratch.path, 'empty'), { recursive: true });
    const { code, out } = await brine(['scan', scratch.at('empty')]);
    expect(out).toContain('there is no file to scan');
    expect(code).toBe(3);
  });

  it('reads standard input', async () => {
    const { code, out } = await brine(['scan', '-'], "cos\nsystem\n(S'id'\ntR.");
    expect(code).toBe(1);
    expect(out).toContain('(standard input)');
  });
});

describe('the command line', () => {
  it('knows its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect((await brine(['--version'])).out.trim()).toBe(version);
  });

  it('helps, with examples', async () => {
    for (const words of [[], ['help'], ['--help']]) {
      const { code, out } = await brine(words);
      expect(code).toBe(0);
      expect(out).toContain('brine predict model.joblib data.csv');
    }
    expect((await brine(['help', 'predict'])).out).toContain('--keep');
  });

  it('suggests what was meant, in one sentence', async () => {
    const { code, err } = await brine(['pedict', 'x']);
    expect(code).toBe(2);
    expect(err).toMatch(/^brine: unknown command 'pedict'\n.*predict/);
    const json = await brine(['pedict', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'BAD_ARGUMENT' } });
  });
});
