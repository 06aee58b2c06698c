import { lower, stripAccents, type StripAccents } from '../../../text/casefold.js';
import { casedSet, caseIgnorableSet, combiningSet } from '../../../text/unicode/properties.js';
import { GraphBuilder, type V } from '../../builder.js';
import { int64, strings } from '../../tensor.js';
import { filled, int, ints, shapeOf, sizeOf, slice, typeOf } from '../build.js';
import type { Expander } from '../expansion.js';

/** What a vectoriser does to a document before it looks for terms. */
export interface Preparation {
  readonly lowercase: boolean;
  readonly accents: StripAccents | null;
  /** Whether it matters how a final sigma is written. */
  readonly sigma: boolean;
}

/** Stands for "as it is" in tables of characters: a code point that no text holds. */
const SAME = '\uffff';
/** No letter or mark with a case or a decomposition lies beyond the second plane. */
const LAST = 0x2ffff;

const text = (g: GraphBuilder, value: string): V => g.constant(strings([1], [value]));

/** Strings as characters: [n, longest], with '' behind the last. */
export function characters(g: GraphBuilder, documents: V): V {
  return tokenized(g, documents, { separators: [''] });
}

/**
 * Strings [n] as their tokens [n, most tokens], with '' behind the last. An empty string goes with them: of no strings
 * at all onnxruntime makes a result without columns.
 */
export function tokenized(g: GraphBuilder, documents: V, how: Record<string, string | readonly string[]>): V {
  const n = documents.shape[0] ?? null;
  const [some] = g.typed('Concat', [documents, text(g, '')], { axis: 0 }, [typeOf('string', [null])]);
  const attributes = { mark: 0, mincharnum: 1, pad_value: '', ...how };
  const [tokens] = g.typed('Tokenizer', [some], attributes, [typeOf('string', [null, null])], 'com.microsoft');
  return g.typed('Slice', [tokens, ints(0), ints(-1), ints(0)], {}, [typeOf('string', [n, null])])[0];
}

const tables = new Map<string, ReadonlyMap<string, string>>();

/** Every character that becomes another, with what it becomes: nothing, one or several. Looked for once. */
function changes(preparation: Preparation): ReadonlyMap<string, string> {
  const key = `${preparation.lowercase} ${preparation.accents ?? ''}`;
  let table = tables.get(key);
  if (!table) tables.set(key, (table = changesOf(preparation)));
  return table;
}

function changesOf({ lowercase, accents }: Preparation): Map<string, string> {
  const out = new Map<string, string>();
  for (let code = 0; code <= LAST; code++) {
    if (code === 0xd800) code = 0xe000;
    const c = String.fromCodePoint(code);
    const plain =
      (!lowercase || c.toLowerCase() === c) &&
      (accents === null || (accents === 'unicode' && c.normalize('NFKD') === c && !combiningSet().has(code)));
    if (plain) continue;
    const small = lowercase ? lower(c) : c;
    const result = accents === null ? small : stripAccents(small, accents);
    if (accents === 'ascii' ? result !== '' : result !== c) out.set(c, result);
  }
  return out;
}

/**
 * Lower case and accents, character by character, as Python has them for every code point of Unicode 14; then put
 * together again. ONNX's own StringNormalizer follows the locale of the machine.
 */
export function prepared(e: Expander, documents: V, preparation: Preparation): V {
  const { g } = e;
  const { lowercase, accents } = preparation;
  if (!lowercase && accents === null) return documents;
  const chars = characters(g, documents);
  const table = changes(preparation);
  const attributes = {
    keys_strings: [...table.keys()],
    values_strings: [...table.values()],
    // What has no ASCII in it goes with its accents.
    default_string: accents === 'ascii' ? '' : SAME,
  };
  const [found] = g.typed('LabelEncoder', [chars], attributes, [typeOf('string', chars.shape)], 'ai.onnx.ml');
  const other = accents === 'ascii' ? found : g.where(g.equal(found, text(g, SAME)), chars, found);
  return joined(e, lowercase && preparation.sigma && accents !== 'ascii' ? finalSigmas(e, chars, other) : other);
}

/** `Σ` at the end of a word becomes `ς`. Looked into only where there is one. */
function finalSigmas(e: Expander, chars: V, other: V): V {
  const { g } = e;
  const type = typeOf('string', chars.shape);
  const capital = g.equal(chars, text(g, 'Σ'));
  const [count] = g.typed('ReduceSum', [g.cast(capital, 'int64')], { keepdims: 0 }, [typeOf('int64', [])]);

  const some = new GraphBuilder();
  const c = some.capture(chars);
  const isFinal = some.and(some.capture(capital), endsWord(some, c));
  const then = some.finish([{ name: 'some', value: some.where(isFinal, text(some, 'ς'), some.capture(other)) }]);
  const none = new GraphBuilder();
  const same = none.finish([{ name: 'none', value: none.node('Identity', [none.capture(other)]) }]);
  return g.typed('If', [g.greater(count, int(0))], { then_branch: then, else_branch: same }, [type])[0];
}

/**
 * Where the nearest letter before has case and the one after has not; what is ignored is passed over. All that is not
 * ignored is numbered from 1, and whether it has case is put at its number.
 */
function endsWord(g: GraphBuilder, chars: V): V {
  const keys = [...members(casedSet())].map((k) => [k, 1] as const);
  const ignored = [...members(caseIgnorableSet())].map((k) => [k, 2] as const);
  const all = [...keys, ...ignored];
  const attributes = {
    keys_strings: all.map(([k]) => k),
    values_int64s: all.map(([, v]) => v),
    default_int64: 0,
  };
  const [kind] = g.typed('LabelEncoder', [chars], attributes, [typeOf('int64', chars.shape)], 'ai.onnx.ml');
  const counts = g.not(g.equal(kind, int(2)));
  const number = g.typed('CumSum', [g.cast(counts, 'int64'), int(1)], {}, [typeOf('int64', chars.shape)])[0];
  const length = sizeOf(g, chars, 1);
  const width = g.add(length, ints(3));
  const size = g.typed('Concat', [sizeOf(g, chars, 0), width], { axis: 0 }, [typeOf('int64', [2])])[0];
  const place = g.where(counts, number, g.add(length, ints(2)));
  const shape = [chars.shape[0] ?? null, null];
  const cased = g.cast(g.equal(kind, int(1)), 'int64');
  const zeros = filled(g, int64([1], [0]), size, shape);
  const [byNumber] = g.typed('ScatterElements', [zeros, place, cased], { axis: 1 }, [typeOf('int64', shape)]);
  const at = (places: V): V =>
    g.typed('GatherElements', [byNumber, places], { axis: 1 }, [typeOf('int64', chars.shape)])[0];
  const before = at(g.max(g.sub(number, int(1)), int(0)));
  const after = at(g.add(number, int(1)));
  return g.and(g.equal(before, int(1)), g.equal(after, int(0)));
}

function* members(set: { ranges(): Iterable<[number, number]> }): Generator<string> {
  for (const [first, last] of set.ranges())
    for (let code = first; code <= last; code++) if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code);
}

/** The parts of each row [n, k] as one string [n]: neighbours are joined until one is left. */
export function joined(e: Expander, parts: V): V {
  const { g } = e;
  const n = parts.shape[0] ?? null;
  const body = new GraphBuilder();
  body.input('turn', { dtype: 'int64', shape: [], layout: 'dense' });
  body.input('going', { dtype: 'bool', shape: [], layout: 'dense' });
  const row = body.input('parts', { dtype: 'string', shape: [n, null], layout: 'dense' });
  const even = withEmpty(body, row);
  const half = body.typed('Div', [sizeOf(body, even, 1), ints(2)], {}, [typeOf('int64', [1])])[0];
  const end = body.mul(half, ints(2));
  const type = typeOf('string', [n, null]);
  const every = (from: number): V => body.typed('Slice', [even, ints(from), end, ints(1), ints(2)], {}, [type])[0];
  const next = body.typed('StringConcat', [every(0), every(1)], {}, [type])[0];
  const going = several(body, next);
  const graph = body.finish([
    { name: 'going', value: going },
    { name: 'joined', value: next },
  ]);
  const [whole] = g.typed('Loop', [undefined, several(g, parts), parts], { body: graph }, [type]);
  return g.typed('Reshape', [slice(g, withEmpty(g, whole), 1, 0, 1), ints(-1)], {}, [typeOf('string', [n])])[0];
}

/** One more column, of empty strings. */
function withEmpty(g: GraphBuilder, parts: V): V {
  const size = g.typed('Concat', [sizeOf(g, parts, 0), ints(1)], { axis: 0 }, [typeOf('int64', [2])])[0];
  const empty = filled(g, strings([1], ['']), size, [parts.shape[0] ?? null, 1]);
  return g.typed('Concat', [parts, empty], { axis: 1 }, [typeOf('string', [parts.shape[0] ?? null, null])])[0];
}

/** Whether there is more than one column: a bool without dimensions. */
function several(g: GraphBuilder, parts: V): V {
  const width = g.gather(shapeOf(g, parts), int(1), 0);
  return g.greater(width, int(1));
}
