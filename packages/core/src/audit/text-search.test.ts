import { describe, expect, it } from 'vitest';
import { audit } from './index.js';
import { concat, latin1, pickle, text } from './rules/sample.js';

/** A pickle of plain data of more than 256 KiB, which the machine does not read. */
const large = (inside: string, filler = `K\x01`.repeat(400_000)): Uint8Array =>
  pickle(`](${filler}${inside}${filler}e`);
const key = `AKIA${'ABCD2345'.repeat(2)}`;

describe('large pickles of plain data', () => {
  it.each([
    ['a key', text(key), 'secret'],
    ['a home', text('/home/jane/projects/churn/model.pkl'), 'author-path'],
    [
      'a long text',
      `X\x00\x00\x02\x00${`${'a '.repeat(60_000)}/Users/jane/churn/model.pkl `.padEnd(131_072, 'b ')}`,
      'author-path',
    ],
  ])('with %s in them say so, and where', async (_, inside, rule) => {
    const file = large(inside);
    const { verdict, findings } = await audit(file);
    expect(verdict).toBe('clean');
    expect(findings.map((finding) => finding.rule)).toEqual([rule]);
    expect(findings[0].where.offset).toBe(800_000 + 4 + (inside.startsWith('X') ? 5 : 2));
  });

  it('of texts are searched to their end', async () => {
    const { findings } = await audit(large(text(`key ${key}`), text('a column of a table').repeat(20_000)));
    expect(findings.map(({ rule }) => rule)).toEqual(['secret']);
  });

  it('with many of them name some', async () => {
    const { verdict, findings } = await audit(large(text('/home/jane/projects/model.pkl').repeat(5000)));
    expect(verdict).toBe('clean');
    expect(findings.length).toBeGreaterThan(0);
  });

  it('without any have nothing to say', async () => {
    const { findings } = await audit(concat(large(text('nothing to be told')), latin1('')));
    expect(findings).toEqual([]);
  });
});
