import { describe, expect, it } from 'vitest';
import { readPickleSync } from '../pickle/read.js';
import { PyGlobal, PyInstance, type PyValue } from '../pickle/values.js';
import { BrineError } from '../errors.js';
import { elements, scalarValue, toFloat64, toStrings } from './elements.js';
import { Dtype, NdArray, NumpyScalar } from './ndarray.js';
import { toTagged } from './json.js';
import { PyBoundMethod, PyDictInstance } from './values.js';
import { pythonWorld } from './world.js';

/** Reads a pickle given as text, one byte per character. */
function read(text: string): PyValue {
  const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
  return readPickleSync(bytes, { world: pythonWorld() }).value;
}

function code(text: string): string {
  try {
    read(text);
    return 'read';
  } catch (error) {
    if (error instanceof BrineError) return error.code;
    throw error;
  }
}

const F8 = "cnumpy\ndtype\n(S'f8'\nI00\nI01\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntb";
const array = (dims: string, dtype: string, data: string): string =>
  `cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(${dims}t${dtype}I00\n${data}tb.`;

describe('names', () => {
  it('reads Python 2 buffers in escaped lines, sizes checked', () => {
    const value = read(array('I1\n', F8, "S'\\x00\\x00\\x00\\x00\\x00\\x00\\xf8?'\n"));
    expect(toFloat64(value as NdArray)).toEqual(Float64Array.of(1.5));
    expect(code(array('I2\n', F8, "S'\\x00\\x00\\x00\\x00\\x00\\x00\\xf8?'\n"))).toBe('CORRUPT');
    expect(code(array('I-1\n', F8, "S''\n"))).toBe('CORRUPT');
    expect(code(array('I4503599627370496\nI4503599627370496\n', F8, "S''\n"))).toBe('CORRUPT');
    expect(code(array('I1\n'.repeat(65), F8, "S'\\x00\\x00\\x00\\x00\\x00\\x00\\xf8?'\n"))).toBe('LIMIT');
  });

  it('says where an array is wrong', () => {
    expect(() => read(array('I2\n', F8, "S'abc'\n"))).toThrow(
      expect.objectContaining({ place: { offset: expect.any(Number) as number } }),
    );
  });

  it('resolves what dill asks for through two calls, and nothing more', () => {
    const attribute = (module: string, name: string): string =>
      `cdill._dill\n_get_attr\n(cdill._dill\n_import_module\n(V${module}\ntRV${name}\ntR`;
    expect(read(`${attribute('os', 'system')}.`)).toEqual(new PyGlobal('os', 'system'));
    const made = read(
      `${attribute('numpy.core.multiarray', 'scalar')}(${F8}S'\\x00\\x00\\x00\\x00\\x00\\x00\\xf8?'\ntR.`,
    );
    expect(scalarValue(made as NumpyScalar)).toBe(1.5);
  });

  it('keeps ufuncs, methods and unknown classes as names', () => {
    expect(read("cnumpy.core\n_ufunc_reconstruct\n(S'numpy'\nS'log1p'\ntR.")).toEqual(new PyGlobal('numpy', 'log1p'));
    expect(read("c__builtin__\ngetattr\n(cnumpy\nndarray\nS'sum'\ntR.")).toEqual(
      new PyBoundMethod(new PyGlobal('numpy', 'ndarray'), 'sum'),
    );
    const made = read(
      'ccopy_reg\n_reconstructor\n(cproject\nModel\nc__builtin__\nobject\nNtR(dVa\nI1\nsb.',
    ) as PyInstance;
    expect([made.made, made.module, made.name, made.attribute('a')]).toEqual(['new', 'project', 'Model', 1]);
    expect(read('ccollections\nOrderedDict\n((lp0\n(lp1\nVk\naI1\naatR.')).toBeInstanceOf(PyDictInstance);
  });
});

describe('bombs', () => {
  it('of elements without bytes', () => {
    const empty = "cnumpy\ndtype\n(S'S0'\nI00\nI01\ntR(I3\nS'|'\nNNNI0\nI1\nI0\ntb";
    expect(code(array('I1000000000\n', empty, "S''\n"))).toBe('LIMIT');
    expect(code(array('I10\n', empty, "S''\n"))).toBe('read');
  });

  it('of records within records', () => {
    const outer = (inner: string): string =>
      `cnumpy\ndtype\n(S'V8'\nI00\nI01\ntR(I3\nS'|'\nN(S'x'\nt(dS'x'\n(${inner}I0\ntsI8\nI1\nI16\ntb`;
    let dtype = F8;
    for (let i = 0; i < 31; i++) dtype = outer(dtype);
    expect(code(`${dtype}.`)).toBe('read');
    expect((read(`${dtype}.`) as Dtype).depth).toBe(31);
    expect(code(`${outer(outer(dtype))}.`)).toBe('LIMIT');
  });

  it('of calls that pass calls on', () => {
    const links = 'ccopyreg\n__newobj__\n'.repeat(20_000);
    expect(code(`(${links}l0ccopyreg\n__newobj__\n(${links}tR.`)).toBe('read');
    const nested = `${'cdill._dill\n_create_array\n('.repeat(5000)}N${'NtR'.repeat(5000)}.`;
    expect(code(nested)).toBe('read');
  });

  it('of nesting, in tagged JSON', () => {
    const deep = read(`${'('.repeat(200_000)}${'t'.repeat(200_000)}.`);
    expect(toTagged(deep)).toBeTypeOf('object');
    expect(() =>
      toTagged(
        Array.from({ length: 1000 }, () => 1),
        { maxNodes: 100 },
      ),
    ).toThrow(/maxNodes/);
  });

  it('of repeated bytes, in tagged JSON', () => {
    const bytes = new Uint8Array(1 << 20);
    const tagged = toTagged(new Array<PyValue>(10_000).fill(bytes)) as { hex: string }[];
    expect(tagged.at(-1)!.hex.length).toBe(2 << 20);
  });
});

describe('arrays of every kind', () => {
  it('keep longdouble as bytes', () => {
    const longdouble = new NdArray(new Dtype('f', 16, '<'), [1], false, new Uint8Array(16));
    expect(elements(longdouble)).toEqual([new Uint8Array(16)]);
    expect(() => toStrings(longdouble)).toThrow(/text is needed/);
  });
});
