import type { Tensor } from '../../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../../operator.js';
import { broadcast, eachRow } from '../broadcast.js';
import { badInput, dense, int, list, make, text, texts, unsupported, type Inputs } from '../common.js';
import { int64Data } from '../move.js';
import { murmurHash3 } from '../../../text/index.js';
import { fullMatcher, re2 } from './re2.js';

function stringInput(inputs: Inputs, i: number): { x: Tensor; data: readonly string[] } {
  const x = dense(inputs, i);
  if (x.dtype !== 'string') throw unsupported(`${x.dtype} input`);
  return { x, data: (x.data as readonly (string | null)[]).map((s) => s ?? '') };
}

const stringConcat: Operator = (site) => (inputs) => {
  const [a, b] = [stringInput(inputs, 0), stringInput(inputs, 1)];
  const plan = broadcast([a.x.shape, b.x.shape]);
  const data = make(site, 'string', plan.shape) as string[];
  const last = plan.sizes.length - 1;
  eachRow(plan, (o, [i, j]) => {
    for (let k = 0; k < plan.sizes[last]; k++)
      data[o + k] = a.data[i + k * plan.steps[0][last]] + b.data[j + k * plan.steps[1][last]];
  });
  return { dtype: 'string', shape: plan.shape, data };
};

/** What Python's str.split takes for white space. */
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

/** str.split(None, maxsplit): runs of white space part, the last part keeps what it has. */
function splitSpace(s: string, most: number): string[] {
  const out: string[] = [];
  let i = 0;
  for (;;) {
    while (i < s.length && SPACE.test(s[i])) i++;
    if (i >= s.length) return out;
    if (out.length === most) {
      out.push(s.slice(i));
      return out;
    }
    const from = i;
    while (i < s.length && !SPACE.test(s[i])) i++;
    out.push(s.slice(from, i));
  }
}

function splitAt(s: string, delimiter: string, most: number): string[] {
  const parts = s.split(delimiter);
  return parts.length <= most + 1 ? parts : [...parts.slice(0, most), parts.slice(most).join(delimiter)];
}

/** Lists of different lengths as one tensor with a further dimension. */
function ragged(site: Site, shape: readonly number[], rows: readonly (readonly string[])[], fill: string): Tensor {
  const width = rows.reduce((a, r) => Math.max(a, r.length), 0);
  const whole = [...shape, width];
  const data = make(site, 'string', whole) as string[];
  data.fill(fill);
  rows.forEach((row, r) => {
    row.forEach((s, c) => (data[r * width + c] = s));
  });
  return { dtype: 'string', shape: whole, data };
}

const stringSplit: Operator = (site) => {
  const delimiter = text(site, 'delimiter', '');
  const most = site.attributes['maxsplit'] === undefined ? Infinity : int(site, 'maxsplit', 0);
  return (inputs) => {
    const { x, data } = stringInput(inputs, 0);
    const rows = data.map((s) => (delimiter === '' ? splitSpace(s, most) : splitAt(s, delimiter, most)));
    const counts = Int32Array.from(rows, (r) => r.length);
    return [ragged(site, x.shape, rows, ''), { dtype: 'int64', shape: x.shape, data: int64Data(counts) }];
  };
};

const regexFullMatch: Operator = (site) => {
  const matches = fullMatcher(text(site, 'pattern', ''));
  return (inputs) => {
    const { x, data } = stringInput(inputs, 0);
    return { dtype: 'bool', shape: x.shape, data: Uint8Array.from(data, (s) => (matches(s) ? 1 : 0)) };
  };
};

/** Case by code points, as C libraries change it: what would become several stays as it is. */
function changed(s: string, action: string): string {
  if (action === 'NONE') return s;
  return Array.from(s, (c) => {
    const other = action === 'LOWER' ? c.toLowerCase() : c.toUpperCase();
    return Array.from(other).length === 1 ? other : c;
  }).join('');
}

const stringNormalizer: Operator = (site) => {
  const action = text(site, 'case_change_action', 'NONE');
  const sensitive = int(site, 'is_case_sensitive', 0) !== 0;
  if (!['NONE', 'LOWER', 'UPPER'].includes(action)) throw badInput(`an unknown case_change_action: ${action}`);
  const key = (s: string): string => (sensitive ? s : changed(s, 'LOWER'));
  const stops = new Set((texts(site, 'stopwords') ?? []).map(key));
  return (inputs) => {
    const { x, data } = stringInput(inputs, 0);
    if (x.shape.length > 2 || (x.shape.length === 2 && x.shape[0] !== 1))
      throw badInput(`strings [${x.shape.join(', ')}]`);
    const kept = data.filter((s) => !stops.has(key(s))).map((s) => changed(s, action));
    if (kept.length === 0) kept.push('');
    return { dtype: 'string', shape: x.shape.length === 2 ? [1, kept.length] : [kept.length], data: kept };
  };
};

/** Counts of n-grams of words or numbers, with gaps, against a pool. */
const tfIdf: Operator = (site) => {
  const mode = text(site, 'mode', 'TF');
  const [least, most] = [int(site, 'min_gram_length', 1), int(site, 'max_gram_length', 1)];
  const skips = int(site, 'max_skip_count', 0);
  const counts = list(site, 'ngram_counts') ?? [];
  const columns = list(site, 'ngram_indexes') ?? [];
  const weights = list(site, 'weights') ?? [];
  const strings = texts(site, 'pool_strings');
  const pool: readonly (string | number)[] = strings ?? list(site, 'pool_int64s') ?? [];
  const width = columns.reduce((a, c) => Math.max(a, c), -1) + 1;
  if (mode !== 'TF' && mode !== 'IDF' && mode !== 'TFIDF') throw badInput(`an unknown mode: ${mode}`);
  // One level of the tree per word of an n-gram.
  interface Branch {
    column: number;
    readonly next: Map<string | number, Branch>;
  }
  const root: Branch = { column: -1, next: new Map() };
  let gram = 0;
  counts.forEach((from, k) => {
    const to = counts[k + 1] ?? pool.length;
    for (let i = from; i + k < to; i += k + 1, gram++) {
      if (k + 1 < least || k + 1 > most) continue;
      let at = root;
      for (const word of pool.slice(i, i + k + 1)) {
        let next = at.next.get(word);
        if (!next) at.next.set(word, (next = { column: -1, next: new Map() }));
        at = next;
      }
      const column = columns[gram];
      if (!(column >= 0)) throw badInput(`no column for n-gram ${gram}`);
      at.column = column;
    }
  });
  return (inputs) => {
    const x = dense(inputs, 0);
    if (x.shape.length > 2) throw badInput(`words [${x.shape.join(', ')}]`);
    const [rows, n] = x.shape.length === 2 ? [x.shape[0], x.shape[1]] : [1, x.data.length];
    const shape = x.shape.length === 2 ? [rows, width] : [width];
    const out = make(site, 'float32', shape) as Float32Array;
    const words = Array.from(x.data as ArrayLike<unknown>, (v) => (typeof v === 'string' ? v : Number(v)));
    for (let r = 0; r < rows; r++)
      for (let gap = 1; gap <= Math.min(skips + 1, Math.max(1, n)); gap++)
        for (let from = 0; from < n; from++) {
          let at: Branch | undefined = root;
          for (let k = 1, i = from; k <= most && i < n; k++, i += gap) {
            at = at.next.get(words[r * n + i]);
            if (!at) break;
            // Single words have no gaps: they count once.
            if (at.column >= 0 && k >= least && !(k === 1 && gap > 1)) out[r * width + at.column]++;
          }
        }
    for (let i = 0; i < out.length; i++) {
      const w = weights.length > 0 ? weights[i % width] : 1;
      if (mode === 'IDF') out[i] = out[i] > 0 ? w : 0;
      else if (mode === 'TFIDF') out[i] *= w;
    }
    return { dtype: 'float32', shape, data: out };
  };
};

/** com.microsoft's Tokenizer: by separators, by an expression, or into characters. */
const tokenizer: Operator = (site) => {
  const mark = int(site, 'mark', 0) !== 0;
  const fill = text(site, 'pad_value', '');
  const least = int(site, 'mincharnum', 1);
  const separators = texts(site, 'separators') ?? [];
  const expression = text(site, 'tokenexp', '');
  const long = (s: string): boolean => Array.from(s).length >= least;
  const tokens = expression !== '' ? byExpression(expression) : bySeparators(separators, long);
  return (inputs) => {
    const { x, data } = stringInput(inputs, 0);
    if (x.shape.length === 0 || x.shape.length > 2) throw badInput(`documents [${x.shape.join(', ')}]`);
    const rows = data.map((s) => tokens(s).filter(long));
    if (rows.every((r) => r.length === 0)) return { dtype: 'string', shape: [...x.shape, 0], data: [] };
    if (!mark) return ragged(site, x.shape, rows, fill);
    const marked = rows.map((r) => ['\x02', ...r, '\x03']);
    return ragged(site, x.shape, marked, fill);
  };
};

function byExpression(expression: string): (s: string) => string[] {
  const pattern = re2(expression);
  return (s) => pattern.findAll(s).filter((t) => t !== '');
}

function bySeparators(separators: readonly string[], long: (s: string) => boolean): (s: string) => string[] {
  if (separators.length === 0) throw badInput('neither separators nor an expression');
  if (separators.length === 1 && separators[0] === '') return (s) => Array.from(s);
  // A search goes on behind the last match, where these would look back.
  for (const s of separators) if (/\^|\\[bBA]/.test(s)) throw unsupported(`the separator ${JSON.stringify(s)}`);
  const patterns = separators.map((s) => re2(s));
  return (text) => {
    let row = [text];
    for (const pattern of patterns) {
      const next: string[] = [];
      for (const part of row) {
        let rest = Array.from(part);
        for (;;) {
          const found = pattern.search(rest.join(''));
          const end = found ? found.start : rest.length;
          const token = rest.slice(0, end).join('');
          if (long(token)) next.push(token);
          if (!found) break;
          rest = rest.slice(found.end > found.start ? found.end : found.start + 1);
          if (found.end === found.start && rest.length === 0) break;
        }
      }
      row = next;
    }
    return row;
  };
}

/** com.microsoft's MurmurHash3, of text. */
const murmur: Operator = (site) => {
  const seed = int(site, 'seed', 0);
  const positive = int(site, 'positive', 1) !== 0;
  return (inputs) => {
    const { x, data } = stringInput(inputs, 0);
    const hashes = Int32Array.from(data, (s) => murmurHash3(s, seed));
    if (!positive) return { dtype: 'int32', shape: x.shape, data: hashes };
    return { dtype: 'uint32', shape: x.shape, data: Uint32Array.from(hashes) };
  };
};

export const stringOperators: OperatorTable = {
  StringConcat: stringConcat,
  StringSplit: stringSplit,
  RegexFullMatch: regexFullMatch,
  StringNormalizer: stringNormalizer,
  TfIdfVectorizer: tfIdf,
  'com.microsoft:MurmurHash3': murmur,
  'com.microsoft:Tokenizer': tokenizer,
};
