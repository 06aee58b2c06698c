import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../bytes/source.js';
import { taggedText, toTagged } from '../../python/json.js';
import { readPickleFile } from './read.js';

/**
 * What numpy 1.14 to 2.4, scipy 1.1 to 1.17, pandas 0.22 to 3.1 and the standard libraries of Python 2.7 to
 * 3.13 pickled, against the tagged JSON that Python itself made of the same objects (oracle/python).
 */
const folder = fileURLToPath(new URL('../../../../../fixtures/python/', import.meta.url));
const pickles = readdirSync(folder).filter((name) => name.endsWith('.pkl'));

describe('pickled objects of every generation', () => {
  it('are there', () => {
    expect(pickles.length).toBeGreaterThan(40);
  });

  it.each(pickles)('%s', async (name) => {
    const expected = JSON.parse(readFileSync(folder + name.replace(/-p\d\.pkl$/, '.json'), 'latin1')) as Tagged;
    const { value, notes } = await readPickleFile(new BufferSource(new Uint8Array(readFileSync(folder + name)), name));
    expect(notes).toEqual([]);
    const tagged = toTagged(value) as Tagged;
    // One entry at a time, so that a difference says where it is.
    const got = new Map(tagged.items);
    for (const [key, item] of expected.items) expect([key, got.get(key)]).toEqual([key, item]);
    expect(got.size).toBe(expected.items.length);
    expect(JSON.parse([...taggedText(value)].join(''))).toEqual(tagged);
  });
});

interface Tagged {
  items: [string, unknown][];
}
