import { pyRepr } from '../pickle/repr.js';
import { PyByteArray, PyDict, PyGlobal, PyInstance, PySet, PyTuple, type PyValue } from '../pickle/values.js';
import { PyBoundMethod, PyModule, PyPartial } from '../python/values.js';

/** A reconstructed call is for reading: so deep, so many items, so long a text, so much in all. */
const MAX_DEPTH = 12;
const MAX_ITEMS = 8;
const MAX_TEXT = 2000;
const MAX_BYTES = 64;
const MAX_CALL = 4000;

/** `os.system('id')`: what Python would run, as Python. Never longer than a page. */
export function callText(callable: PyValue, args: PyTuple, kwargs: PyDict | null = null): string {
  return within(new Writer().call(callable, args, kwargs, 0));
}

export function valueText(value: PyValue): string {
  return within(new Writer().value(value, 0));
}

function within(text: string): string {
  return text.length > MAX_CALL ? `${text.slice(0, MAX_CALL)}…` : text;
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** Shared values are written each time: what has been written is counted, so that doubling ends (CWE-400). */
class Writer {
  #written = 0;

  value(value: PyValue, depth: number): string {
    if (typeof value === 'string') return this.#count(text(value));
    if (value instanceof PyGlobal) return this.#count(nameText(value.module, value.name));
    if (value instanceof Uint8Array) return this.#count(bytes(value));
    if (value instanceof PyByteArray) return this.#count(`bytearray(${bytes(value.bytes)})`);
    if (typeof value !== 'object' || value === null) return this.#count(pyRepr(value, false));
    if (depth >= MAX_DEPTH || this.#written > MAX_CALL) return '…';
    if (Array.isArray(value)) return `[${this.list(value, depth)}]`;
    if (value instanceof PyTuple) return `(${this.list(value.items, depth)}${value.items.length === 1 ? ',' : ''})`;
    if (value instanceof PySet)
      return value.items.length === 0 ? `${value.kind}()` : `{${this.list(value.items, depth)}}`;
    if (value instanceof PyDict) return this.dict(value, depth);
    if (value instanceof PyBoundMethod) return this.attribute(value.object, value.name, depth);
    if (value instanceof PyModule) return `__import__(${text(value.name)})`;
    if (value instanceof PyPartial)
      return this.call(
        new PyGlobal('functools', 'partial'),
        new PyTuple([value.func, ...value.args.items]),
        value.keywords,
        depth,
      );
    if (value instanceof PyInstance) return this.call(value.callable, value.args, value.kwargs, depth);
    return this.#count(value.kind === 'float' ? pyRepr(value, false) : `<${value.kind}>`);
  }

  call(callable: PyValue, args: PyTuple, kwargs: PyDict | null, depth: number): string {
    const { items } = args;
    // Written as one writes it: attributes with dots, and not as calls of getattr.
    if (
      callable instanceof PyGlobal &&
      callable.name === 'getattr' &&
      items.length === 2 &&
      typeof items[1] === 'string'
    )
      return this.attribute(items[0], items[1], depth);
    const written = [this.list(items, depth)];
    if (kwargs !== null && kwargs.size > 0) {
      for (const [key, value] of [...kwargs.entries()].slice(0, MAX_ITEMS))
        written.push(`${typeof key === 'string' ? key : this.value(key, depth + 1)}=${this.value(value, depth + 1)}`);
    }
    return `${this.value(callable, depth + 1)}(${written.filter((part) => part !== '').join(', ')})`;
  }

  attribute(object: PyValue, name: string, depth: number): string {
    const plain = IDENTIFIER.test(name) && typeof object === 'object' && object !== null;
    const owner = this.value(object, depth + 1);
    return this.#count(plain ? `${owner}.${name}` : `getattr(${owner}, ${text(name)})`);
  }

  list(items: readonly PyValue[], depth: number): string {
    const shown = items.slice(0, MAX_ITEMS).map((item) => this.value(item, depth + 1));
    if (items.length > MAX_ITEMS) shown.push('…');
    return shown.join(', ');
  }

  dict(dict: PyDict, depth: number): string {
    const shown: string[] = [];
    for (const [key, value] of dict.entries()) {
      if (shown.length === MAX_ITEMS) {
        shown.push('…');
        break;
      }
      shown.push(`${this.value(key, depth + 1)}: ${this.value(value, depth + 1)}`);
    }
    return `{${shown.join(', ')}}`;
  }

  #count(written: string): string {
    this.#written += written.length;
    return written;
  }
}

function text(value: string): string {
  return value.length > MAX_TEXT ? `${pyRepr(value.slice(0, MAX_TEXT), true)}…` : pyRepr(value, true);
}

function bytes(value: Uint8Array): string {
  return value.length > MAX_BYTES ? `${pyRepr(value.subarray(0, MAX_BYTES), true)}…` : pyRepr(value, true);
}

/** Builtins as one writes them, and the modules that os is made of as os. */
function nameText(module: string, name: string): string {
  if (module === 'builtins' || module === '__builtin__') return name;
  return `${module}.${name}`;
}
