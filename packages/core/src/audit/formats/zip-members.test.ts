import { describe, expect, it } from 'vitest';
import { audit } from '../index.js';
import { latin1, zip } from '../rules/sample.js';

const nothing = new Uint8Array(0);

describe('members of a zip archive', () => {
  it('that are empty are nothing to examine', async () => {
    const report = await audit(zip({ 'models/__init__.py': nothing, 'numbers.csv': latin1('1,2\n') }));
    expect(report.findings.filter(({ verdict }) => verdict !== 'information')).toEqual([]);
  });

  it('that are empty by one header only are looked at', async () => {
    const file = zip({ 'a.pkl': latin1("cos\nsystem\n(S'id'\ntR.") });
    // The directory says: stored, no bytes.
    const view = new DataView(file.buffer);
    const directory = view.getUint32(file.length - 6, true);
    view.setUint32(directory + 20, 0, true);
    view.setUint32(directory + 24, 0, true);
    expect((await audit(file)).verdict).toBe('dangerous');
  });
});
