import { allCodes, isNested, type Code } from './code.js';
import { nameIndex, read, type PythonVersion } from './disassemble.js';

/** What a function and everything inside it refers to. Each list in the order of first use, without repetition. */
export interface CodeUses {
  /** The Python versions that could run all of it; empty where its bytecode could not be read. */
  readonly versions: readonly PythonVersion[];
  /** `os`, and `subprocess.check_output` for a name imported from a module. */
  readonly imports: readonly string[];
  /** Names taken from the module it lives in, or from builtins. */
  readonly globals: readonly string[];
  /** Attributes and methods, of whatever object. */
  readonly attributes: readonly string[];
  /** Globals, attributes and names that it sets or deletes. */
  readonly sets: readonly string[];
  /** Texts among its constants. */
  readonly texts: readonly string[];
  /** Functions, classes and comprehensions inside, by their qualified names. */
  readonly inside: readonly string[];
  /**
   * True if some bytecode made sense in no version: written by hand, damaged, or of an older Python. All of its names are
   * then listed as `globals`.
   */
  readonly isOpaque: boolean;
}

/** Texts are for reading: so many. */
const MAX_TEXTS = 100;

/** Lists what a function uses, nested functions included. */
export function usesOf(code: Code): CodeUses {
  const imports = new Set<string>();
  const globals = new Set<string>();
  const attributes = new Set<string>();
  const sets = new Set<string>();
  const texts = new Set<string>();
  const inside = new Set<string>();
  let versions: readonly PythonVersion[] | undefined;
  let isOpaque = false;
  const codes = allCodes(code);
  for (const each of codes) {
    for (const constant of each.constants) {
      if (typeof constant === 'string' && texts.size < MAX_TEXTS) texts.add(constant);
      if (isNested(constant)) inside.add(constant.code.qualifiedName);
    }
    const reading = read(each);
    if (reading === undefined) {
      isOpaque = true;
      for (const name of each.names) globals.add(name);
      continue;
    }
    versions = versions?.filter((version) => reading.versions.includes(version)) ?? reading.versions;
    let module = '';
    for (const { name, argument } of reading.instructions) {
      if (argument === undefined) continue;
      const index = nameIndex(reading.versions[0], name, argument);
      if (index === undefined) continue;
      const word = each.names[index];
      switch (name) {
        case 'IMPORT_NAME':
          module = word;
          imports.add(word);
          break;
        case 'IMPORT_FROM':
          // `import a.b as c` fetches b from a once more.
          if (module.endsWith(`.${word}`)) break;
          imports.delete(module);
          imports.add(`${module}.${word}`);
          break;
        case 'LOAD_GLOBAL':
        case 'LOAD_NAME':
        case 'LOAD_FROM_DICT_OR_GLOBALS':
          globals.add(word);
          break;
        case 'LOAD_ATTR':
        case 'LOAD_METHOD':
        case 'LOAD_SUPER_ATTR':
          attributes.add(word);
          break;
        case 'STORE_NAME':
          // A class body names its own members so.
          if (each === code) sets.add(word);
          break;
        default:
          sets.add(word);
      }
    }
  }
  return {
    versions: versions ?? [],
    imports: [...imports],
    globals: [...globals],
    attributes: [...attributes],
    sets: [...sets],
    texts: [...texts],
    inside: [...inside],
    isOpaque,
  };
}
