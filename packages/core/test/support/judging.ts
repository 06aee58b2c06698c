import { expect, it } from 'vitest';
import { audit } from '../../src/audit/index.js';
import { damaged, samplesOf } from './format-samples.js';

/** One test for each sample of a family: its verdict, and the rule that must be among the findings. */
export async function judgeSamples(family: string): Promise<void> {
  const samples = await samplesOf(family);
  it.each(samples.map((sample) => [sample.name, sample.verdict, sample] as const))(
    '%s: %s',
    async (name, _, sample) => {
      const report = await audit(sample.bytes, { name });
      const found = report.findings.map(
        ({ rule, message, where }) => `${rule} (${where.members?.join(' > ') ?? ''}): ${message}`,
      );
      expect({ verdict: report.verdict, found }).toMatchObject({ verdict: sample.verdict });
      if (sample.rule !== undefined) expect(report.findings.map(({ rule }) => rule)).toContain(sample.rule);
      if (sample.verdict !== 'clean') expect(report.reason).not.toBe('');
    },
  );
}

/** Damaged copies of a sample: the audit ends, and what is cut short is never clean. */
export async function survives(family: string, names: readonly string[], n = 150, most = 100): Promise<void> {
  const samples = new Map((await samplesOf(family)).map((sample) => [sample.name, sample.bytes]));
  it.each(names)('%s: no beginning and no damaged copy makes it throw, no beginning is clean', async (name) => {
    const whole = samples.get(name)!;
    for (const bytes of damaged(whole, n, most)) {
      const { verdict, findings } = await audit(bytes, { name });
      expect(findings.filter(({ message }) => message.includes('please report'))).toEqual([]);
      // Padding at the end may be missing.
      const isCut = bytes.length < whole.length && whole.subarray(bytes.length).some((byte) => byte !== 0);
      if (isCut) expect(verdict, `${bytes.length} of ${whole.length} bytes`).not.toBe('clean');
    }
  });
}
