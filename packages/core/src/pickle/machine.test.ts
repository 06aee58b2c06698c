import { describe, expect, it } from 'vitest';
import { BrineError } from '../errors.js';
import { readPickleSync, type PickleOptions } from './read.js';
import { readCases, tag, withSortedSets, type Case } from '../../test/support/pickle-cases.js';
import { PyGlobal } from './values.js';

const cases = readCases();

function optionsOf(c: Case): PickleOptions {
  return {
    ...(c.buffers === undefined ? {} : { buffers: c.buffers.values() }),
    extension: (code) => {
      const name = c.extensions?.[code];
      return name && new PyGlobal(name[0], name[1]);
    },
  };
}

describe('readPickle against CPython', () => {
  it.each(cases.map((c) => [c.name, c] as const))('%s', (_, c) => {
    const read = (): unknown => tag(readPickleSync(c.bytes, optionsOf(c)).value);
    if (c.stricter !== undefined || (c.error !== undefined && c.more === undefined)) {
      expect(read).toThrow(BrineError);
      return;
    }
    const value = read();
    if (c.error === undefined) expect(withSortedSets(value)).toEqual(withSortedSets(c.value));
  });
});
