import { denied, deniedModule } from '../deny.js';
import { isKnown } from '../known/index.js';
import type { Code } from './code.js';
import { usesOf, type CodeUses } from './uses.js';

/**
 * `computes`: nothing but arithmetic, numpy, pandas and harmless builtins. `unknown`: it uses what nobody vouches for.
 * `reaches`: it uses what can run programs, reach files or the network, or import anything. `opaque`: it could not be
 * read.
 */
export type CodeKind = 'computes' | 'unknown' | 'reaches' | 'opaque';

export interface CodeJudgement {
  readonly kind: CodeKind;
  readonly uses: CodeUses;
  /** What it reaches, each as `imports os, which …`. */
  readonly reaches: readonly string[];
  /** One or two sentences about the function, for a finding. */
  readonly text: string;
}

/** Modules that compute; whatever is imported from them is judged like a name in a file. */
const NUMERIC =
  /^(numpy|scipy|pandas|sklearn|math|cmath|statistics|random|decimal|fractions|numbers|re|string|unicodedata|collections|itertools|functools|operator|datetime|time|calendar|json|typing|copy|enum|dataclasses|warnings|abc|__future__|np|pd|sp|nltk|xgboost|lightgbm|catboost|imblearn|category_encoders|statsmodels|textwrap|bisect|heapq|array|types)(\.|$)/;

/** Builtins that a computation uses and that the deny table does not know. */
const HARMLESS =
  /^(abs|all|any|bin|bool|bytearray|bytes|callable|chr|complex|dict|divmod|enumerate|filter|float|format|frozenset|hash|hex|id|int|isinstance|issubclass|iter|len|list|map|max|min|next|object|oct|ord|pow|print|range|repr|reversed|round|set|slice|sorted|staticmethod|classmethod|property|super|str|sum|tuple|type|zip|None|True|False|__name__|__class__|Ellipsis|NotImplemented|\w*(Error|Exception|Warning)|StopIteration|KeyboardInterrupt)$/;

/** Builtins that are denied in a file because they would be called with anything, and common in code. */
const COMMON = new Set([
  'super',
  'property',
  'classmethod',
  'dir',
  'vars',
  'memoryview',
  'hasattr',
  'print',
  'getattr',
]);

/** Attributes that start something, wherever they are found. */
const STARTS =
  /^(system|popen|popen[234]|spawn\w*|exec[lv]\w*|fork|forkpty|posix_spawnp?|Popen|check_output|check_call|getoutput|getstatusoutput|urlopen|urlretrieve|create_connection|connect_ex|rmtree|unlink|rmdir|import_module|run_module|run_path|exec_module|load_module|CDLL|WinDLL|LoadLibrary|dlopen|read_pickle|from_buffer_copy|string_at|memmove|b64decode|a85decode|unhexlify)$/;

/** So many are named in a sentence. */
const MAX_NAMED = 6;

/** Says what a function carried in a file does, as far as its bytecode tells. */
export function judgeCode(code: Code): CodeJudgement {
  const uses = usesOf(code);
  const reaches = new Map<string, string>();
  const unknown: string[] = [];
  for (const name of uses.imports) {
    const dot = name.lastIndexOf('.');
    const bad =
      deniedModule(name) ??
      (dot > 0 ? (denied(name.slice(0, dot), name.slice(dot + 1)) ?? deniedModule(name.slice(0, dot))) : undefined);
    if (bad) reaches.set(name, `imports ${name}, which ${bad.does}`);
    else if (!NUMERIC.test(name)) unknown.push(name);
  }
  for (const name of uses.globals) {
    const bad = denied('builtins', name);
    if (bad && !COMMON.has(name)) reaches.set(name, `uses ${name}, which ${bad.does}`);
    else if (!HARMLESS.test(name) && !NUMERIC.test(name) && !isKnown('builtins', name) && !COMMON.has(name))
      unknown.push(name);
  }
  for (const name of uses.attributes) {
    if (STARTS.test(name)) reaches.set(`.${name}`, `uses the attribute ${name}`);
    else if (name.startsWith('__') && denied('builtins', name) !== undefined && !ORDINARY.has(name))
      reaches.set(`.${name}`, `uses the attribute ${name}, which leads to the insides of the interpreter`);
  }
  const kind: CodeKind =
    reaches.size > 0 ? 'reaches' : uses.isOpaque ? 'opaque' : unknown.length > 0 ? 'unknown' : 'computes';
  const list = [...reaches.values()];
  return { kind, uses, reaches: list, text: sentence(code, kind, uses, list, unknown) };
}

/** Attributes between underscores that ordinary classes and functions use. */
const ORDINARY = new Set([
  '__init__',
  '__new__',
  '__class__',
  '__name__',
  '__dict__',
  '__call__',
  '__doc__',
  '__get__',
  '__set__',
  '__enter__',
  '__exit__',
  '__module__',
]);

function sentence(
  code: Code,
  kind: CodeKind,
  uses: CodeUses,
  reaches: readonly string[],
  unknown: readonly string[],
): string {
  const what = `the function ${code.qualifiedName === '?' ? code.name : code.qualifiedName}`;
  const written = uses.versions.length === 0 ? '' : ` (Python ${spoken(uses.versions)})`;
  switch (kind) {
    case 'reaches':
      return `${what}${written} ${few(reaches)}`;
    case 'opaque':
      return `${what} has bytecode of no Python from 3.8 to 3.14; it mentions ${few(uses.globals) || 'no names'}`;
    case 'unknown':
      return `${what}${written} uses ${few(unknown)}, which nobody vouches for${alsoUses(uses)}`;
    case 'computes':
      return `${what}${written} only computes${alsoUses(uses)}`;
  }
}

function alsoUses({ globals, attributes, imports }: CodeUses): string {
  const all = [...new Set([...imports, ...globals, ...attributes.map((name) => `.${name}`)])];
  return all.length === 0 ? '' : ` (it refers to ${few(all)})`;
}

function spoken(versions: readonly string[]): string {
  return versions.length === 1 ? versions[0] : `${versions[0]}–${versions[versions.length - 1]}`;
}

function few(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMED);
  return `${shown.join(', ')}${names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : ''}`;
}
