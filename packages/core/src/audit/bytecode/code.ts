import { PyGlobal, PyInstance, PyTuple, type PyValue } from '../../pickle/values.js';

/** Nested functions, comprehensions and classes that are looked into, and how deep (CWE-674). */
export const MAX_CODES = 1000;
export const MAX_DEPTH = 50;

/** A function's compiled body, as CodeType takes it. Nothing here is checked against the bytecode. */
export interface Code {
  /** Which interpreters take these arguments: 16 of them (3.8 to 3.10), 18 (3.11 and later), or an older form. */
  readonly layout: '3.8' | '3.11' | 'older';
  readonly name: string;
  readonly qualifiedName: string;
  readonly file: string;
  readonly line: number;
  readonly bytecode: Uint8Array;
  readonly constants: readonly CodeConstant[];
  readonly names: readonly string[];
  readonly locals: readonly string[];
  readonly free: readonly string[];
  readonly cells: readonly string[];
}

/** A constant, or the body of a function, class or comprehension inside. */
export type CodeConstant = PyValue | { readonly code: Code };

/** Where CodeType's arguments stand in each of its forms. */
interface Form {
  readonly layout: Code['layout'];
  readonly code: number;
  readonly qualified: boolean;
  readonly exceptions: boolean;
}

const forms: ReadonlyMap<number, Form> = new Map([
  [18, { layout: '3.11', code: 6, qualified: true, exceptions: true }],
  [16, { layout: '3.8', code: 6, qualified: false, exceptions: false }],
  [15, { layout: 'older', code: 5, qualified: false, exceptions: false }],
  [14, { layout: 'older', code: 4, qualified: false, exceptions: false }],
]);

/**
 * A code object from what CodeType (or dill's `_create_code`, which puts a line table in front) is called with. Undefined
 * if these are no such arguments.
 */
export function codeOf(args: readonly PyValue[], depth = 0): Code | undefined {
  const own = typeof args[0] === 'number' ? args : args.slice(1);
  const form = forms.get(own.length);
  if (form === undefined || depth > MAX_DEPTH) return undefined;
  const at = form.code;
  const bytecode = bytesOf(own[at]);
  const constants = itemsOf(own[at + 1]);
  const names = textsOf(own[at + 2]);
  const locals = textsOf(own[at + 3]);
  const [file, name] = [own[at + 4], own[at + 5]];
  const qualified = form.qualified ? own[at + 6] : name;
  const line = own[at + (form.qualified ? 7 : 6)];
  const free = textsOf(own[own.length - 2]);
  const cells = textsOf(own[own.length - 1]);
  if (!bytecode || !constants || !names || !locals || !free || !cells) return undefined;
  return {
    layout: form.layout,
    name: typeof name === 'string' ? name : '?',
    qualifiedName: typeof qualified === 'string' ? qualified : '?',
    file: typeof file === 'string' ? file : '?',
    line: typeof line === 'number' ? line : 0,
    bytecode,
    constants: constants.map((constant) => {
      const inner = codeOfValue(constant, depth + 1);
      return inner === undefined ? constant : { code: inner };
    }),
    names,
    locals,
    free,
    cells,
  };
}

/** The code object that a value is: a call of CodeType, by whichever way its name was reached. */
export function codeOfValue(value: PyValue, depth = 0): Code | undefined {
  if (!(value instanceof PyInstance) || !isCodeType(value.callable)) return undefined;
  return codeOf(value.args.items, depth);
}

/** `types.CodeType`, cloudpickle's `_builtin_type('CodeType')`, dill's `_load_type('CodeType')` and `_create_code`. */
export function isCodeType(callable: PyValue): boolean {
  if (callable instanceof PyGlobal) {
    const { module, name } = callable;
    if (name === 'CodeType') return module === 'types';
    if (name === 'code') return module === 'builtins' || module === '__builtin__' || module === 'new';
    return name === '_create_code' && /^dill(\.|$)/.test(module);
  }
  if (!(callable instanceof PyInstance) || !(callable.callable instanceof PyGlobal)) return false;
  const giver = callable.callable.name;
  return (giver === '_builtin_type' || giver === '_load_type') && callable.args.items[0] === 'CodeType';
}

/** The code itself and every one inside, outermost first; each once, so many at most. */
export function allCodes(code: Code): Code[] {
  const found = [code];
  for (let i = 0; i < found.length && found.length < MAX_CODES; i++) {
    for (const constant of found[i].constants) {
      if (isNested(constant) && found.length < MAX_CODES) found.push(constant.code);
    }
  }
  return found;
}

export function isNested(constant: CodeConstant): constant is { readonly code: Code } {
  return typeof constant === 'object' && constant !== null && 'code' in constant;
}

function bytesOf(value: PyValue | undefined): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  // Python 2's str, and dill's way to write bytes.
  return typeof value === 'string' ? Uint8Array.from(value, (character) => character.charCodeAt(0) & 0xff) : undefined;
}

function itemsOf(value: PyValue | undefined): readonly PyValue[] | undefined {
  return value instanceof PyTuple ? value.items : undefined;
}

function textsOf(value: PyValue | undefined): readonly string[] | undefined {
  const items = itemsOf(value);
  return items?.every((item) => typeof item === 'string') ? items : undefined;
}
