import Ajv from 'ajv';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scratch, brine } from './support.js';

const scratch = new Scratch();
const EVIL = "cos\nsystem\n(S'id'\ntR.";
const OWN = '\x80\x02cacme.models\nChurn\n)\x81.';
const DAMAGED = '\x80\x02cacme.models\nChurn\n)\x81';

beforeAll(() => {
  mkdirSync(scratch.at('models'));
  scratch.bytes('models/evil.pkl', EVIL);
  scratch.bytes('models/own & "odd".pkl', OWN);
  scratch.bytes('models/damaged.pkl', DAMAGED);
  scratch.bytes('models/clean.pkl', '\x80\x02]K\x01a.');
  scratch.bytes('models/README.txt', 'These are the models of the team.\n');
});
afterAll(() => {
  scratch.remove();
});

interface Sarif {
  readonly runs: {
    readonly tool: { readonly driver: { readonly rules: { readonly id: string }[] } };
    readonly results: {
      readonly ruleId: string;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
      readonly suppressions?: unknown[];
    }[];
  }[];
}

/** The OASIS schema, as the package that checks such files carries it. */
function schema(): object {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  return JSON.parse(readFileSync(path, 'utf8')) as object;
}

describe('SARIF', () => {
  const ajv = new Ajv({ schemaId: 'auto', unknownFormats: 'ignore' });
  ajv.addMetaSchema(createRequire(import.meta.url)('ajv/lib/refs/json-schema-draft-04.json') as object);
  const check = ajv.compile(schema());

  it('is valid by the schema', async () => {
    const { out, code } = await brine(['scan', scratch.at('models'), '--format', 'sarif']);
    expect(code).toBe(1);
    const sarif: unknown = JSON.parse(out);
    expect([check(sarif), check.errors]).toEqual([true, null]);
    const [{ results, tool }] = (sarif as Sarif).runs;
    expect(results.map(({ ruleId, level }) => [ruleId, level]).sort()).toEqual([
      ['dangerous-call', 'error'],
      ['unknown-name', 'warning'],
      ['unknown-name', 'warning'],
      ['unreadable', 'warning'],
    ]);
    expect(tool.driver.rules.map((rule) => rule.id)).toEqual(['dangerous-call', 'unknown-name', 'unreadable']);
    const evil = results.find(({ ruleId }) => ruleId === 'dangerous-call');
    expect(evil?.message.text).toContain("os.system('id')");
    expect(results.map((result) => result.locations[0].physicalLocation.artifactLocation.uri).join()).toContain(
      'own%20%26%20%22odd%22.pkl',
    );
  });

  it('is valid where nothing was found, too', async () => {
    const { out } = await brine(['scan', scratch.at('models/clean.pkl'), '--format', 'sarif']);
    expect(check(JSON.parse(out))).toBe(true);
  });

  it('would be refused by the schema if it were wrong', () => {
    expect(check({ version: '2.1.0', runs: [{ results: [] }] })).toBe(false);
  });
});

it('JUnit has a case for each file', async () => {
  const { out } = await brine(['scan', scratch.at('models'), '--format', 'junit']);
  expect(out).toContain('tests="5" failures="2" errors="1" skipped="1"');
  expect(out).toContain('own &amp; &quot;odd&quot;.pkl');
  expect(out).toContain("&gt;&gt;&gt; os.system('id')");
  expect([...out.matchAll(/<testcase /g)]).toHaveLength(5);
});

it('--output writes a file, whole, and nothing to standard output', async () => {
  const { out, code } = await brine([
    'scan',
    scratch.at('models'),
    '--format',
    'json',
    '-o',
    scratch.at('report.json'),
  ]);
  expect([out, code]).toEqual(['', 1]);
  expect(JSON.parse(readFileSync(scratch.at('report.json'), 'utf8'))).toMatchObject({ verdict: 'dangerous' });
  const missing = await brine(['scan', scratch.at('models'), '-o', scratch.at('none/report.txt')]);
  expect(missing.code).toBe(4);
});

describe('a policy', () => {
  const policy = (content: unknown): string => scratch.write('policy.json', JSON.stringify(content));
  const own = (): string => scratch.at('models/own & "odd".pkl');

  it('vouches for names of its own, exactly or by a package', async () => {
    for (const name of ['acme.models.Churn', 'acme.models.*', 'acme.*'])
      expect((await brine(['scan', own(), '--policy', policy({ names: { vouch: [name] } })])).code).toBe(0);
    for (const name of ['acme.models.churn', 'acm.*', 'acme.model.*'])
      expect((await brine(['scan', own(), '--policy', policy({ names: { vouch: [name] } })])).code).toBe(3);
  });

  it('never vouches for what is dangerous', async () => {
    const file = policy({ names: { vouch: ['os.system', 'os.*'] } });
    expect((await brine(['scan', scratch.at('models/evil.pkl'), '--policy', file])).code).toBe(1);
    scratch.bytes('through.pkl', '\x80\x04\x8c\x0bacme.models\x8c\x09os.system\x93\x8c\x02id\x85R.');
    const wide = policy({ names: { vouch: ['acme.*'] } });
    expect((await brine(['scan', scratch.at('through.pkl'), '--policy', wide])).code).toBe(1);
  });

  it('forbids names, formats and rules', async () => {
    for (const content of [
      { names: { forbid: ['acme.*'] } },
      { formats: { forbid: ['pickle'] } },
      { rules: { forbid: ['unknown-name'] } },
    ])
      expect((await brine(['scan', own(), '--policy', policy(content)])).code).toBe(1);
    expect((await brine(['scan', own(), '--policy', policy({ rules: { accept: ['unknown-name'] } })])).code).toBe(0);
  });

  it('changes limits', async () => {
    scratch.write('list.pkl', Buffer.from(`\x80\x02]${'K\x01a'.repeat(100)}.`, 'latin1'));
    expect((await brine(['scan', scratch.at('list.pkl')])).code).toBe(0);
    const { code, out } = await brine([
      'scan',
      scratch.at('list.pkl'),
      '--policy',
      policy({ limits: { opcodes: 50 } }),
    ]);
    expect(code).toBe(2);
    expect(out).toContain('limit-reached');
  });

  it('that makes no sense is refused, and nothing is scanned', async () => {
    for (const [content, word] of [
      [{ name: {} }, 'names'],
      [{ names: { vouch: ['*'] } }, '*'],
      [{ names: { vouch: ['acme.mod*'] } }, '*'],
      [{ names: { vouch: ['acme'] } }, 'acme'],
      [{ names: { vouch: 'acme.X' } }, 'no list'],
      [{ formats: { forbid: ['pikle'] } }, 'pikle'],
      [{ rules: { accept: ['dangerous-call'] } }, 'dangerous'],
      [{ limits: { depth: -1 } }, 'positive'],
      [[], 'no object'],
    ] as const) {
      const { code, err } = await brine(['scan', own(), '--policy', policy(content)]);
      expect(code).toBe(4);
      expect(err).toContain(word);
    }
    writeFileSync(scratch.at('policy.json'), '{');
    expect((await brine(['scan', own(), '--policy', scratch.at('policy.json')])).code).toBe(4);
    expect((await brine(['scan', own(), '--policy', scratch.at('none.json')])).code).toBe(4);
  });
});

describe('a baseline', () => {
  it('accepts what was there, as long as the file stays the same', async () => {
    const baseline = scratch.at('baseline.json');
    const first = await brine(['scan', scratch.at('models'), '--write-baseline', baseline]);
    expect(first.code).toBe(1);
    const again = await brine(['scan', scratch.at('models'), '--baseline', baseline]);
    expect(again.code).toBe(0);
    expect(again.out).toContain('accepted by the baseline');
    const sarif = await brine(['scan', scratch.at('models'), '--baseline', baseline, '--format', 'sarif']);
    const { results } = (JSON.parse(sarif.out) as Sarif).runs[0];
    expect(results.every((result) => result.suppressions?.length === 1)).toBe(true);
    // The same finding in a file that changed is not accepted.
    scratch.bytes('models/evil.pkl', `${EVIL}N.`);
    expect((await brine(['scan', scratch.at('models'), '--baseline', baseline])).code).toBe(1);
  });

  it('that is none is refused', async () => {
    for (const content of ['{}', '[]', '{"version": 2, "accepted": []}', '{"version": 1, "accepted": [{}]}']) {
      const file = scratch.write('bad.json', content);
      expect((await brine(['scan', scratch.at('models'), '--baseline', file])).code).toBe(4);
    }
  });
});

it('--fail-on ends with 0 below a verdict', async () => {
  const own = scratch.at('models/own & "odd".pkl');
  expect((await brine(['scan', own, '--fail-on', 'dangerous'])).code).toBe(0);
  expect((await brine(['scan', own, '--fail-on', 'unknown'])).code).toBe(3);
  expect((await brine(['scan', scratch.at('models'), '--fail-on', 'dangerous'])).code).toBe(1);
});

it('--rules lists the rules, --explain says more about one', async () => {
  const { out, code } = await brine(['scan', '--rules']);
  expect(code).toBe(0);
  for (const id of ['dangerous-call', 'limit-reached', 'unknown-name']) expect(out).toContain(id);
  const one = await brine(['scan', '--explain', 'attribute-chain']);
  expect(one.out).toContain('__globals__');
  expect(one.out).toContain('CWE-470');
  const { code: wrong, err } = await brine(['scan', '--explain', 'attribute-chian']);
  expect(wrong).toBe(4);
  expect(err).toContain('attribute-chain');
});

it('a thousand files end in one screen', async () => {
  mkdirSync(scratch.at('many'));
  for (let i = 0; i < 1000; i++)
    scratch.bytes(`many/${i}.pkl`, i === 500 ? EVIL : i % 10 === 0 ? OWN : '\x80\x02]K\x01a.');
  const { out, code } = await brine(['scan', scratch.at('many')]);
  expect(code).toBe(1);
  expect(out.split('\n').length).toBeLessThan(24);
  expect(out).toContain("os.system('id')");
  expect(out).toContain('acme.models.Churn');
  expect(out).toContain('1,000 files: 1 dangerous, 99 unknown, 900 clean');
  expect(readdirSync(scratch.at('many'))).toHaveLength(1000);
});
