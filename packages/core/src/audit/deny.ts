/**
 * What is known against names: which module or function does what, how bad that is, and who found it first. Names are
 * pairs (module, name) exactly as Python resolves them; what is not found here is not thereby harmless (known/).
 */
import { advisories } from './deny/advisories.js';
import { carriers } from './deny/carriers.js';
import { deep } from './deny/deep.js';
import { harms, type DenyTable, type HarmId, type HarmSeverity } from './deny/harms.js';
import { numeric } from './deny/numeric.js';
import { packages } from './deny/packages.js';
import { python } from './deny/python.js';
import { isKnown } from './known/index.js';

export interface Denied {
  /** What it does, to follow "which". */
  readonly does: string;
  readonly harm: HarmId;
  readonly severity: HarmSeverity;
  readonly cwe: string;
  /** What that means for whoever loads the file: one sentence. */
  readonly means: string;
  /** The public advisory that named it first. */
  readonly advisory?: string;
  /** The library it belongs to. */
  readonly library?: string;
}

interface Entry {
  readonly harm: HarmId;
  readonly library: string;
}

interface Index {
  readonly modules: ReadonlyMap<string, Entry>;
  readonly functions: ReadonlyMap<string, Entry>;
  /** `module name` of what is denied by itself. */
  readonly names: ReadonlyMap<string, Entry>;
  readonly except: ReadonlySet<string>;
}

const index = indexed([python, ...numeric, ...deep, ...packages]);

function indexed(tables: readonly DenyTable[]): Index {
  const modules = new Map<string, Entry>();
  const functions = new Map<string, Entry>();
  const names = new Map<string, Entry>();
  const except = new Set<string>();
  for (const table of tables) {
    const { library } = table;
    const fill = (into: Map<string, Entry>, from: Partial<Record<HarmId, string>>, prefix = ''): void => {
      for (const [harm, list] of Object.entries(from))
        for (const key of list.split(' ')) into.set(prefix + key, { harm: harm as HarmId, library });
    };
    fill(modules, table.modules ?? {});
    fill(functions, table.functions ?? {});
    for (const [module, byHarm] of Object.entries(table.names ?? {})) fill(names, byHarm, `${module} `);
    for (const [module, list] of Object.entries(table.except ?? {}))
      for (const name of list.split(' ')) except.add(`${module} ${name}`);
  }
  return { modules, functions, names, except };
}

/** Python 2's own names, and C's, for modules above. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['__builtins__', 'builtins'],
  ['_operator', 'operator'],
  ['_functools', 'functools'],
  ['_collections', 'collections'],
  ['_typing', 'typing'],
  ['sre', 're'],
  ['copy_reg', 'copyreg'],
]);

/** Modules that other modules hold as attributes: `joblib.memory.os` is os. */
const reachable: ReadonlySet<string> = new Set(
  (
    'os sys subprocess builtins __builtin__ importlib shutil socket ctypes posix nt pickle cPickle _pickle marshal runpy ' +
    'pty code codeop pdb urllib requests tempfile multiprocessing threading inspect imp pkgutil io types operator gc ' +
    'platform webbrowser asyncio linecache pathlib glob signal logging warnings traceback weakref contextlib dill ' +
    'cloudpickle joblib pip setuptools distutils commands sysconfig site codecs zipfile tarfile sqlite3 http ssl ' +
    'ftplib smtplib pydoc timeit ast dis uuid'
  ).split(' '),
);

/** What Python keeps behind attributes: the way from any object to everything. */
const HIDDEN =
  /^__(builtins|globals|import|dict|subclasses|class|bases|base|mro|loader|spec|getattribute|getattr|setattr|delattr|reduce|reduce_ex|init|new|code|closure|func|self|module|wrapped|call|init_subclass|set_name|build_class|path|file|cached|package|get|set|delete|annotations|annotate|defaults|kwdefaults|weakref|slots|prepare|instancecheck|subclasscheck|missing|enter|exit|del)(__)?_?_?$/;

/** Attributes of frames, generators, functions and tracebacks that lead to globals and code. */
const INSIDES =
  /^(f_globals|f_locals|f_back|f_builtins|f_code|gi_frame|gi_code|cr_frame|cr_code|ag_frame|ag_code|tb_frame|tb_next|func_globals|func_code|func_closure|co_code|co_consts|co_names|mro|im_func|im_self|im_class)$/;

/** Why a name is denied; undefined where nothing is known against it. Modules and names exactly as Python resolves them. */
export function denied(module: string, name: string): Denied | undefined {
  if (name.includes('.')) return deniedPath(module, name);
  const home = aliases.get(module) ?? module;
  const own = index.names.get(`${home} ${name}`);
  if (own) return because(own, home, name);
  if (isCarrier(home, name)) return undefined;
  if (HIDDEN.test(name) || INSIDES.test(name)) return inside(harms.inspect.does);
  if (index.except.has(`${home} ${name}`)) return undefined;
  if (reachable.has(name) && !isClass(name))
    return inside(`is a module reached through another, and ${harms.inspect.does}`);
  for (let prefix = home; ; prefix = prefix.slice(0, prefix.lastIndexOf('.'))) {
    const whole = index.modules.get(prefix);
    if (whole !== undefined) return because(whole, home, name);
    const functions = index.functions.get(prefix);
    if (functions !== undefined) return isClass(name) ? undefined : because(functions, home, name);
    if (!prefix.includes('.')) return undefined;
  }
}

/** Why a module as a whole is denied: importing it, or holding it, is the first half of what it does. */
export function deniedModule(module: string): Denied | undefined {
  const home = aliases.get(module) ?? module;
  for (let prefix = home; ; prefix = prefix.slice(0, prefix.lastIndexOf('.'))) {
    const whole = index.modules.get(prefix);
    if (whole !== undefined) return because(whole, home, '');
    if (!prefix.includes('.')) return undefined;
  }
}

/** Dotted names walk attributes: `pathlib` `os.system` is `os.system`. */
function deniedPath(module: string, name: string): Denied | undefined {
  const home = aliases.get(module) ?? module;
  const own = index.names.get(`${home} ${name}`);
  if (own) return because(own, home, name);
  if (isKnown(home, name)) return undefined;
  const steps = name.split('.');
  const last = steps[steps.length - 1];
  if (steps.some((step) => HIDDEN.test(step) || INSIDES.test(step) || step === '')) return inside(harms.inspect.does);
  const through = steps.slice(0, -1).find((step) => reachable.has(step));
  if (through !== undefined)
    return denied(through, last) ?? inside(`is reached through ${through}, and ${harms.inspect.does}`);
  for (let i = 0; i < steps.length - 1; i++) {
    const found = denied([home, ...steps.slice(0, i + 1)].join('.'), steps[i + 1]) ?? denied(home, steps[i]);
    if (found) {
      const advisory = advisories.get(`${home} ${name}`);
      return advisory === undefined ? found : { ...found, advisory };
    }
  }
  // Through a class to its method is how bound methods are saved; through anything else there is no good reason.
  return isClass(steps[0]) || steps[0] === '<locals>'
    ? undefined
    : inside(`walks from ${module} through ${steps[0]} to what is not its own`);
}

function because({ harm, library }: Entry, module: string, name: string): Denied {
  const { does, severity, cwe, means } = harms[harm];
  const advisory = advisoryOf(module, name);
  return { does, harm, severity, cwe, means, library, ...(advisory === undefined ? {} : { advisory }) };
}

function inside(does: string): Denied {
  const { severity, cwe, means } = harms.inspect;
  return { does, harm: 'inspect', severity, cwe, means };
}

function advisoryOf(module: string, name: string): string | undefined {
  const exact = advisories.get(`${module} ${name}`);
  if (exact !== undefined) return exact;
  for (let prefix = module; ; prefix = prefix.slice(0, prefix.lastIndexOf('.'))) {
    const found = advisories.get(prefix);
    if (found !== undefined || !prefix.includes('.')) return found;
  }
}

/** Does the name make functions, classes or modules of what is in the file? Their code runs when it is used. */
export function isCarrier(module: string, name: string): boolean {
  return carriers.get(aliases.get(module) ?? module)?.has(name) ?? false;
}

function isClass(name: string): boolean {
  return /^_*[A-Z]/.test(name);
}
