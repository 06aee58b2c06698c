/**
 * What a name that is vouched for may be used for while a file is loaded.
 *
 * - `makes`: calling it with any arguments, or giving its instance any state, only builds data.
 * - `state`: an instance may be made without `__init__` and given any state; a call is not vouched for.
 * - `guarded`: as `makes`, if its state is one that the library itself would have written (guards.ts).
 * - `refers`: it may be named (a metric, the function of a transformer); a call at load time is not vouched for.
 */
export type Use = 'makes' | 'state' | 'guarded' | 'refers';

/**
 * How it was judged. `swept`: by reading, in the library itself, every method that loading runs. `seen`: harmless files of
 * a version that was not swept hold it, and its namesake in other versions was swept. `read`: by a person.
 */
export type KnownBy = 'swept' | 'seen' | 'read';

/** Names of one module that are alike in use, versions and judgement. Exact pairs; there is no wildcard. */
export interface KnownNames {
  readonly use: Use;
  readonly library: string;
  /** The versions of the library in which the names were met: `0.22–1.9`; empty where none was recorded. */
  readonly versions: string;
  readonly by: KnownBy;
  /** Separated by blanks. */
  readonly names: string;
}

/**
 * The names of one library that are vouched for. They are kept as text, which costs nothing to load, and become a table
 * when somebody asks for a module of one of its packages:
 *
 *     makes swept 0.22–1.9
 *      sklearn.cluster._kmeans KMeans MiniBatchKMeans
 */
export class KnownLibrary {
  readonly library: string;
  /** Its packages: what its modules begin with. */
  readonly roots: readonly string[];
  readonly #text: string;
  #modules: Map<string, KnownNames[]> | undefined;

  constructor(library: string, roots: string, text: string) {
    this.library = library;
    this.roots = roots.split(' ');
    this.#text = text;
  }

  /** Module → its names. */
  get modules(): ReadonlyMap<string, readonly KnownNames[]> {
    if (this.#modules) return this.#modules;
    const { library } = this;
    const modules = new Map<string, KnownNames[]>();
    let [use, by, versions] = ['refers' as Use, 'read' as KnownBy, ''];
    for (const line of this.#text.trim().split('\n')) {
      if (!line.startsWith(' ')) {
        const head = line.split(' ');
        [use, by, versions] = [head[0] as Use, head[1] as KnownBy, head[2] ?? ''];
        continue;
      }
      const behind = line.indexOf(' ', 1);
      const module = line.slice(1, behind);
      const entry = { use, library, versions, by, names: line.slice(behind + 1) };
      const before = modules.get(module);
      if (before) before.push(entry);
      else modules.set(module, [entry]);
    }
    return (this.#modules = modules);
  }
}
