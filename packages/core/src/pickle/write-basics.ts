/** What Python's own pickler says where a protocol lacks the opcode. These names are part of the protocol. */
import { BrineError } from '../errors.js';
import { Latin1Text, type Reduction } from './reduction.js';
import { PyByteArray, PyGlobal, PyInstance, PySet, PyTuple, type PyObject, type PyValue } from './values.js';

const builtin = (name: string): PyGlobal => new PyGlobal('builtins', name);
const call = (callable: PyValue, ...args: PyValue[]): Reduction => ({
  made: 'call',
  callable,
  args: new PyTuple(args),
});

const encode = new PyGlobal('_codecs', 'encode');

/** Bytes in protocol 2: the text that latin-1 makes of them, encoded again. */
export function bytesReduction(bytes: Uint8Array): Reduction {
  return bytes.length === 0 ? call(builtin('bytes')) : call(encode, new Latin1Text(bytes), 'latin1');
}

/** Types that no module has under their own name. */
const unnamed = new Map<string, PyValue>([
  ['builtins.NoneType', null],
  ['builtins.ellipsis', builtin('Ellipsis')],
  ['builtins.NotImplementedType', builtin('NotImplemented')],
]);

/** How a value is made that `protocol` has no opcode for; undefined where it has, or where it never had. */
export function basicReduction(value: PyObject, protocol: number): Reduction | undefined {
  if (value instanceof PySet && protocol < 4) return call(builtin(value.kind), value.items);
  if (value instanceof PyByteArray && protocol < 5) {
    return value.bytes.length === 0 ? call(builtin('bytearray')) : call(builtin('bytearray'), value.bytes);
  }
  if (value instanceof PyGlobal) {
    const of = unnamed.get(value.fullName);
    if (of !== undefined) return call(builtin('type'), of);
    // A class within a class: only protocol 4 has names with dots.
    const dot = value.name.lastIndexOf('.');
    if (dot > 0 && protocol < 4) {
      return call(builtin('getattr'), new PyGlobal(value.module, value.name.slice(0, dot)), value.name.slice(dot + 1));
    }
    return undefined;
  }
  return value instanceof PyInstance ? settled(value, protocol) : undefined;
}

/** Keyword arguments: an opcode of protocol 4, a call before. */
export function settled(reduction: Reduction, protocol: number): Reduction {
  const { made, callable, args, kwargs } = reduction;
  if (!kwargs || (kwargs.size === 0 && made === 'call')) return reduction;
  if (made === 'call') {
    throw new BrineError('UNSUPPORTED', 'a pickle has no way to call a function with keyword arguments');
  }
  if (protocol >= 4) return reduction;
  return {
    ...partsAfter(reduction),
    made: 'call',
    callable: new PyGlobal('copyreg', '__newobj_ex__'),
    args: new PyTuple([callable, args, kwargs]),
  };
}

function partsAfter({ appended, entries, state }: Reduction): Pick<Reduction, 'appended' | 'entries' | 'state'> {
  return { appended, entries, state };
}
