import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Scratch, brine, fixture } from './support.js';

const scratch = new Scratch();
afterAll(() => {
  scratch.remove();
});

const model = (path: string): string => fixture(`models/${path}`);

describe('info', () => {
  it('says on one screen what a pipeline is', async () => {
    const { code, out } = await brine(['info', model('1.9.1/Customers-logistic/model.pkl')]);
    expect(code).toBe(0);
    expect(out.split('\n').length).toBeLessThan(40);
    expect(out).toMatch(/scikit-learn 1\.9\.1; pickle protocol [2-5]/);
    expect(out).toMatch(/verdict {2}clean: read to the end/);
    expect(out).toContain("simpleimputer: SimpleImputer  strategy='most_frequent'");
    // Not what everybody leaves as it is.
    expect(out).not.toContain('copy=');
    expect(out).not.toContain('verbose=');
    expect(out).toContain('classes  left, stayed');
    expect(out).toContain('needs    Python with scikit-learn 1.9.1');
  });

  it('offers the estimators inside a class of the author’s own', async () => {
    const path = model('1.4.2/project-class/model.pickle');
    const { out } = await brine(['info', path]);
    expect(out).toContain('ChurnModel  (class of churn_app.models, which brine does not know)');
    expect(out.replace(/\s+/g, ' ')).toContain(`brine info ${path} --pick pipeline`);
    expect(out).toContain('the code of churn_app.models');
    const picked = await brine(['info', path, '--pick', 'pipeline']);
    expect(picked.out).toContain('methods  ');
  });

  it('is the whole description for machines', async () => {
    const { code, out } = await brine(['info', '--json', model('1.9.1/GaussianNB-iris/model.pkl')]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      format: 'pickle',
      verdict: 'clean',
      classes: ['setosa', 'versicolor', 'virginica'],
      content: { name: 'GaussianNB', module: 'sklearn.naive_bayes' },
      needs: { packages: ['scikit-learn'], own: [] },
    });
  });

  it('gives each file of a folder a line', async () => {
    const { code, out } = await brine(['info', model('1.9.1/files-vectorizer-model/model')]);
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(2);
    expect(out).toMatch(/CountVectorizer \(scikit-learn 1\.9\.1\)/);
  });

  it('never ends in a stack trace, whatever the file', async () => {
    for (const name of readdirSync(fixture('identify'))) {
      const { out, err } = await brine(['info', fixture(`identify/${name}`)]);
      expect(out + err, name).not.toMatch(/\n\s+at .*\.[jt]s/);
      expect(err, name).not.toContain('unexpected');
      expect(out + err, name).toMatch(/verdict|brine:/);
    }
  });

  it('says what is wrong with files that are not what their names say', async () => {
    const say = async (name: string, content: string | Uint8Array): Promise<string> =>
      (await brine(['info', scratch.write(name, content)])).out;
    expect(await say('page.pkl', '<!DOCTYPE html><html><body>sign in</body></html>')).toContain('web page');
    expect(await say('picture.joblib', Buffer.from('\x89PNG\r\n\x1a\n'.padEnd(64, '\0'), 'latin1'))).toContain('image');
    const whole = readFileSync(model('1.9.1/GaussianNB-iris/model.pkl'));
    const cut = await say('cut.pkl', whole.subarray(0, 700));
    expect(cut).toContain('verdict  incomplete');
    expect(cut).toMatch(/needs \d+ bytes, but the file has only \d+ more/);
    expect(await say('empty.pkl', '')).toContain('the file has no content');
  });
});

describe('dis', () => {
  it('lists and annotates compressed files, too', async () => {
    const plain = await brine(['dis', model('1.9.1/written-pickle2/model.pkl')]);
    expect(plain.code).toBe(0);
    expect(plain.out).toMatch(/2: c {4}GLOBAL {5}'sklearn\.[\w.]+ \w+'/);
    expect(plain.out).toMatch(/-> calls sklearn\.[\w.]+\(\)/);
    const compressed = await brine([
      'dis',
      model('1.9.1/written-joblib-xz/model.joblib.xz').replace(/model\.[^/]*$/, fileIn('1.9.1/written-joblib-xz')),
    ]);
    expect(compressed.out).toContain('raw bytes  -> ');
    expect(compressed.out).toContain('highest protocol among opcodes');
  });

  it('marks what is dangerous, and shows a broken file as far as it goes', async () => {
    const path = scratch.bytes('bad.pkl', "cos\nsystem\n(S'id'\ntR\x80");
    const { code, out } = await brine(['dis', path]);
    expect(code).toBe(1);
    expect(out).toContain("calls os.system('id')  !! dangerous");
    expect(out).toMatch(/!! (TRUNCATED|CORRUPT)/);
  });

  it('gives a JSON object for each opcode', async () => {
    const { out } = await brine(['dis', '--json', scratch.write('two.pkl', 'N.K\x01.')]);
    const entries = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.map((entry) => entry['op'] ?? 'end')).toEqual(['NONE', 'STOP', 'end', 'BININT1', 'STOP', 'end']);
  });

  it('says what a file is that is no pickle', async () => {
    const { code, err } = await brine(['dis', scratch.write('a.pkl', '<html><body>hello</body></html>')]);
    expect(code).toBe(1);
    expect(err).toMatch(/^brine: .*web page/);
  });
});

describe('json', () => {
  it('is the content, tagged, with arrays shortened on demand', async () => {
    const { out } = await brine(['json', model('1.9.1/GaussianNB-iris/model.pkl'), '--max-items', '2']);
    const value = JSON.parse(out) as { name: string; state: { items: [string, unknown][] } };
    expect(value.name).toBe('GaussianNB');
    const classes = value.state.items.find(([name]) => name === 'classes_')?.[1];
    expect(classes).toMatchObject({ $: 'ndarray', data: ['setosa', 'versicolor'], truncated: true });
  });
});

function fileIn(folder: string): string {
  return readdirSync(model(folder)).find((name) => name.startsWith('model.')) ?? '';
}
