import { BrineError } from '../../errors.js';
import { PyGlobal, pyFloat, type PyValue } from '../../pickle/values.js';
import { parseDtype, scalarTypes } from '../../python/dtype.js';
import { Dtype, NumpyScalar } from '../../python/ndarray.js';
import { corruptSchema } from './schema.js';

/**
 * JSON turns every key of a dict into text; `key_types` says what each one was. skops calls the type with the
 * text, which makes True of `bool("false")` and fails for None: the text tells those apart, so they come back
 * as they were saved.
 */
export function keyOf(type: PyValue, text: string): PyValue {
  if (!(type instanceof PyGlobal)) throw corruptSchema('the type of a key is no type');
  if (type.module === 'builtins') {
    const key = builtinKey(type.name, text);
    if (key !== undefined) return key;
  } else if (type.module === 'numpy') {
    const spec = scalarTypes[type.name];
    const dtype = type.name === 'str_' ? new Dtype('U', Array.from(text).length * 4, '<') : spec && parseDtype(spec);
    if (dtype) return numpyKey(dtype, text);
  }
  throw new BrineError('UNSUPPORTED', `a dict has a key of type ${type.fullName}, which is not read`);
}

function builtinKey(type: string, text: string): PyValue | undefined {
  switch (type) {
    case 'str':
      return text;
    case 'int':
      return intOf(text);
    case 'float':
      return pyFloat(floatOf(text));
    case 'bool':
      return boolOf(text);
    case 'NoneType':
      if (text === 'null') return null;
      throw corruptSchema(`${JSON.stringify(text)} is no None`);
    default:
      return undefined;
  }
}

function intOf(text: string): number | bigint {
  if (!/^-?[0-9]{1,4300}$/.test(text)) throw corruptSchema(`the key ${JSON.stringify(text.slice(0, 80))} is no int`);
  const n = Number(text);
  return Number.isSafeInteger(n) ? n + 0 : BigInt(text);
}

function floatOf(text: string): number {
  if (/^-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?$/.test(text)) return Number(text);
  if (/^-?Infinity$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (text === 'NaN') return NaN;
  throw corruptSchema(`the key ${JSON.stringify(text.slice(0, 80))} is no float`);
}

function boolOf(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw corruptSchema(`the key ${JSON.stringify(text.slice(0, 80))} is neither true nor false`);
}

/** numpy's scalars as keys: what `item()` gave, back as bytes. */
function numpyKey(dtype: Dtype, text: string): NumpyScalar {
  const data = new Uint8Array(dtype.itemsize);
  const view = new DataView(data.buffer);
  switch (dtype.type) {
    case 'U':
      Array.from(text).forEach((char, i) => {
        view.setUint32(i * 4, char.codePointAt(0)!, true);
      });
      break;
    case 'b':
      data[0] = boolOf(text) ? 1 : 0;
      break;
    case 'i':
    case 'u': {
      const n = BigInt(intOf(text));
      const bits = dtype.itemsize * 8;
      if ((dtype.type === 'i' ? BigInt.asIntN(bits, n) : BigInt.asUintN(bits, n)) !== n)
        throw corruptSchema(`the key ${text.slice(0, 80)} does not fit into ${bits} bits`);
      for (let i = 0; i < dtype.itemsize; i++) data[i] = Number((n >> BigInt(8 * i)) & 0xffn);
      break;
    }
    default:
      if (dtype.type === 'f' && dtype.itemsize === 8) view.setFloat64(0, floatOf(text), true);
      else if (dtype.type === 'f' && dtype.itemsize === 4) view.setFloat32(0, floatOf(text), true);
      else throw new BrineError('UNSUPPORTED', 'a dict has keys of a numpy type that is not read');
  }
  return new NumpyScalar(dtype, data);
}
