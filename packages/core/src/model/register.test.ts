import { describe, expect, it } from 'vitest';
import { open } from './open.js';
import { register } from './register.js';

/** A protocol-2 pickle of an instance with one float attribute, as Python writes it. */
function pickled(module: string, name: string): Uint8Array {
  const text = (s: string): number[] => Array.from(new TextEncoder().encode(s));
  const word = (s: string): number[] => [0x58, s.length, 0, 0, 0, ...text(s)];
  const float = new Uint8Array(new DataView(new ArrayBuffer(8)).buffer);
  new DataView(float.buffer).setFloat64(0, 2.5);
  return Uint8Array.from([
    ...[0x80, 2],
    ...text(`c${module}\n${name}\n`),
    ...[0x29, 0x81, 0x7d],
    ...[...word('factor'), 0x47, ...float, 0x73],
    ...[0x62, 0x2e],
  ]);
}

describe('register', () => {
  it('refuses a class that nobody taught, and says what to do', async () => {
    const model = await open(pickled('shop.features', 'Scaler'));
    expect(model.methods).toEqual([]);
    await expect(model.run('transform', [[1]])).rejects.toMatchObject({ code: 'UNKNOWN_CLASS' });
    await expect(model.run('transform', [[1]])).rejects.toThrow(/shop\.features\.Scaler.*register/);
  });

  it('runs a class that was taught, with the attributes of the file', async () => {
    register('shop.taught', 'Scaler', {
      methods: {
        transform: (self, x) => ({
          ...x,
          data: Float64Array.from(x.data as Float64Array, (v) => v * Number(self.get('factor'))),
        }),
      },
    });
    const model = await open(pickled('shop.taught', 'Scaler'));
    expect(model.methods).toContain('transform');
    const out = await model.run('transform', [
      [1, 2],
      [3, 4],
    ]);
    expect(out).toMatchObject({ dtype: 'float64', shape: [2, 2], data: Float64Array.of(2.5, 5, 7.5, 10) });
  });

  it('is asked by exact module and name only', async () => {
    const model = await open(pickled('shop.taught.other', 'Scaler'));
    expect(model.methods).toEqual([]);
  });
});
