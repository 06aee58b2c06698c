import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { examiners } from './formats/index.js';
import { audit, judgeName, type AuditReport } from './index.js';
import { global, pickle, tar, text, zip } from './rules/sample.js';

const fixtures = new URL('../../../../fixtures/', import.meta.url);

interface Sample {
  readonly name: string;
  /** What Python was about to do when it was stopped (an audit event), if it was. */
  readonly did: string | null;
  readonly content: string;
}

const malicious = JSON.parse(readFileSync(new URL('audit/malicious.json', fixtures), 'utf8')) as Sample[];

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const bytesOf = ({ content }: Sample): Uint8Array => new Uint8Array(Buffer.from(content, 'base64'));
const sample = (name: string): Uint8Array => bytesOf(malicious.find((each) => each.name === name)!);
const rulesOf = (report: AuditReport): string[] => report.findings.map((finding) => finding.rule);

describe('what Python would do', () => {
  it.each(malicious.map((each) => [each.name, each] as const))('%s: dangerous', async (_, each) => {
    const report = await audit(bytesOf(each));
    expect(report.verdict).toBe('dangerous');
    expect(report.findings[0].message).not.toBe('');
  });

  it('has a sample set in which Python itself was stopped more often than not', () => {
    const stopped = malicious.filter((each) => each.did !== null);
    expect(stopped.length).toBeGreaterThan(malicious.length / 2);
  });

  it('is told as Python', async () => {
    const report = await audit(sample('os.system, protocol 4'), { name: 'model.pkl' });
    expect(report.findings).toEqual([
      {
        rule: 'dangerous-call',
        severity: 'critical',
        verdict: 'dangerous',
        // The value of the key 'x'.
        where: { file: 'model.pkl', offset: expect.any(Number) as number, path: "['x']" },
        message: 'loading it calls posix.system, which runs programs',
        call: "posix.system('id')",
        does: "Runs the command 'id' in a shell, with the rights of whoever loads the file.",
        name: 'posix.system',
        cwe: 'CWE-78',
        advice: expect.stringContaining('Do not load it') as string,
      },
    ]);
  });

  it('is found in members of archives, with the member named', async () => {
    const { findings } = await audit(sample('in an .npz file'));
    expect(findings[0].where.members).toEqual(['b.npy']);
  });
});

describe('a zip at the end of a tar', () => {
  it('is read both ways, and told once, with the whole way to it', async () => {
    const report = await audit(tar({ 'release/in.zip': zip({ 'churn.pkl': latin1("cos\nsystem\n(S'id'\ntR.") }) }));
    expect(report.findings.filter(({ verdict }) => verdict === 'dangerous').map(({ where }) => where.members)).toEqual([
      ['release/in.zip', 'churn.pkl'],
    ]);
  });
});

describe('methods of classes that are vouched for', () => {
  it('may be named, and not called', async () => {
    expect(judgeName('nltk.stem.snowball', 'EnglishStemmer.stem')).toMatchObject({ kind: 'known', use: 'refers' });
    for (const name of ['EnglishStemmer.__globals__', 'EnglishStemmer.stem.os', 'EnglishStemmer.load', 'Nobody.stem'])
      expect(judgeName('nltk.stem.snowball', name).kind, name).not.toBe('known');
    const called = await audit(pickle(`${global('nltk.stem.snowball', 'EnglishStemmer.stem')})R`));
    expect(rulesOf(called)).toEqual(['unknown-call']);
  });
});

describe('what was left behind in a pickle', () => {
  it('is told, and changes no verdict', async () => {
    const config = `}(${text('path')}${text('/home/jane/churn/train.csv')}${text('url')}${text('postgres://jane:s3cret@db.example.org/x')}u`;
    const report = await audit(pickle(config));
    expect(report.verdict).toBe('clean');
    expect(report.findings.map(({ rule, where }) => [rule, where.offset])).toEqual([
      ['author-path', 12],
      ['secret', 45],
    ]);
    expect(JSON.stringify(report)).not.toContain('s3cret');
  });
});

describe('cut anywhere, a malicious file', () => {
  it('is never clean', async () => {
    for (const name of [
      'os.system, protocol 0',
      'os.system, protocol 4',
      'in a joblib object array',
      'getattr of an import',
    ]) {
      const whole = sample(name);
      for (let length = 0; length < whole.length; length++) {
        const report = await audit(whole.subarray(0, length));
        expect(report.verdict, `${name}, ${length} bytes`).not.toBe('clean');
      }
    }
  });

  it('keeps the findings that come before the cut', async () => {
    const whole = sample('os.system, protocol 4');
    const report = await audit(whole.subarray(0, whole.length - 2));
    expect(report.verdict).toBe('dangerous');
    expect(rulesOf(report)).toEqual(['dangerous-call', 'unreadable']);
  });
});

describe('joblib’s wrappers', () => {
  it('of two joblibs in one file are a trap', async () => {
    const wrapped = (home: string): string => `c${home}.numpy_pickle\nNumpyArrayWrapper\n0`;
    const report = await audit(latin1(`${wrapped('joblib')}${wrapped('sklearn.externals.joblib')}N.`));
    expect([report.verdict, rulesOf(report)]).toEqual(['dangerous', ['two-readings']]);
  });
});

describe('harmless uses of what can do harm', () => {
  const clean = async (text: string): Promise<void> => {
    const report = await audit(latin1(text));
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('clean');
  };

  it('are clean', async () => {
    // getattr for a bound method, functools.partial of a harmless function, copyreg._reconstructor, type(None).
    await clean('\x80\x02cbuiltins\ngetattr\n(csklearn.svm._classes\nSVC\n)\x81X\x07\x00\x00\x00predicttR.');
    await clean('\x80\x02cfunctools\npartial\n(csklearn.metrics._classification\nf1_score\ntR.');
    await clean('ccopy_reg\n_reconstructor\n(csklearn.svm.classes\nSVC\nc__builtin__\nobject\nNtR.');
    await clean('\x80\x02cbuiltins\ntype\n(NtR.');
  });

  it('are told from code that comes along, and that again from code that runs', async () => {
    const code = await audit(latin1('\x80\x02ccloudpickle.cloudpickle\n_make_function\n(NtR.'));
    expect([code.verdict, rulesOf(code)]).toEqual(['unknown', ['carried-code']]);
    const run = await audit(latin1('\x80\x02ccloudpickle.cloudpickle\n_make_function\n(NtR)R.'));
    expect([run.verdict, rulesOf(run)]).toEqual(['dangerous', ['runs-carried-code', 'carried-code']]);
  });
});

describe('names nobody vouches for', () => {
  it('are listed, once each', async () => {
    const report = await audit(latin1('\x80\x02(cmyapp.models\nChurn\n)\x81cmyapp.models\nChurn\n)\x81l.'));
    expect(report.verdict).toBe('unknown');
    expect(report.findings.map((finding) => finding.name)).toEqual(['myapp.models.Churn']);
    expect(report.reason).toContain('myapp.models.Churn');
  });

  it('are exact pairs: no wildcards, no case, no neighbours', () => {
    const kind = (module: string, name: string): string => judgeName(module, name).kind;
    expect(kind('sklearn.linear_model._logistic', 'LogisticRegression')).toBe('known');
    expect(kind('sklearn.linear_model._logistic', 'logisticregression')).toBe('unknown');
    expect(kind('sklearn.linear_model', 'anything')).toBe('unknown');
    expect(kind('sklearn.linear_model._logistic ', 'LogisticRegression')).toBe('unknown');
    expect(kind('__proto__', 'constructor')).toBe('unknown');
    expect(kind('builtins', '__proto__')).not.toBe('known');
    expect(kind('os', 'anything')).toBe('dangerous');
    expect(kind('os.path', 'join')).toBe('dangerous');
    expect(kind('osx', 'anything')).toBe('unknown');
  });
});

describe('what is no pickle', () => {
  it('is never clean without having been looked at', async () => {
    for (const name of readdirSync(new URL('identify/', fixtures))) {
      const report = await audit(new Uint8Array(readFileSync(new URL(`identify/${name}`, fixtures))), { name });
      if (report.verdict === 'clean') expect(examiners[report.format]).toBeDefined();
      expect(report.reason).not.toBe('');
    }
  });

  it('is incomplete where nothing is there', async () => {
    expect((await audit(new Uint8Array(0))).verdict).toBe('incomplete');
  });
});

describe('the models of the fixtures', () => {
  it('are clean, but for the classes of their authors', async () => {
    const own = new Set<string>();
    let clean = 0;
    for (const version of readdirSync(new URL('models/', fixtures))) {
      for (const each of readdirSync(new URL(`models/${version}/`, fixtures))) {
        for (const file of readdirSync(new URL(`models/${version}/${each}/`, fixtures))) {
          if (!file.startsWith('model.')) continue;
          const report = await audit(
            new Uint8Array(readFileSync(new URL(`models/${version}/${each}/${file}`, fixtures))),
          );
          if (report.verdict === 'clean') clean++;
          else for (const finding of report.findings) own.add(finding.name ?? finding.rule);
        }
      }
    }
    expect(clean).toBeGreaterThan(400);
    expect([...own].filter((name) => !/^(__main__|churn_app|project)\./.test(name))).toEqual([]);
  });
});

describe('small files that ask for much work', () => {
  it('end soon: dicts whose keys are one large tuple', async () => {
    const key = `(${'K\x01'.repeat(200_000)}tq\x000`;
    const file = latin1(`\x80\x02${key}${'ccollections\nOrderedDict\n}(h\x00NK\x01Nu\x85R0'.repeat(2000)}N.`);
    const began = performance.now();
    expect((await audit(file)).verdict).toBe('clean');
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('are told once: arguments that double, calls without end', async () => {
    const doubled = `N\x85${'2\x86'.repeat(120)}`;
    const shown = await audit(latin1(`\x80\x02cos\nsystem\n${doubled}\x85R.`));
    expect(shown.verdict).toBe('dangerous');
    expect(shown.findings[0].call!.length).toBeLessThan(10_000);
    const endless = await audit(latin1(`\x80\x02cacme\nmake\n${')R'.repeat(200_000)}.`));
    expect(endless.verdict).toBe('incomplete');
    expect(endless.findings.length).toBeLessThan(1100);
  });
});

describe('where a finding is', () => {
  it('is told as a path in the object', async () => {
    const inner = "cos\nsystem\n(S'id'\ntR";
    const { findings } = await audit(latin1(`\x80\x02}X\x05\x00\x00\x00model}X\x05\x00\x00\x00steps]${inner}ass.`));
    expect(findings[0].where.path).toBe("['model']['steps'][0]");
  });

  it('leads through byte strings', async () => {
    const inner = "cos\nsystem\n(S'id'\ntR.";
    const report = await audit(latin1(`\x80\x04C${String.fromCharCode(inner.length)}${inner}.`));
    expect(report.verdict).toBe('dangerous');
    expect(report.findings[0].where.members).toEqual(['bytes at 2']);
  });
});

describe('large compressed files', () => {
  it('are read piece by piece, to their end', async () => {
    // 80 MB that compress badly enough to be no bomb: numbers of a simple generator, and a call behind them.
    const block = new Uint8Array(80 * 2 ** 20);
    for (let i = 0, x = 1; i < block.length; i += 16) block[i] = x = (x * 1103515245 + 12345) & 0x7f;
    const header = new Uint8Array([0x80, 4, 0x8e, 0, 0, 0, 5, 0, 0, 0, 0]);
    const file = Buffer.concat([header, block, latin1("0cos\nsystem\n(S'id'\ntR.")]);
    const report = await audit(new Uint8Array(gzipSync(file, { level: 1 })));
    expect([report.verdict, report.findings[0].rule]).toEqual(['dangerous', 'dangerous-call']);
    expect(report.findings[0].where.offset).toBeGreaterThan(80 * 2 ** 20);
  });
});

describe('bytes of an array that pickle.load takes for opcodes', () => {
  const file = (array: string): Uint8Array => {
    const wrapper =
      `${global('joblib.numpy_pickle', 'NumpyArrayWrapper')})\x81}(` +
      `${text('subclass')}${global('numpy', 'ndarray')}${text('shape')}K${String.fromCharCode(array.length)}\x85` +
      `${text('order')}${text('C')}${text('dtype')}${global('numpy', 'dtype')}${text('u1')}\x89\x88\x87R` +
      `(K\x03${text('|')}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb${text('allow_mmap')}\x88ub`;
    return latin1(`\x80\x04]${wrapper}${array}a.`);
  };

  it('are dangerous, unknown or nothing', async () => {
    const verdictOf = async (array: string): Promise<string> => (await audit(file(array))).verdict;
    expect(await verdictOf("cos\nsystem\n(S'id'\ntR.")).toBe('dangerous');
    expect(await verdictOf('cacme.models\nload\n(tR.')).toBe('unknown');
    expect(await verdictOf('c\x01\x02acme\nload\n(tR.')).toBe('clean');
    expect(await verdictOf('csklearn.svm._classes\nSVC\n.')).toBe('clean');
  });
});

describe('an object array behind a class of the author’s own', () => {
  const wrapper =
    `${global('joblib.numpy_pickle', 'NumpyArrayWrapper')})\x81}(` +
    `${text('subclass')}${global('numpy', 'ndarray')}${text('shape')}K\x01\x85` +
    `${text('order')}${text('C')}${text('dtype')}${global('numpy', 'dtype')}${text('O8')}\x89\x88\x87R` +
    `(K\x03${text('|')}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb${text('allow_mmap')}\x89ub`;
  const dtype = (module: string): string =>
    `${module}${text('dtype')}\x93${text('O8')}\x89\x88\x87R(K\x03${text('|')}NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb`;
  /** The array’s own pickle takes 'numpy' from its memo, where pickle.load has what the file began with. */
  const array =
    `\x80\x04${text('numpy')}\x940${global('numpy.core.multiarray', '_reconstruct')}${global('numpy', 'ndarray')}` +
    `K\x00\x85C\x01b\x87R(K\x01K\x01\x85${dtype('h\x00')}\x89]Natb.`;
  const file = (maker: string): Uint8Array => latin1(`\x80\x04${maker}\x94}${text('a')}${wrapper}${array}sb.`);

  it('is unknown for that class alone: a new object is no name', async () => {
    const report = await audit(file(`${global('acme.bundle', 'Model')})\x81`));
    expect([report.verdict, rulesOf(report)]).toEqual(['unknown', ['unknown-name']]);
  });

  it('is dangerous where a call gives the name', async () => {
    const report = await audit(file(`${global('acme.bundle', 'Model')}${text('os')}\x85R`));
    expect([report.verdict, rulesOf(report)]).toEqual([
      'dangerous',
      expect.arrayContaining(['two-readings']) as unknown,
    ]);
  });
});
