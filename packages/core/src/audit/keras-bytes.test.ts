import { describe, expect, it } from 'vitest';
import { audit } from './index.js';
import kerasLambda from './rules/keras-lambda.js';
import { global, pickle, text } from './rules/sample.js';

const sequential = global('keras.src.models.sequential', 'Sequential');
/** How Keras 3 pickles a model: `getattr(Sequential, '_unpickle_model')(BytesIO(…))`. */
const method = `${global('builtins', 'getattr')}${sequential}${text('_unpickle_model')}\x86R`;

/** A `BytesIO` as pickle writes it: made empty, then given its state. */
function buffer(bytes: Uint8Array | string): string {
  const content = typeof bytes === 'string' ? bytes : Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const size = String.fromCharCode(content.length & 255, content.length >> 8, 0, 0);
  return `${global('_io', 'BytesIO')})\x81B${size}${content}K\x00N\x87b`;
}

const dense = kerasLambda.good['a dense layer']();
const lambda = kerasLambda.bad['a lambda']();
const rulesOf = async (opcodes: string): Promise<unknown[]> => {
  const { verdict, findings } = await audit(pickle(opcodes));
  return [verdict, [...new Set(findings.map(({ rule }) => rule))]];
};

describe('Keras 3 models in pickles', () => {
  it('are as harmless as the archive in them', async () => {
    expect((await rulesOf(`${method}${buffer(dense)}\x85R`))[0]).toBe('clean');
    expect(await rulesOf(`${method}${buffer(lambda)}\x85R`)).toEqual([
      'dangerous',
      expect.arrayContaining(['keras-lambda']) as unknown,
    ]);
  });

  it('are incomplete where the archive is broken off', async () => {
    const [verdict, rules] = await rulesOf(`${method}${buffer(dense.subarray(0, 60))}\x85R`);
    expect(['incomplete', 'dangerous']).toContain(verdict);
    expect(rules).not.toContain('dangerous-call');
  });

  it.each([
    ['of no archive', `${method}${buffer('abcd')}\x85R`],
    ['of a path', `${method}${text('model.keras')}\x85R`],
    ['with more than the bytes', `${method}${buffer(dense)}N\x86R`],
    ['that another call makes', `${global('builtins', 'map')}${method}]${buffer(dense)}a\x86R`],
    ['whose method is kept', method],
    ['whose class is kept', sequential],
    ['whose class is called', `${sequential})R`],
    ['of another method', `${global('builtins', 'getattr')}${sequential}${text('load')}\x86R${buffer(dense)}\x85R`],
  ])('%s are dangerous', async (_, opcodes) => {
    expect((await rulesOf(opcodes))[0]).toBe('dangerous');
  });
});
