import { EXACT_DIGITS, parseJson, type Objects } from './json.js';
import { SchemaHole, SchemaObject, type Filling, type SchemaValue } from './schema.js';

/**
 * The trees of a forest are written one like the other: their ids, files and numbers differ, and nothing else. So
 * the first is read, and each that follows is compared with it, piece by piece between those places, instead of being
 * read again. What compares equal is JSON of the same form for certain: every piece is the same, and what stands in a
 * hole is a scalar of the kind that it was.
 */

/** Objects of fewer characters are read at once: a template costs more than it saves. */
const WORTH = 1024;

/** As many characters must be the same before a template is made. */
const BEGINNING = 64;

/** An id that comes so often in one object is a type or None, and the same in the next. */
const COMMON = 3;

const [QUOTE, BACKSLASH, SPACE, ZERO, NINE] = [0x22, 0x5c, 0x20, 0x30, 0x39];

/** Keys whose value may differ between objects that are alike. */
const TEXTS: ReadonlySet<string> = new Set(['file', 'content']);

/** A piece of text, and what kind of hole comes behind it. */
interface Piece {
  readonly text: string;
  readonly hole: 'id' | 'text' | 'none';
}

/** What the objects of a list that are alike have in common. */
export class Template {
  /** The object, with holes. */
  readonly root: SchemaObject;
  readonly #pieces: readonly Piece[];
  readonly #ids: number;
  readonly #texts: number;
  /** The object that it was made of: like itself. */
  readonly first: SchemaLike;

  constructor(text: string, from: number, to: number) {
    const own = text.slice(from, to);
    const found: { hole: SchemaHole; id: number | undefined; start: number; stop: number }[] = [];
    const times = new Map<number, number>();
    const objects: Objects<SchemaValue, SchemaObject> = {
      make: () => new SchemaObject(),
      add: (object, key, value, start, stop) => {
        const hole = new SchemaHole();
        if (key === '__id__' && typeof value === 'number' && value > 0 && stop - start <= EXACT_DIGITS) {
          if (!Number.isInteger(value)) return object.add(key, value);
          times.set(value, (times.get(value) ?? 0) + 1);
          found.push({ hole, id: value, start, stop });
          return object.add(key, hole);
        }
        // Quotes, and nothing that is escaped.
        if (!TEXTS.has(key) || typeof value !== 'string' || stop - start !== value.length + 2)
          return object.add(key, value);
        found.push({ hole, id: undefined, start: start + 1, stop: stop - 1 });
        return object.add(key, hole);
      },
    };
    this.root = parseJson(own, objects, 'schema.json') as SchemaObject;
    const pieces: Piece[] = [];
    let [ids, texts, end] = [0, 0, 0];
    for (const { hole, id, start, stop } of found) {
      if (id !== undefined && times.get(id)! >= COMMON) {
        hole.fixed = id;
        continue;
      }
      pieces.push({ text: own.slice(end, start), hole: id === undefined ? 'text' : 'id' });
      end = stop;
      hole.index = id === undefined ? texts++ : ids++;
    }
    pieces.push({ text: own.slice(end), hole: 'none' });
    this.#pieces = pieces;
    this.#ids = ids;
    this.#texts = texts;
    this.first = this.match(text, from)!;
  }

  /** The object at `at`, if it is like the first one. */
  match(text: string, at: number): SchemaLike | undefined {
    const ids = new Float64Array(this.#ids);
    const spans = new Int32Array(2 * this.#texts);
    let [id, span, i] = [0, 0, at];
    for (const { text: piece, hole } of this.#pieces) {
      // Comparing two slices is several times faster than looking at characters.
      if (text.slice(i, i + piece.length) !== piece) return undefined;
      i += piece.length;
      const start = i;
      if (hole === 'id') {
        let value = 0;
        let code = text.charCodeAt(i);
        // Ints begin with a zero only if they are one, and ids of more digits are for the reader.
        if (code === ZERO) return undefined;
        for (; code >= ZERO && code <= NINE; code = text.charCodeAt(++i)) value = value * 10 + (code - ZERO);
        if (i === start || i - start > EXACT_DIGITS) return undefined;
        ids[id++] = value;
      } else if (hole === 'text') {
        let code = text.charCodeAt(i);
        while (code !== QUOTE && code !== BACKSLASH && code >= SPACE) code = text.charCodeAt(++i);
        if (code !== QUOTE) return undefined;
        spans[span++] = start;
        spans[span++] = i;
      }
    }
    return new SchemaLike(this, text, at, i, ids, spans);
  }
}

/** An object that is like the first one of its list. Who looks into it has it read. */
export class SchemaLike extends SchemaObject implements Filling {
  declare template: Template;
  readonly #text: string;
  readonly #from: number;
  readonly end: number;
  readonly #ids: Float64Array;
  readonly #spans: Int32Array;
  #read: SchemaObject | undefined;

  constructor(template: Template, text: string, from: number, end: number, ids: Float64Array, spans: Int32Array) {
    super();
    this.template = template;
    this.#text = text;
    this.#from = from;
    this.end = end;
    this.#ids = ids;
    this.#spans = spans;
  }

  id(index: number): number {
    return this.#ids[index];
  }

  text(index: number): string {
    return this.#text.slice(this.#spans[2 * index], this.#spans[2 * index + 1]);
  }

  override get keys(): readonly string[] {
    return this.#object().keys;
  }

  override get values(): readonly SchemaValue[] {
    return this.#object().values;
  }

  override get(key: string): SchemaValue | undefined {
    return this.#object().get(key);
  }

  #object(): SchemaObject {
    this.#read ??= parseJson(this.#text.slice(this.#from, this.end), plain, 'schema.json') as SchemaObject;
    return this.#read;
  }
}

const plain: Objects<SchemaValue, SchemaObject> = {
  shared: true,
  make: () => new SchemaObject(),
  add: (object, key, value) => object.add(key, value),
};

/**
 * The value of schema.json: every object is read, but for those that are like the one before them. Throws CORRUPT
 * where it is no JSON.
 */
export function parseSchema(text: string): SchemaValue {
  // A template reads its object again. Lists within lists would have the innermost read for each (CWE-407).
  let allowance = text.length;
  const like = (before: SchemaValue, at: number): SchemaLike | undefined => {
    if (before instanceof SchemaLike) return before.template.match(text, at);
    if (!(before instanceof SchemaObject) || before.span === undefined) return undefined;
    const [from, to] = before.span;
    if (to - from > allowance || text.slice(at, at + BEGINNING) !== text.slice(from, from + BEGINNING))
      return undefined;
    allowance -= to - from;
    const template = new Template(text, from, to);
    const made = template.match(text, at);
    if (made) before.template = template;
    return made;
  };
  const objects: Objects<SchemaValue, SchemaObject> = {
    ...plain,
    ended: (object, from, to) => {
      if (to - from >= WORTH) object.span = [from, to];
    },
    skip: (items, _, at) => {
      const value = like(items[items.length - 1], at);
      return value && { value, end: value.end };
    },
  };
  return parseJson(text, objects, 'schema.json');
}
