import type { FileFacts } from './facts.js';
import type { VersionRange } from './ranges.js';
import { sklearnSpan } from './sklearn-spans.js';

/** What environments are made of. */
export type Library = 'Python' | 'scikit-learn' | 'numpy' | 'scipy' | 'joblib' | 'pandas' | 'skops';

/** One thing in the file that tells of versions. */
export interface Evidence {
  readonly of: Library;
  /** `wrote`: versions that may have written the file. `loads`: versions that can load it as it is. */
  readonly about: 'wrote' | 'loads';
  readonly range: VersionRange;
  /** The version is written in the file. */
  readonly recorded?: boolean;
  /** What was seen, in a clause: `it names numpy._core.multiarray`. */
  readonly because: string;
}

interface Rule {
  readonly of: Library;
  readonly wrote?: VersionRange;
  readonly loads?: VersionRange;
  /** What was seen, or undefined. */
  readonly seen: (facts: FileFacts) => string | undefined;
}

const named =
  (test: RegExp) =>
  ({ names }: FileFacts): string | undefined => {
    for (const name of names.keys()) if (test.test(name)) return `it names ${name}`;
    return undefined;
  };

const protocol =
  (n: number) =>
  (facts: FileFacts): string | undefined =>
    facts.protocol === n ? `its pickle protocol is ${n}` : undefined;

const holds =
  (set: 'treeNodes' | 'histogramNodes', what: string, field: string, present: boolean) =>
  (facts: FileFacts): string | undefined =>
    [...facts[set]].some((fields) => fields.split(' ').includes(field) === present)
      ? `the nodes of its ${what} have ${present ? 'a' : 'no'} field ${field}`
      : undefined;

const code =
  (n: number) =>
  ({ codeArguments }: FileFacts): string | undefined =>
    codeArguments.has(n) ? `it carries functions whose code has ${n} parts` : undefined;

const wrapper =
  (kind: 'padded' | 'plain' | 'sidecar', words: string) =>
  ({ wrappers }: FileFacts): string | undefined =>
    wrappers.has(kind) ? words : undefined;

/**
 * Every rule was seen in files of the versions it names; numbers of versions from the libraries' own sources
 * (CPython's What's New, numpy 1.26.1 and 2.0 notes, pandas/compat/pickle_compat.py, joblib's CHANGES.rst).
 */
const rules: readonly Rule[] = [
  { of: 'Python', wrote: { from: '3.8' }, loads: { from: '3.8' }, seen: protocol(5) },
  { of: 'Python', wrote: { from: '3.4' }, loads: { from: '3.4' }, seen: protocol(4) },
  { of: 'Python', wrote: { from: '3.0' }, loads: { from: '3.0' }, seen: protocol(3) },
  {
    of: 'Python',
    wrote: { below: '3.0' },
    seen: ({ python2Strings }) =>
      python2Strings ? 'its strings are written by opcodes that Python 3 never writes' : undefined,
  },
  {
    of: 'Python',
    wrote: { from: '3.0' },
    seen: ({ encodedBytes, python2Strings }) =>
      encodedBytes && !python2Strings
        ? 'it writes bytes as Python 3 does in old protocols (_codecs.encode)'
        : undefined,
  },
  { of: 'Python', wrote: { from: '3.13' }, loads: { from: '3.13' }, seen: named(/^pathlib\._local\./) },
  { of: 'Python', wrote: { from: '3.8', below: '3.11' }, loads: { from: '3.8', below: '3.11' }, seen: code(16) },
  { of: 'Python', wrote: { from: '3.11' }, loads: { from: '3.11' }, seen: code(18) },
  { of: 'Python', wrote: { from: '3.0', below: '3.8' }, loads: { from: '3.0', below: '3.8' }, seen: code(15) },

  { of: 'numpy', wrote: { from: '2.0' }, loads: { from: '1.26' }, seen: named(/^numpy\._core\./) },
  { of: 'numpy', wrote: { below: '2.0' }, seen: named(/^numpy\.core\./) },
  { of: 'numpy', wrote: { from: '2.0' }, loads: { from: '2.0' }, seen: named(/_convert_to_stringdtype_kwargs$/) },
  {
    of: 'numpy',
    wrote: { from: '1.24' },
    loads: { from: '1.24' },
    seen: ({ randomArguments }) =>
      (randomArguments.get('__randomstate_ctor') ?? 0) > 1 || (randomArguments.get('__generator_ctor') ?? 0) > 1
        ? 'it rebuilds random generators with two arguments'
        : undefined,
  },
  { of: 'numpy', wrote: { from: '1.17' }, loads: { from: '1.17' }, seen: named(/^numpy\.random\._pickle\./) },
  {
    of: 'numpy',
    wrote: { from: '1.16' },
    loads: { from: '1.16' },
    seen: named(/^numpy\.(?:_core|core)\.numeric\._frombuffer$/),
  },

  {
    of: 'scipy',
    wrote: { from: '1.9' },
    loads: { from: '1.9' },
    seen: named(/^scipy\.stats\._distn_infrastructure\.rv_\w+_frozen$/),
  },
  {
    of: 'scipy',
    wrote: { from: '1.8' },
    loads: { from: '1.8' },
    seen: named(/^scipy\.sparse\._(?:csr|csc|coo|bsr|dia|lil|dok)\./),
  },
  {
    of: 'scipy',
    wrote: { below: '1.8' },
    loads: { below: '2.0' },
    seen: named(/^scipy\.sparse\.(?:csr|csc|coo|bsr|dia|lil|dok)\./),
  },

  {
    of: 'joblib',
    wrote: { from: '1.2' },
    loads: { from: '1.2' },
    seen: wrapper('padded', 'joblib’s array wrappers say how far arrays are padded'),
  },
  {
    of: 'joblib',
    wrote: { from: '0.10', below: '1.2' },
    loads: { from: '0.10' },
    seen: wrapper('plain', 'joblib’s array wrappers know no padding'),
  },
  { of: 'joblib', wrote: { below: '0.10' }, seen: wrapper('sidecar', 'its arrays are in files of their own') },
  {
    of: 'joblib',
    wrote: { from: '0.11' },
    loads: { from: '0.11' },
    seen: ({ compression }) => (compression.includes('lz4') ? 'it is compressed with lz4' : undefined),
  },

  { of: 'pandas', wrote: { from: '3.0' }, loads: { from: '2.0' }, seen: named(/^pandas\.(?:DataFrame|Series|Index)$/) },
  { of: 'pandas', wrote: { below: '2.0' }, loads: { below: '2.0' }, seen: named(/^pandas\.core\.indexes\.numeric\./) },
  {
    of: 'pandas',
    wrote: { from: '1.4' },
    loads: { from: '1.4' },
    seen: named(/^pandas\._libs\.internals\._unpickle_block$/),
  },
  {
    of: 'pandas',
    wrote: { from: '1.3', below: '1.4' },
    loads: { from: '1.3' },
    seen: named(/^pandas\.core\.internals\.blocks\.new_block$/),
  },
  { of: 'pandas', wrote: { below: '0.20' }, loads: { below: '0.26' }, seen: named(/^pandas\.indexes\./) },

  {
    of: 'scikit-learn',
    wrote: { from: '1.3' },
    loads: { from: '1.3' },
    seen: holds('treeNodes', 'trees', 'missing_go_to_left', true),
  },
  {
    of: 'scikit-learn',
    wrote: { below: '1.3' },
    loads: { below: '1.3' },
    seen: holds('treeNodes', 'trees', 'missing_go_to_left', false),
  },
  {
    of: 'scikit-learn',
    wrote: { from: '0.24' },
    loads: { from: '0.24' },
    seen: holds('histogramNodes', 'boosted trees', 'is_categorical', true),
  },
  {
    of: 'scikit-learn',
    wrote: { below: '0.24' },
    loads: { below: '0.24' },
    seen: holds('histogramNodes', 'boosted trees', 'is_categorical', false),
  },
];

/** All that a file tells of versions, in the order of the rules; the names of scikit-learn once for each end that they set. */
export function evidenceOf(facts: FileFacts): Evidence[] {
  const found: Evidence[] = [];
  for (const [version, count] of facts.sklearnVersions)
    found.push({
      of: 'scikit-learn',
      about: 'wrote',
      recorded: true,
      range: { from: version, below: after(version) },
      because: `${count} of its objects record${count === 1 ? 's' : ''} scikit-learn ${version}`,
    });
  if (facts.skops?.version !== undefined)
    found.push({
      of: 'skops',
      about: 'wrote',
      recorded: true,
      range: { from: facts.skops.version, below: after(facts.skops.version) },
      because: `its schema records skops ${facts.skops.version}`,
    });
  for (const rule of rules) {
    const because = rule.seen(facts);
    if (because === undefined) continue;
    if (rule.wrote) found.push({ of: rule.of, about: 'wrote', range: rule.wrote, because });
    if (rule.loads) found.push({ of: rule.of, about: 'loads', range: rule.loads, because });
  }
  found.push(...sklearnNamesOf(facts));
  return found;
}

/** The modules and names of scikit-learn that not every version has: the tightest ends only. */
function sklearnNamesOf(facts: FileFacts): Evidence[] {
  const ends = new Map<string, Evidence>();
  for (const { module, name } of facts.names.values()) {
    const span = sklearnSpan(module, name);
    if (!span) continue;
    const what = span.ofModule ? `the module ${module}` : `${module}.${name}`;
    const { from, below } = span.range;
    if (from !== undefined)
      ends.set(`from ${from}`, { of: 'scikit-learn', about: 'loads', range: { from }, because: `it names ${what}` });
    if (below !== undefined)
      ends.set(`below ${below}`, { of: 'scikit-learn', about: 'loads', range: { below }, because: `it names ${what}` });
  }
  return [...ends.values()];
}

/** The least version above all of `1.3.2`'s own suffixes: `1.3.2.1` stands for it. */
function after(version: string): string {
  return `${version}.1`;
}
