import { PyGlobal, type PyValue } from '../pickle/values.js';

const MODULE = /^dill(\._dill|\.dill)?$/;

/** What dill writes of values without a name: `_eval_repr('range(0, 3)')`. Anything else is evaluated. */
const REPR = /^(Ellipsis|NotImplemented|range\(-?\d+, -?\d+(, -?\d+)?\))$/;

/** `<method 'upper' of 'str' objects>`: it evaluates `str.__dict__["upper"]`. */
const DESCRIPTOR = /^<(?:method|slot wrapper|attribute|member) '(\w+)' of '(\w+)' objects>$/;

const builtinTypes = new Set(
  'str bytes bytearray int float complex bool list tuple dict set frozenset range slice object'.split(' '),
);

/** Is it dill's way to write a range, `...` or NotImplemented? Source: dill/_dill.py, `_eval_repr`. */
export function isDillRepr(module: string, name: string, args: readonly PyValue[]): boolean {
  const [text] = args;
  return (
    name === '_eval_repr' && MODULE.test(module) && args.length === 1 && typeof text === 'string' && REPR.test(text)
  );
}

/** The type and the name of its method, where it is dill's way to write `str.upper`. Source: dill/_dill.py, `_getattr`. */
export function dillAttribute(
  module: string,
  name: string,
  args: readonly PyValue[],
): readonly [PyGlobal, string] | undefined {
  if (name !== '_getattr' || !MODULE.test(module) || args.length !== 3) return undefined;
  const [, attribute, text] = args;
  const [, method, owner] = (typeof text === 'string' ? DESCRIPTOR.exec(text) : null) ?? [];
  if (method === undefined || method !== attribute || !builtinTypes.has(owner)) return undefined;
  return [new PyGlobal('builtins', owner), method];
}
