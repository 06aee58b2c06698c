import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { brine as run, fixture, Scratch, type Ran } from './support.js';

const forest = fixture('migrate/0.24.2/forest/model.pickle');
const text = fixture('migrate/0.24.2/text/model.joblib');

const scratch = new Scratch();
afterAll(() => {
  scratch.remove();
});
const at = (name: string): string => scratch.at(name);
const brine = (...words: readonly string[]): Promise<Ran> => run(words);
const left = (): string[] => readdirSync(scratch.path).filter((name) => name.endsWith('.part'));

describe('brine migrate', () => {
  it('writes an old model for the newest scikit-learn, in every format that Python reads', async () => {
    const before = readFileSync(forest);
    for (const name of ['new.pkl', 'new.joblib.gz', 'new.skops']) {
      const { code, out } = await brine('migrate', forest, at(name), '--json');
      expect(code, out).toBe(0);
      const told = JSON.parse(out) as {
        input: { sklearn: string };
        output: { sklearn: string };
        changes: { text: string }[];
        verified: string[];
      };
      expect(told.input.sklearn).toBe('0.24.2');
      expect(told.output.sklearn).toBe('1.9.1');
      expect(told.changes.map((c) => c.text)).toContain('node table widened by missing_go_to_left');
      expect(told.verified.join(' ')).toMatch(/before and after, \d+ rows are answered alike by .*predict_proba/);
    }
    expect(readFileSync(forest).equals(before)).toBe(true);
    expect(left()).toEqual([]);
  });

  it('tells what scikit-learn itself answers otherwise by now, and does not refuse it', async () => {
    const tree = fixture('models/1.7.2/DecisionTreeClassifier-iris/model.joblib');
    const { code, out } = await brine('migrate', tree, at('tree.joblib'));
    expect(code, out).toBe(0);
    expect(out).toMatch(/answered alike by predict, predict_proba/);
    expect(out).toContain('decision_path of DecisionTreeClassifier changes with scikit-learn: since 1.8');
    // Where nothing changed, nothing is said.
    expect((await brine('migrate', tree, at('same.joblib'), '--to-sklearn', '1.6')).out).not.toContain('changes with');
  });

  it('tells each change in words, and writes nothing when asked to', async () => {
    const { code, out } = await brine('migrate', text, '--dry-run', '--to-sklearn', '1.7');
    expect(code).toBe(0);
    expect(out).toContain('scikit-learn 0.24.2 → 1.7.2');
    expect(out).toContain('TfidfTransformer: _idf_diag written as idf_ (1.5)');
    expect(out).toContain('nothing was written');
  });

  it('migrates back what it has migrated', async () => {
    expect((await brine('migrate', text, at('up.pkl'))).code).toBe(0);
    const { code, out } = await brine('migrate', at('up.pkl'), at('down.pkl'), '--to-sklearn', '1.3.2');
    expect(code, out).toBe(0);
    expect(out).toContain('1.9.1 → 1.3.2');
    expect(out).toContain('idf_ written as _idf_diag');
  });

  it('refuses with a sentence, and leaves no file', async () => {
    const missing = await brine('migrate', at('nobody.pkl'), at('x.pkl'));
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('no such file')]);
    const version = await brine('migrate', forest, at('x.pkl'), '--to-sklearn', '17');
    expect([version.code, version.err]).toEqual([2, expect.stringContaining('is not a scikit-learn version')]);
    const future = await brine('migrate', forest, at('x.pkl'), '--to-sklearn', '3.0');
    expect(future.err).toContain('it knows 0.22 to 1.9');
    const format = await brine('migrate', forest, at('x.onnx'));
    expect([format.code, format.err]).toEqual([2, expect.stringContaining('scikit-learn reads pickle')]);
    const folder = await brine('migrate', forest, at('no/such/folder/x.pkl'));
    expect([folder.code, folder.err]).toEqual([1, expect.stringContaining('folder does not exist')]);
    const nothing = await brine('migrate', forest);
    expect([nothing.code, nothing.err]).toEqual([2, expect.stringContaining('where to?')]);
    writeFileSync(at('list.json'), '[1, 2]');
    expect((await brine('migrate', at('list.json'), at('x.pkl'))).code).toBe(1);
    expect(existsSync(at('x.pkl'))).toBe(false);
    expect(left()).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0)('leaves nothing in a folder that cannot be written', async () => {
    mkdirSync(at('shut'));
    chmodSync(at('shut'), 0o555);
    const { code } = await brine('migrate', forest, at('shut/x.pkl'));
    expect(code).toBe(1);
    expect(readdirSync(at('shut'))).toEqual([]);
  });
});
