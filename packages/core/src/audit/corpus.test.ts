import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { audit } from './index.js';

interface Sample {
  readonly name: string;
  readonly suffix: string;
  /** The public advisory, or the scanner in whose tests the trick is. */
  readonly from: string;
  /** What Python was about to do when it was stopped (an audit event), if it was. */
  readonly did: string | null;
  readonly content?: string;
  readonly deflated?: string;
}

const samples = JSON.parse(
  readFileSync(new URL('../../../../fixtures/audit/corpus.json', import.meta.url), 'utf8'),
) as Sample[];

function bytesOf({ content, deflated }: Sample): Uint8Array {
  const bytes = Buffer.from(content ?? deflated ?? '', 'base64');
  return new Uint8Array(deflated === undefined ? bytes : inflateSync(bytes));
}

describe('every trick of the public advisories', () => {
  it.each(samples.map((sample) => [sample.name, sample] as const))('%s: kept out', async (name, sample) => {
    const { verdict, reason } = await audit(bytesOf(sample), { name: `${name}${sample.suffix}` });
    expect(['dangerous', 'incomplete'], reason).toContain(verdict);
    // What Python was about to do is named, not only refused.
    if (sample.did !== null) expect(verdict, reason).toBe('dangerous');
  });

  it('was tried on Python where Python loads it', () => {
    expect(samples.length).toBeGreaterThan(300);
    expect(samples.filter(({ did }) => did !== null).length).toBeGreaterThan(150);
  });
});
