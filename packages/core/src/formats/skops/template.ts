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

/** In place of where a text is: what stands in the first one's hole. */
const SAME = -1;

/** So often a template is adapted to what varies: each time is as much work as reading an object. */
const MOST_VARIED = 64;

const [QUOTE, BACKSLASH, SPACE, ZERO, NINE] = [0x22, 0x5c, 0x20, 0x30, 0x39];

/** Keys whose value may differ between objects that are alike. */
const TEXTS: ReadonlySet<string> = new Set(['file', 'content']);

/** Where an id or a text stands in the object that a template was made of. */
interface Place {
  readonly hole: 'id' | 'text';
  readonly index: number;
  readonly start: number;
  readonly stop: number;
  /** Whether something else was found there in another object. */
  varies: boolean;
}

/** A piece of text, and the hole that comes behind it. */
interface Piece {
  readonly text: string;
  readonly hole: 'id' | 'text' | 'none';
  readonly index: number;
}

interface Pieces {
  readonly pieces: readonly Piece[];
  /** The ids in the holes between them, by number. */
  readonly ids: ReadonlySet<number>;
}

/** What the objects of a list that are alike have in common. */
export class Template {
  /** The object, with holes. */
  readonly root: SchemaObject;
  readonly #own: string;
  readonly #places: readonly Place[];
  /** What stands in the first one's holes. */
  readonly #ids: readonly number[];
  readonly #texts: readonly string[];
  readonly #spans: readonly number[];
  readonly #all: Pieces;
  /** The pieces between the holes that were found to vary. Most hold the same in each. */
  #pieces: Pieces;
  #matched = 0;
  /** The object that it was made of: like itself. */
  readonly first: SchemaLike;

  constructor(text: string, from: number, to: number) {
    const own = text.slice(from, to);
    const found: { hole: SchemaHole; id: number | undefined; start: number; stop: number }[] = [];
    const times = new Map<number, number>();
    const objects: Objects<SchemaValue, SchemaObject> = {
      make: () => new SchemaObject(),
      add: (object, key, value, start, stop) => {
        if (key === '__id__' && typeof value === 'number' && value > 0 && stop - start <= EXACT_DIGITS) {
          if (!Number.isInteger(value)) return object.add(key, value);
          const hole = new SchemaHole();
          times.set(value, (times.get(value) ?? 0) + 1);
          found.push({ hole, id: value, start, stop });
          return object.add(key, hole);
        }
        // Quotes, and nothing that is escaped.
        if (!TEXTS.has(key) || typeof value !== 'string' || stop - start !== value.length + 2)
          return object.add(key, value);
        const hole = new SchemaHole();
        found.push({ hole, id: undefined, start: start + 1, stop: stop - 1 });
        return object.add(key, hole);
      },
    };
    this.root = parseJson(own, objects, 'schema.json') as SchemaObject;
    const places: Place[] = [];
    const ids: number[] = [];
    const texts: string[] = [];
    for (const { hole, id, start, stop } of found) {
      if (id !== undefined && times.get(id)! >= COMMON) hole.fixed = id;
      else {
        const kind = id === undefined ? 'text' : 'id';
        hole.index = id === undefined ? texts.push(own.slice(start, stop)) - 1 : ids.push(id) - 1;
        places.push({ hole: kind, index: hole.index, start, stop, varies: false });
      }
    }
    this.#own = own;
    this.#places = places;
    this.#ids = ids;
    this.#texts = texts;
    this.#spans = new Array<number>(2 * texts.length).fill(SAME);
    this.#all = this.#pieces = piecesOf(own, places);
    this.first = new SchemaLike(this, text, from, to, ids, this.#spans, this.#all.ids);
  }

  /** The object at `at`, if it is like the first one. */
  match(text: string, at: number): SchemaLike | undefined {
    const made = this.#match(this.#pieces, text, at);
    const isFirst = this.#pieces === this.#all;
    if (made && !isFirst) return made;
    const other = made ?? (isFirst ? undefined : this.#match(this.#all, text, at));
    // What the first two have in common, most of them have. Where one has not, it is a hole from there on.
    if (other && this.#matched++ < MOST_VARIED) this.#compare(other);
    return other;
  }

  /** What stands in the text hole of that number of the first one. */
  text(index: number): string {
    return this.#texts[index];
  }

  #compare(other: SchemaLike): void {
    for (const place of this.#places) {
      const { hole, index } = place;
      place.varies ||= hole === 'id' ? other.id(index) !== this.#ids[index] : other.text(index) !== this.#texts[index];
    }
    this.#pieces = piecesOf(
      this.#own,
      this.#places.filter(({ varies }) => varies),
    );
  }

  #match({ pieces, ids: holes }: Pieces, text: string, at: number): SchemaLike | undefined {
    const ids = this.#ids.slice();
    const spans = this.#spans.slice();
    let i = at;
    for (const { text: piece, hole, index } of pieces) {
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
        ids[index] = value;
      } else if (hole === 'text') {
        let code = text.charCodeAt(i);
        while (code !== QUOTE && code !== BACKSLASH && code >= SPACE) code = text.charCodeAt(++i);
        if (code !== QUOTE) return undefined;
        spans[2 * index] = start;
        spans[2 * index + 1] = i;
      }
    }
    return new SchemaLike(this, text, at, i, ids, spans, holes);
  }
}

/** The pieces of a text between holes. */
function piecesOf(own: string, places: readonly Place[]): Pieces {
  const pieces: Piece[] = [];
  const ids = new Set<number>();
  let end = 0;
  for (const { hole, index, start, stop } of places) {
    pieces.push({ text: own.slice(end, start), hole, index });
    if (hole === 'id') ids.add(index);
    end = stop;
  }
  pieces.push({ text: own.slice(end), hole: 'none', index: 0 });
  return { pieces, ids };
}

/** An object that is like the first one of its list. Who looks into it has it read. */
export class SchemaLike extends SchemaObject implements Filling {
  declare template: Template;
  readonly #text: string;
  readonly #from: number;
  readonly end: number;
  readonly #ids: readonly number[];
  /** From where to where a text goes, or `SAME`. */
  readonly #spans: readonly number[];
  /** The numbers of the ids that were read; the others are the first one's. */
  readonly holes: ReadonlySet<number>;
  #read: SchemaObject | undefined;

  constructor(
    template: Template,
    text: string,
    from: number,
    end: number,
    ids: readonly number[],
    spans: readonly number[],
    holes: ReadonlySet<number>,
  ) {
    super();
    this.template = template;
    this.#text = text;
    this.#from = from;
    this.end = end;
    this.#ids = ids;
    this.#spans = spans;
    this.holes = holes;
  }

  id(index: number): number {
    return this.#ids[index];
  }

  text(index: number): string {
    const start = this.#spans[2 * index];
    return start === SAME ? this.template.text(index) : this.#text.slice(start, this.#spans[2 * index + 1]);
  }

  /** May the id of that number be another than the first one's? For objects of the same `holes`, the answer is the same. */
  varies(index: number): boolean {
    return this.holes.has(index);
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
