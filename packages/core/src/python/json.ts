import { BrineError } from '../errors.js';
import { PyFloat, type PyValue } from '../pickle/values.js';
import { NdArray } from './ndarray.js';
import {
  DeferredShape,
  hasIdentity,
  ListShape,
  ObjectShape,
  shapeOf,
  ValueShape,
  type Atom,
  type Level,
  type Shape,
  type TagOptions,
} from './tagged.js';

export type { TagOptions } from './tagged.js';

/**
 * The whole of a value as tagged JSON (docs: Contract, "Tagged JSON"): numbers, strings, booleans, null and
 * lists are themselves, everything else is `{"$": kind, …}`; what occurs again carries an `id` and is a
 * `ref` after. Arrays must have been read (`loadLazy`). No recursion: values may nest as deep as they like.
 */
export function toTagged(value: PyValue, options: TagOptions = {}): unknown {
  let result: unknown;
  const open: (unknown[] | Record<string, unknown>)[] = [];
  let key = '';
  const put = (item: unknown): void => {
    const into = open.at(-1);
    if (into === undefined) result = item;
    else if (Array.isArray(into)) into.push(item);
    else into[key] = item;
  };
  const begin = (item: unknown[] | Record<string, unknown>): void => {
    put(item);
    open.push(item);
  };
  walk(value, options, {
    atom: (atom) => {
      put(atom instanceof PyFloat ? atom.value : atom);
    },
    beginList: () => {
      begin([]);
    },
    beginObject: () => {
      begin({});
    },
    key: (name) => {
      key = name;
    },
    end: () => {
      open.pop();
    },
  });
  return result;
}

/** Characters per piece of text. */
const PIECE = 1 << 16;

/** A long string costs a file nothing the second time, and a reader as much as the first (CWE-400). */
const MAX_TEXT = 2 ** 33;

/**
 * The same as text, in pieces of about 64 KiB, so that a large value is never one string. Floats keep their
 * point (`1.0`), as Python's own `json` writes them.
 */
export function* taggedText(value: PyValue, options: TagOptions = {}): Generator<string> {
  let text = '';
  const open: string[] = [];
  let first = true;
  let afterKey = false;
  const separate = (): void => {
    if (!first && !afterKey) text += ',';
    first = false;
    afterKey = false;
  };
  const steps = walkSteps(value, options, {
    atom: (atom) => {
      separate();
      text += atom instanceof PyFloat ? floatText(atom.value) : JSON.stringify(atom);
    },
    beginList: () => {
      separate();
      text += '[';
      open.push(']');
      first = true;
    },
    beginObject: () => {
      separate();
      text += '{';
      open.push('}');
      first = true;
    },
    key: (name) => {
      separate();
      text += `${JSON.stringify(name)}:`;
      afterKey = true;
    },
    end: () => {
      text += open.pop()!;
      first = false;
    },
  });
  let written = 0;
  while (steps.next().done !== true) {
    if (text.length < PIECE) continue;
    written += text.length;
    if (written > MAX_TEXT) throw new BrineError('LIMIT', `more than ${MAX_TEXT} characters of tagged JSON`);
    yield text;
    text = '';
  }
  yield text;
}

function floatText(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

interface Sink {
  atom(atom: Atom): void;
  beginList(): void;
  beginObject(): void;
  key(name: string): void;
  end(): void;
}

interface Frame {
  readonly shape: ListShape | ObjectShape;
  at: number;
}

function walk(value: PyValue, options: TagOptions, sink: Sink): void {
  const steps = walkSteps(value, options, sink);
  while (steps.next().done !== true);
}

/** Depth first, in document order, telling `sink`; yields now and then. */
function* walkSteps(root: PyValue, options: TagOptions, sink: Sink): Generator<void> {
  checkOptions(options);
  const most = options.maxNodes ?? MAX_NODES;
  const shared = sharedValues(root, options);
  const ids = new Map<object, number>();
  const frames: Frame[] = [];

  const enter = (given: Shape): void => {
    const value = given instanceof ValueShape ? given.value : null;
    const again = hasIdentity(value) && shared.has(value);
    const known = again ? ids.get(value) : undefined;
    if (known !== undefined) {
      enter(reference(known));
      return;
    }
    let shape = levelOf(given, options);
    if (again) {
      ids.set(value, ids.size + 1);
      shape = withId(shape, ids.size);
    }
    if (shape instanceof ListShape) {
      sink.beginList();
      frames.push({ shape, at: 0 });
    } else if (shape instanceof ObjectShape) {
      sink.beginObject();
      frames.push({ shape, at: 0 });
    } else sink.atom(shape);
  };

  enter(new ValueShape(root));
  for (let steps = 1; frames.length > 0; steps++) {
    const frame = frames[frames.length - 1];
    const { shape } = frame;
    if (frame.at === (shape instanceof ListShape ? shape.items.length : shape.entries.length)) {
      frames.pop();
      sink.end();
    } else if (shape instanceof ListShape) {
      const item = shape.items[frame.at++];
      enter(shape.of === 'values' ? new ValueShape(item as PyValue) : (item as Shape));
    } else {
      const [name, part] = shape.entries[frame.at++];
      sink.key(name);
      enter(part);
    }
    if (steps > most) throw tooMany(most);
    if (steps % 256 === 0) yield;
  }
}

function reference(id: number): Shape {
  return new ObjectShape([
    ['$', 'ref'],
    ['id', id],
  ]);
}

/** The shape with its id behind its kind; a JSON array has no place for one. */
function withId(shape: Level, id: number): Level {
  if (shape instanceof ObjectShape) {
    return new ObjectShape([shape.entries[0], ['id', id], ...shape.entries.slice(1)]);
  }
  return new ObjectShape([
    ['$', 'list'],
    ['id', id],
    ['items', shape],
  ]);
}

/** The values that occur more than once. */
function sharedValues(root: PyValue, options: TagOptions): Set<object> {
  const seen = new Set<object>();
  const shared = new Set<object>();
  const todo: Shape[] = [new ValueShape(root)];
  const most = options.maxNodes ?? MAX_NODES;
  for (let steps = 0; todo.length > 0; steps++) {
    if (steps > most) throw tooMany(most);
    const given = todo.pop()!;
    if (given instanceof ValueShape) {
      const { value } = given;
      if (hasIdentity(value)) {
        if (seen.has(value)) {
          shared.add(value);
          continue;
        }
        seen.add(value);
      }
      // Numbers refer to nothing, and unfolding them costs as much as writing them.
      if (value instanceof NdArray && !Array.isArray(value.data)) continue;
    }
    const shape = levelOf(given, options);
    if (shape instanceof ObjectShape) for (const [, part] of shape.entries) todo.push(part);
    else if (shape instanceof ListShape) {
      for (const item of shape.items) {
        if (typeof item !== 'object' || item === null) continue;
        todo.push(shape.of === 'values' ? new ValueShape(item as PyValue) : (item as Shape));
      }
    }
  }
  return shared;
}

function levelOf(shape: Shape, options: TagOptions): Level {
  if (shape instanceof ValueShape) return shapeOf(shape.value, options);
  return shape instanceof DeferredShape ? shape.make() : shape;
}

/** More values than this are not written unless told otherwise: see `TagOptions.maxNodes`. */
const MAX_NODES = 2 ** 25;

function tooMany(most: number): BrineError {
  return new BrineError(
    'LIMIT',
    `more than ${most} values to write: maxItems shortens arrays, maxNodes raises the limit`,
  );
}

function checkOptions({ maxItems }: TagOptions): void {
  if (maxItems !== undefined && !(Number.isInteger(maxItems) && maxItems >= 0)) {
    throw new BrineError('BAD_ARGUMENT', `maxItems must be a whole number, not ${maxItems}`);
  }
}
