import type { AuditContext } from '../examiner.js';
import { at, isObject, objectsIn, type JsonObject, type JsonValue } from './json-value.js';
import { kerasClasses, kerasFunctions, kerasModules } from './keras-names.js';
import { words } from './operators.js';
import { escapes, quoted } from './paths.js';

/**
 * The configs of Keras 2 and 3: a tree of `{module, class_name, config, registered_name}`. Loading imports each module
 * and makes each class, wherever in the tree it stands, so every object that has a class name is judged.
 */
const modules: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(kerasModules).map(([module, names]) => [module, words(names)]),
);
const classes = words(kerasClasses);
const functions = words(kerasFunctions);

/** What stands for plain values. */
const values = words(
  '__keras_tensor__ __tensor__ __numpy__ __bytes__ __ellipsis__ __slice__ TensorShape __tuple__ CompositeTensorSpec',
);

/** Keras under its several names; what follows is Keras's own path. */
const HOME =
  /^(?:keras|tf_keras|tensorflow\.keras|tensorflow\.python\.keras|keras_core)(?:\.api(?:\._v\d)?)?(?:\.src)?(?:\.keras)?(\.[\w.]+)?$/;
/** Parts of Keras whose classes are layers and the like, in whichever file a version keeps them. */
const PARTS =
  /^\.(layers|models|engine|initializers|regularizers|constraints|activations|losses|metrics|optimizers|optimizer_v2|dtype_policies|mixed_precision|quantizers|ops|random|backend|legacy)(\.|$)/;

/** Classes and functions of Keras that run code, load files or reach the network. */
const unsafe: readonly { readonly test: RegExp; readonly does: string; readonly advisory?: string }[] = [
  { test: /(^|\.)get_file$/, does: 'downloads a file, or reads and unpacks one', advisory: 'CVE-2025-8747' },
  { test: /enable_unsafe_deserialization$/, does: 'switches off Keras’s own protection', advisory: 'CVE-2025-9906' },
  { test: /(^|\.)TFSMLayer$/, does: 'loads and runs another model from a path', advisory: 'CVE-2026-1462' },
  {
    test: /(^|\.)TorchModuleWrapper$/,
    does: 'unpickles a PyTorch module, which may run any code',
    advisory: 'CVE-2025-49655',
  },
  { test: /(^|\.)(JaxLayer|FlaxLayer)$/, does: 'calls functions that the config names' },
  {
    test: /(^|\.)(load_model|load_weights|model_from_json|model_from_config|load_img|image_dataset_from_directory|audio_dataset_from_directory|text_dataset_from_directory|pad_sequences_from_file|save_model|save_img|plot_model)$/,
    does: 'reads or writes files',
  },
  {
    test: /(^|\.)(func_load|deserialize_keras_object|get_custom_objects|CustomObjectScope|register_keras_serializable|get_registered_object|py_function|numpy_function|custom_gradient)$/,
    does: 'reaches the machinery that loads code',
  },
  {
    test: /(^|\.)(utils\.(file_utils|io_utils|python_utils|module_utils)|callbacks|config|saving|export|distribution)(\.|$)/,
    does: 'is no part of a model, and reaches files or Keras’s settings',
  },
];

/** Arguments that may be the path of a file, which the layer then reads (CVE-2025-12058). */
const FILES = words('vocabulary idf_weights');
const LOOKUPS = /Lookup|TextVectorization/;

/** Functions of TensorFlow that Keras 2 saved calls of as layers. */
const TF_FUNCTION =
  /^(math|nn|__operators__|linalg|strings|image|signal|bitwise|ragged|sparse|random|keras\.backend|compat\.v1\.nn|compat\.v1\.(transpose|gather|reshape))\.[\w.]+$|^(reshape|concat|stack|unstack|split|cast|transpose|expand_dims|squeeze|reduce_\w+|shape|slice|strided_slice|pad|tile|gather|gather_nd|where|zeros\w*|ones\w*|fill|range|repeat|reverse|argmax|argmin|identity|stop_gradient|broadcast_to|clip_by_value|one_hot|matmul|einsum|tensordot|norm|abs|add_n|exp|sqrt|square|maximum|minimum|add|subtract|multiply|divide|sigmoid|tanh|roll|meshgrid|convert_to_tensor|boolean_mask|dynamic_\w+|searchsorted|unique|sort|argsort|equal|greater|less|size|rank|eye|linspace|constant)$/;

/** Judges every object of a config. `what` is what messages call it: `config.json`, `model_config`. */
export function readKerasConfig(root: JsonValue, context: AuditContext, what: string): void {
  for (const { object, path } of objectsIn(root)) {
    const inner = object.get('config');
    const name = object.get('class_name');
    const details = { path: `${what}${path}` };
    if (typeof name === 'string') judgeObject(object, name, context, details);
    else judgePair(object.get('module'), object.get('registered_name'), context, details);
    for (const holder of [object, inner]) checkNames(holder, context, details);
    // The bytecode of a lambda, in the three forms that Keras has had for it.
    if (name !== 'Lambda' && name !== '__lambda__' && object.get('function_type') === 'lambda')
      lambda(undefined, context, details);
  }
}

interface Where {
  readonly path: string;
}

/** A module and a name where there is no class name. */
function judgePair(
  module: JsonValue | undefined,
  name: JsonValue | undefined,
  context: AuditContext,
  where: Where,
): void {
  if (typeof module === 'string' && typeof name === 'string') judgeName(module, name, context, where);
}

function judgeObject(object: JsonObject, name: string, context: AuditContext, where: Where): void {
  const module = object.get('module');
  const config = object.get('config');
  if (values.has(name)) return;
  if (name === '__lambda__' || name === 'Lambda') {
    lambda(name === 'Lambda' ? at(config, 'function') : config, context, where);
    return;
  }
  if (name === 'function') {
    const registered = object.get('registered_name');
    const called = typeof config === 'string' ? config : typeof registered === 'string' ? registered : '';
    if (typeof registered === 'string' && registered !== called && registered.includes('>'))
      unknown(registered, context, where);
    if (typeof module === 'string') judgeName(module, called, context, where);
    else if (!functions.has(called)) unknown(called, context, where);
    return;
  }
  if (name === '__typespec__') {
    const spec = object.get('spec_name');
    if (typeof spec === 'string' && typeof module === 'string' && !/^tensorflow\.python\.framework\.\w+$/.test(module))
      judgeName(module, spec, context, where);
    return;
  }
  if (LOOKUPS.test(name)) checkFiles(name, config, context, where);
  if (name === 'TFOpLambda' || name === 'SlicingOpLambda') {
    const called = at(config, 'function');
    if (typeof called !== 'string' || TF_FUNCTION.test(called)) return;
    context.report(
      'unknown-name',
      `its config calls TensorFlow’s ${quoted(called)}, which is on no list of harmless functions`,
      { ...where, name: called },
    );
    return;
  }
  const registered = object.get('registered_name');
  if (typeof module === 'string') judgeName(module, name, context, where);
  else if (typeof registered === 'string' && registered !== name) unknown(registered, context, where);
  else if (unsafeName(name) !== undefined) refuse(name, context, where);
  else if (!classes.has(name)) unknown(name, context, where);
}

/** A module and a name in it, as loading imports them. */
function judgeName(module: string, name: string, context: AuditContext, where: Where): void {
  const full = `${module}.${name}`;
  context.named(module, name);
  const home = HOME.exec(module);
  if (home !== null) {
    const part = home[1] ?? '';
    if (unsafeName(part === '' ? name : `${part.slice(1)}.${name}`) !== undefined) refuse(full, context, where);
    else if (modules.get(module)?.has(name) === true || modules.get(`keras${part}`)?.has(name) === true) return;
    else if ((part === '' || PARTS.test(part)) && (classes.has(name) || functions.has(name))) return;
    else unknown(full, context, where);
    return;
  }
  // Functions that Keras itself has are saved as if they were Python's own.
  if (module === 'builtins' && functions.has(name)) return;
  const judged = context.judge(module, name);
  if (judged.kind === 'known') return;
  if (judged.kind === 'dangerous')
    context.report('dangerous-name', `its config names ${full}, which ${judged.does ?? 'is denied'}`, {
      ...where,
      name: full,
      advisory: 'CVE-2025-1550',
    });
  else unknown(full, context, where);
}

function unsafeName(full: string): (typeof unsafe)[number] | undefined {
  return unsafe.find(({ test }) => test.test(full));
}

function refuse(full: string, context: AuditContext, where: Where): void {
  const found = unsafeName(full);
  context.report('keras-unsafe', `its config names ${full}, which ${found?.does ?? 'is denied'}`, {
    ...where,
    name: full,
    ...(found?.advisory === undefined ? {} : { advisory: found.advisory }),
  });
}

function unknown(full: string, context: AuditContext, where: Where): void {
  context.report(
    'unknown-name',
    `its config names ${quoted(full)}, which is on no list of names known to be harmless`,
    {
      ...where,
      name: full,
    },
  );
}

/** A Lambda layer: bytecode in the file, or a function that is found by its name. */
function lambda(code: JsonValue | undefined, context: AuditContext, where: Where): void {
  const text = [
    code,
    at(code, 'config', 'code'),
    at(code, 'config', 'value', 'code'),
    at(code, 'code'),
    at(code, 'value', 'code'),
    at(code, 0),
    at(code, 'config', 'value'),
  ].find((value): value is string => typeof value === 'string');
  const names = text === undefined ? [] : namesInBytecode(text);
  const what = names.length > 0 ? `, in which these words stand: ${names.slice(0, 12).join(', ')}` : '';
  context.report('keras-lambda', `it has a Lambda layer: Python code of its author’s${what}`, where);
}

/** Words in marshalled bytecode: the names it uses are among them. */
function namesInBytecode(base64: string): string[] {
  let bytes: string;
  try {
    bytes = atob(base64.replace(/\s/g, ''));
  } catch {
    return [];
  }
  // z and Z are short texts of ASCII, with their length before them.
  const found = new Set<string>();
  for (const { 0: word, index } of bytes.matchAll(/[A-Za-z_][\w.]{1,63}/g)) {
    for (let skip = 0; skip < 2; skip++) {
      const length = bytes.charCodeAt(index + skip - 1);
      const text = word.slice(skip);
      if (length > 1 && length <= text.length) found.add(text.slice(0, length));
    }
  }
  return [...found];
}

/** A vocabulary given as a path is read when the model is loaded. */
function checkFiles(name: string, config: JsonValue | undefined, context: AuditContext, where: Where): void {
  if (!isObject(config)) return;
  for (const [key, value] of config) {
    if (FILES.has(key) && typeof value === 'string')
      context.report('keras-file', `its ${name} reads the file ${quoted(value)} as its ${key}`, {
        ...where,
        advisory: 'CVE-2025-12058',
      });
  }
}

/** Names of layers become paths inside the archive that holds their weights and assets. */
function checkNames(holder: JsonValue | undefined, context: AuditContext, where: Where): void {
  const name = at(holder, 'name');
  if (typeof name !== 'string') return;
  const why = escapes(name);
  if (why !== undefined && why !== 'names a drive')
    context.report('path-escape', `the layer ${quoted(name)} ${why}`, { ...where, advisory: 'CVE-2025-12479' });
}
