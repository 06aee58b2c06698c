import { describe, expect, it } from 'vitest';
import { audit } from './audit.js';

/** Half a megabyte of small dicts, and what is put behind them: long enough for a look before it is read. */
function long(...behind: string[]): Uint8Array {
  const row = '}\x94(\x8c\x01aK\x01\x8c\x01bNu';
  return Uint8Array.from(`\x80\x04](${row.repeat(40_000)}${behind.join('')}`, (c) => c.charCodeAt(0));
}

describe('the audit of a long pickle', () => {
  it('finds plain data clean', async () => {
    const report = await audit(long('e.'));
    expect(report).toMatchObject({ verdict: 'clean', names: 0, format: 'pickle', findings: [] });
  });

  it('finds a call behind plain data', async () => {
    const { verdict, findings } = await audit(long('e0cos\nsystem\n\x8c\x02id\x85R.'));
    expect(verdict).toBe('dangerous');
    expect(findings.map(({ rule }) => rule)).toContain('dangerous-call');
  });

  it('finds a call in the pickle behind the first', async () => {
    expect(await audit(long('e.cos\nsystem\n\x8c\x02id\x85R.'))).toMatchObject({ verdict: 'dangerous' });
  });

  it('says that bytes follow', async () => {
    const { findings } = await audit(long('e.what is this'));
    expect(findings.map(({ rule }) => rule)).toContain('trailing-data');
  });

  it('says where it breaks off', async () => {
    expect(await audit(long('e'))).toMatchObject({ verdict: 'incomplete' });
    expect(await audit(long('e\xff.'))).toMatchObject({ verdict: 'incomplete' });
  });

  it('finds what is shared without end', async () => {
    const { verdict, findings } = await audit(long(`eN\x85${'2\x86'.repeat(120)}.`));
    expect(verdict).toBe('incomplete');
    expect(findings.map(({ rule }) => rule)).toContain('limit-reached');
  });

  it('keeps to the limits', async () => {
    const { findings } = await audit(long('e.'), { limits: { opcodes: 100_000 } });
    expect(findings.map(({ rule }) => rule)).toEqual(['limit-reached']);
  });

  it('can be cancelled', async () => {
    await expect(audit(long('e.'), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
