import { describe, expect, it } from 'vitest';
import { disassembleSync, type DisassembleOptions } from './disassemble.js';
import { formatEntry } from './listing.js';
import { readCases } from '../../test/support/pickle-cases.js';

/** pickletools makes something of these arguments, which no unpickler does. */
const strange = new Set(['STRING one quote', 'PUT negative', 'INT octal']);
const listed = readCases().filter((c) => c.dis !== undefined && !strange.has(c.name));

function lines(bytes: Uint8Array, options?: DisassembleOptions): string[] {
  return [...disassembleSync(bytes, options)].map((entry) => formatEntry(entry, { full: true, annotate: false }));
}

describe('disassemble against pickletools.dis', () => {
  it.each(listed.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const expected = c.dis === '' ? [] : c.dis!.replace(/ +no MARK exists on stack$/, '').split('\n');
    const actual = lines(c.bytes);
    // pickletools stops at its first complaint; the listing goes on as far as it can.
    if (c.disWhole !== true) actual.length = expected.length;
    expect(actual).toEqual(expected);
  });
});
