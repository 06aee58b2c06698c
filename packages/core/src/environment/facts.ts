import type { Source } from '../bytes/source.js';
import { BrineError } from '../errors.js';
import { identify } from '../formats/identify/index.js';
import { readPickleFile } from '../formats/pickle/read.js';
import { PyDict, PyGlobal, PyInstance, PyTuple, type PyValue } from '../pickle/values.js';
import type { Observer } from '../pickle/world.js';
import { hasObject } from '../python/check.js';
import { Dtype, NdArray } from '../python/ndarray.js';

/** What a file betrays of the programs that wrote it: everything that evidence is drawn from. */
export interface FileFacts {
  readonly file: string;
  readonly format: string;
  readonly protocol: number | undefined;
  readonly compression: readonly string[];
  /** The names that loading imports, `module.name` as this Python 3 resolves them. */
  readonly names: ReadonlyMap<string, PyGlobal>;
  readonly modules: ReadonlySet<string>;
  /** Strings by opcodes that only Python 2 writes. */
  readonly python2Strings: boolean;
  /** Text that went through `_codecs.encode`: Python 3's bytes in protocols that had none. */
  readonly encodedBytes: boolean;
  /** `_sklearn_version` of the estimators, with how many record it, commonest first. */
  readonly sklearnVersions: readonly (readonly [string, number])[];
  /** joblib's array wrappers: with the padding that 1.2 brought, without it, or with arrays in files of their own. */
  readonly wrappers: ReadonlySet<'padded' | 'plain' | 'sidecar'>;
  /** The fields of the node tables of trees; each kind once. */
  readonly treeNodes: ReadonlySet<string>;
  /** The fields of the node tables of histogram gradient boosting. */
  readonly histogramNodes: ReadonlySet<string>;
  /** How many arguments code objects are made of: 15 in Python 3.0 to 3.7, 16 until 3.10, 18 since. */
  readonly codeArguments: ReadonlySet<number>;
  /** Numbers of arguments to numpy's constructors of random generators. */
  readonly randomArguments: ReadonlyMap<string, number>;
  /** Bit generators are named by their class, as numpy 2 does, and not by a word. */
  readonly generatorClasses: boolean;
  /** Attributes of the instances of a class, for the classes of scikit-learn that were met. */
  readonly attributes: ReadonlyMap<string, ReadonlySet<string>>;
  /** Instances to ask more of: the first of each class. */
  readonly instances: ReadonlyMap<string, PyInstance>;
  readonly skops: { readonly version: string | undefined; readonly protocol: number } | undefined;
}

/** Functions whose argument counts tell versions apart. */
const RANDOM = new Set(['__randomstate_ctor', '__RandomState_ctor', '__bit_generator_ctor', '__generator_ctor']);
const CODE = new Set(['CodeType', 'code', '_make_code', '_create_code', '_cell_new']);

/** Classes of which attributes are kept: a file names a few hundred at most (CWE-400). */
const MAX_CLASSES = 5000;

class Collector implements Observer {
  readonly names = new Map<string, PyGlobal>();
  readonly modules = new Set<string>();
  python2Strings = false;
  encodedBytes = false;
  readonly versions = new Map<string, number>();
  readonly wrappers = new Set<'padded' | 'plain' | 'sidecar'>();
  readonly treeNodes = new Set<string>();
  readonly histogramNodes = new Set<string>();
  readonly codeArguments = new Set<number>();
  readonly randomArguments = new Map<string, number>();
  generatorClasses = false;
  readonly attributes = new Map<string, Set<string>>();
  readonly instances = new Map<string, PyInstance>();
  readonly #seen = new Set<PyGlobal>();

  global(name: PyGlobal): void {
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    if (!this.names.has(name.fullName)) this.names.set(name.fullName, name);
    this.modules.add(name.module);
  }

  call(_made: 'new' | 'call', callable: PyValue, args: PyTuple): void {
    if (!(callable instanceof PyGlobal)) {
      // cloudpickle reaches CodeType by a call of its own.
      if (isCodeType(callable)) this.codeArguments.add(args.items.length);
      return;
    }
    if (RANDOM.has(callable.name)) {
      this.randomArguments.set(callable.name, args.items.length);
      if (callable.name === '__bit_generator_ctor' && args.items[0] instanceof PyGlobal) this.generatorClasses = true;
    }
    if (callable.module === '_codecs' && callable.name === 'encode') this.encodedBytes = true;
    else if (CODE.has(callable.name)) this.codeArguments.add(args.items.length);
  }

  python2String(): void {
    this.python2Strings = true;
  }

  build(target: PyValue, state: PyValue): void {
    if (!(target instanceof PyInstance)) return;
    const dict = state instanceof PyTuple ? state.items.find((part) => part instanceof PyDict) : state;
    if (!(dict instanceof PyDict)) return;
    if (target.name === 'NumpyArrayWrapper') {
      // Arrays of objects follow as pickles, without padding in any version.
      const dtype = dict.get('dtype');
      if (!(dtype instanceof Dtype && hasObject(dtype)))
        this.wrappers.add(dict.get('numpy_array_alignment_bytes') === undefined ? 'plain' : 'padded');
    } else if (target.name === 'NDArrayWrapper' || target.name === 'ZNDArrayWrapper') this.wrappers.add('sidecar');
    this.#state(target, dict);
  }

  /** What an instance's state tells; for pickles while they are read, for skops files afterwards. */
  #state(target: PyInstance, dict: PyDict): void {
    const version = dict.get('_sklearn_version');
    if (typeof version === 'string') this.versions.set(version, (this.versions.get(version) ?? 0) + 1);
    const nodes = dict.get('nodes');
    if (nodes instanceof NdArray) {
      if (target.name === 'Tree') this.treeNodes.add(fieldsOf(nodes.dtype));
      else if (target.name === 'TreePredictor') this.histogramNodes.add(fieldsOf(nodes.dtype));
    }
    if (!target.module.startsWith('sklearn') || this.attributes.size >= MAX_CLASSES) return;
    const key = `${target.module}.${target.name}`;
    let known = this.attributes.get(key);
    if (known === undefined) {
      this.attributes.set(key, (known = new Set()));
      this.instances.set(key, target);
    }
    for (const name of dict.keys) if (typeof name === 'string') known.add(name);
  }

  /** Goes through values that were not heard of while they were read. */
  walk(root: PyValue): void {
    const todo: PyValue[] = [root];
    const seen = new Set<PyValue>();
    for (let value = todo.pop(); value !== undefined; value = todo.pop()) {
      if (typeof value !== 'object' || value === null || seen.has(value)) continue;
      seen.add(value);
      if (value instanceof PyInstance) {
        const states = value.state instanceof PyTuple ? value.state.items : [value.state];
        for (const state of states)
          if (state instanceof PyDict) {
            this.#state(value, state);
            todo.push(...state.values);
          }
      } else if (value instanceof PyDict) todo.push(...value.values);
      else if (Array.isArray(value)) todo.push(...value);
      else if (value instanceof PyTuple) todo.push(...value.items);
      else if (value instanceof NdArray && Array.isArray(value.data)) todo.push(...value.data);
    }
  }
}

function isCodeType(callable: PyValue): boolean {
  return (
    callable instanceof PyInstance &&
    /^(?:_builtin_type|_load_type)$/.test(callable.name) &&
    callable.args.items[0] === 'CodeType'
  );
}

/** The names of a record's fields, and its size in bytes. */
function fieldsOf(dtype: Dtype): string {
  return `${(dtype.fields ?? []).map((f) => f.name).join(' ')} (${dtype.itemsize} bytes)`;
}

/**
 * Reads a pickle, joblib or skops file for what it tells of its writer. Nothing in it is run.
 * Throws BrineError as `open` does, and UNSUPPORTED for files that record no Python environment.
 */
export async function readFacts(source: Source): Promise<FileFacts> {
  const identity = await identify(source);
  if (identity.problem) throw identity.problem;
  const heard = new Collector();
  const common = (): Omit<FileFacts, 'format' | 'protocol' | 'compression' | 'skops'> => ({
    file: source.name,
    names: heard.names,
    modules: heard.modules,
    python2Strings: heard.python2Strings,
    encodedBytes: heard.encodedBytes,
    sklearnVersions: [...heard.versions].sort((a, b) => b[1] - a[1]),
    wrappers: heard.wrappers,
    treeNodes: heard.treeNodes,
    histogramNodes: heard.histogramNodes,
    codeArguments: heard.codeArguments,
    randomArguments: heard.randomArguments,
    generatorClasses: heard.generatorClasses,
    attributes: heard.attributes,
    instances: heard.instances,
  });
  if (identity.format === 'skops') {
    const { readSkopsFile } = await import('../formats/skops/index.js');
    const file = await readSkopsFile(source);
    for (const name of file.names) heard.global(name);
    heard.walk(file.value);
    const { version, protocol } = file;
    return { ...common(), format: 'skops', protocol: undefined, compression: [], skops: { version, protocol } };
  }
  if (identity.format !== 'pickle' && identity.format !== 'joblib')
    throw new BrineError(
      'UNSUPPORTED',
      `only pickle, joblib and skops files tell of the Python that wrote them; this is ${identity.format} (${identity.why})`,
      { file: source.name },
    );
  const file = await readPickleFile(source, { observer: heard });
  const joblib = file.joblib || file.compression.length > 0;
  return {
    ...common(),
    format: joblib ? 'joblib' : 'pickle',
    protocol: file.protocol,
    compression: file.compression,
    skops: undefined,
  };
}
