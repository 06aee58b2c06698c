import { describe, expect, it } from 'vitest';
import { audit } from './index.js';
import { global, pickle, text } from './rules/sample.js';

const SERIALIZE = 'numba.core.serialize';
const dispatcher = global('numba.core.registry', 'CPUDispatcher');

/** A pickle of what numba saves: (class, states) in bytes, which `custom_rebuild` makes a function of. */
function compiled(made: string, states: Readonly<Record<string, string>>, after = ''): Uint8Array {
  const items = Object.entries(states).map(([name, value]) => `${text(name)}${value}`);
  const inner = Array.from(pickle(`${made}}(${items.join('')}u\x86`), (byte) => String.fromCharCode(byte)).join('');
  const bytes = `B${String.fromCharCode(inner.length & 255, inner.length >> 8, 0, 0)}${inner}`;
  return pickle(
    `${global(SERIALIZE, 'custom_rebuild')}${global(SERIALIZE, '_unpickle__CustomPickled')}${bytes}\x85R\x85R${after}`,
  );
}

const plain = {
  uuid: text('0123'),
  py_func: global('numpy', 'sin'),
  locals: '}',
  targetoptions: `}${text('nopython')}\x88s`,
  can_compile: '\x88',
  sigs: ']',
};

const rulesOf = async (file: Uint8Array): Promise<[string, string[]]> => {
  const { verdict, findings } = await audit(file);
  return [verdict, [...new Set(findings.filter((each) => each.verdict !== 'information').map(({ rule }) => rule))]];
};

describe('functions that numba compiled', () => {
  it('are held, not run', async () => {
    expect(await rulesOf(compiled(dispatcher, plain))).toEqual(['clean', []]);
  });

  it('are compiled meanwhile where signatures say so', async () => {
    const signed = { ...plain, sigs: `]${text('f8(f8)')}a` };
    expect(await rulesOf(compiled(dispatcher, signed))).toEqual(['unknown', ['unknown-call']]);
  });

  it('are code of the file when they are called', async () => {
    expect(await rulesOf(compiled(dispatcher, plain, ')R'))).toEqual(['dangerous', ['runs-carried-code']]);
  });

  it.each([
    ['another class', global('acme', 'Anything'), plain],
    [
      'an option that is no plain value',
      dispatcher,
      { ...plain, targetoptions: `}${text('pipeline_class')}${global('acme', 'Pipeline')}s` },
    ],
    ['a state that no dispatcher has', dispatcher, { ...plain, more: 'N' }],
    ['no signatures', dispatcher, { ...plain, sigs: 'N' }],
  ])('are dangerous with %s', async (_, made, states) => {
    const [verdict, rules] = await rulesOf(compiled(made, states));
    expect(verdict).toBe('dangerous');
    expect(rules).toContain('runs-carried-code');
  });

  it('are dangerous where nothing is in the bytes', async () => {
    const broken = pickle(
      `${global(SERIALIZE, 'custom_rebuild')}${global(SERIALIZE, '_unpickle__CustomPickled')}C\x02N.\x85R\x85R`,
    );
    expect((await rulesOf(broken))[0]).toBe('dangerous');
  });
});
