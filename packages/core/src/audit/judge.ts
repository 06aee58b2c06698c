import type { PyGlobal } from '../pickle/values.js';
import { denied, deniedModule, isCarrier, type Denied } from './deny.js';
import { known, type Known, type Use } from './known/index.js';
import { isPlainMethod } from './methods.js';
import { noPolicy, type Rulebook } from './policy.js';
import type { Severity } from './rules/rule.js';

/**
 * `known`: vouched for. `judged`: harmless or not by its arguments, so each call is looked at. `carrier`: makes
 * functions of code in the file.
 */
export type NameKind = 'dangerous' | 'unknown' | 'known' | 'judged' | 'carrier';

/** What calling a name, or giving its instance a state, can do. */
export type Ability = 'constructs' | 'imports' | 'runs' | 'reads' | 'writes' | 'network';

export interface NameJudgement {
  readonly kind: NameKind;
  readonly can?: readonly Ability[];
  /** Of a known name: what it may be used for while a file is loaded; absent where the policy vouches for it. */
  readonly use?: Use;
  /** The library that has it, and the versions that were looked at. */
  readonly library?: string;
  readonly versions?: string;
  /** How it was judged: `swept`, `read`, `policy` … */
  readonly source?: string;
  /** Of a dangerous name: what it does, to follow "which". */
  readonly does?: string;
  /** What that means for whoever loads the file: one sentence. */
  readonly means?: string;
  readonly harm?: Denied['harm'];
  readonly severity?: Severity;
  readonly cwe?: string;
  readonly advisory?: string;
  /** True where the policy forbids it, whatever else is known. */
  readonly forbidden?: boolean;
}

const judgedByCall = new Set(
  Object.entries({
    builtins: 'getattr type',
    __builtin__: 'getattr type',
    functools: 'partial reduce',
    _functools: 'partial reduce',
    itertools: 'starmap',
    operator: 'attrgetter methodcaller',
    _operator: 'attrgetter methodcaller',
    copyreg: '_reconstructor __newobj__ __newobj_ex__',
    copy_reg: '_reconstructor __newobj__ __newobj_ex__',
    'numpy.core': '_ufunc_reconstruct',
    'numpy._core': '_ufunc_reconstruct',
    'torch.storage': '_load_from_bytes',
    'joblib.memory': 'Memory',
    'sklearn.externals.joblib.memory': 'Memory',
  }).flatMap(([module, names]) => names.split(' ').map((name) => `${module} ${name}`)),
);

/**
 * What is known of a pair (module, name), both exactly as Python resolves them. A policy may forbid any name, vouch for
 * unknown ones, and never for dangerous ones.
 */
export function judgeName(module: string, name: string, policy: Rulebook = noPolicy): NameJudgement {
  const { forbidden, vouched } = policy;
  if (!forbidden.isEmpty && (forbidden.exact(module, name) || forbidden.within(module)))
    return { kind: 'dangerous', does: 'the policy forbids', forbidden: true, source: 'policy' };
  const own = ownJudgement(module, name);
  if (own.kind !== 'unknown' || vouched.isEmpty) return own;
  // A wildcard covers plain names: a dotted one walks attributes, to wherever they lead.
  const isVouched = vouched.exact(module, name) || (vouched.within(module) && !name.includes('.'));
  return isVouched ? { kind: 'known', source: 'policy' } : own;
}

/** Judgements of names that are vouched for, which come in every file: there are no more than the tables have. */
const ofKnown = new Map<string, Map<string, NameJudgement>>();

function ownJudgement(module: string, name: string): NameJudgement {
  const before = ofKnown.get(module)?.get(name);
  if (before !== undefined) return before;
  const judgement = freshJudgement(module, name);
  if (judgement.kind === 'known') {
    const names = ofKnown.get(module);
    if (names === undefined) ofKnown.set(module, new Map([[name, judgement]]));
    else names.set(name, judgement);
  }
  return judgement;
}

function freshJudgement(module: string, name: string): NameJudgement {
  if (judgedByCall.has(`${module} ${name}`)) return { kind: 'judged' };
  if (isCarrier(module, name)) return { kind: 'carrier' };
  const bad = denied(module, name);
  if (bad) return { kind: 'dangerous', ...bad };
  const vouched = known(module, name) ?? methodOf(module, name);
  if (vouched === undefined) return { kind: 'unknown' };
  const { use, library, versions, by } = vouched;
  return { kind: 'known', use, library, versions, source: by, can: use === 'refers' ? ['runs'] : ['constructs'] };
}

/** A method of a class that is vouched for, as bound methods and partials of them are saved: it may be named. */
function methodOf(module: string, name: string): Known | undefined {
  const dot = name.indexOf('.');
  const [owner, method] = [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
  if (method.includes('.') || !isPlainMethod(owner, method)) return undefined;
  const found = known(module, owner);
  return found === undefined || found.use === 'refers' ? undefined : { ...found, use: 'refers' };
}

/** May a file make something with this known name while it is loaded, with any arguments? */
export function mayMake({ use }: NameJudgement, made: 'new' | 'call'): boolean {
  return use !== 'refers' && (use !== 'state' || made === 'new');
}

const order: readonly NameKind[] = ['dangerous', 'carrier', 'unknown', 'judged', 'known'];

/** Python 2 files name a thing twice: as written, and as Python 3 resolves it. The worse counts, for either may load it. */
export function judgeGlobal(global: PyGlobal, policy: Rulebook = noPolicy): NameJudgement {
  const resolved = judgeName(global.module, global.name, policy);
  const { spelled } = global;
  if (spelled === undefined) return resolved;
  const written = judgeName(spelled.module, spelled.name, policy);
  // What Python 3 renamed need not be listed under both names.
  return written.kind !== 'unknown' && order.indexOf(written.kind) < order.indexOf(resolved.kind) ? written : resolved;
}

/** Packages whose modules may be imported: doing so does nothing but define things. */
const harmlessPackages = new Set(
  (
    'numpy scipy pandas sklearn joblib threadpoolctl xgboost lightgbm catboost imblearn category_encoders statsmodels ' +
    'torch tensorflow keras transformers tokenizers nltk spacy matplotlib seaborn networkx sympy dateutil pytz six ' +
    'math cmath re json string datetime time random copy collections functools itertools operator warnings typing ' +
    'typing_extensions dataclasses abc enum statistics decimal fractions numbers unicodedata textwrap bisect heapq hashlib ' +
    'base64 struct array types calendar zoneinfo secrets difflib html csv zlib binascii queue reprlib pprint locale'
  ).split(' '),
);

/** What is known of importing a module by its name. */
export function judgeModule(module: string, policy: Rulebook = noPolicy): NameJudgement {
  if (!policy.forbidden.isEmpty && policy.forbidden.within(module))
    return { kind: 'dangerous', does: 'the policy forbids', forbidden: true, source: 'policy' };
  const bad = deniedModule(module);
  if (bad) return { kind: 'dangerous', ...bad };
  const [top] = module.split('.');
  return { kind: harmlessPackages.has(top) || policy.vouched.within(module) ? 'known' : 'unknown' };
}
