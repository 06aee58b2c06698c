import type { ZipArchive } from '../../archive/zip.js';
import { readSkopsFile } from '../../formats/skops/index.js';
import { numpyUfuncs, scipyUfuncs } from '../../formats/skops/trusted.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { at, isObject, objectsIn, readJson, textOf, type JsonObject } from './json-value.js';
import { words } from './operators.js';
import { quoted } from './paths.js';
import { openArchive, visitMembers } from './zip-members.js';

/** Python's own types, which a pickle has opcodes for. */
const plain =
  /^builtins\.(bool|bytearray|bytes|complex|dict|float|frozenset|int|list|map|object|set|slice|str|tuple|NoneType|type|range|ellipsis|method|builtin_function_or_method|function)$/;
/** Every loader that skops has had. */
const loaders = words(
  `DictNode DefaultDictNode ListNode SetNode TupleNode BytesNode BytearrayNode SliceNode FunctionNode TypeNode MethodNode
   PartialNode OperatorFuncNode ConstructorFromReduceNode ObjectNode JsonNode CachedNode NdArrayNode MaskedArrayNode
   DTypeNode RandomStateNode RandomGeneratorNode SparseMatrixNode TreeNode LossNode SGDNode QuantileForestNode
   _DictWithDeprecatedKeysNode`,
);
/** The classes of `operator` that hold attributes to look up; everything else in it computes, or calls. */
const getters = new Set(['attrgetter', 'itemgetter', 'methodcaller']);
/** Attributes that lead from any object to everything, or run what they are given. */
const reaching = /^__|^(func_globals|gi_frame|f_globals|system|popen|eval|exec|load|loads|call|run|open)$/;

/**
 * skops files: every node of the schema is judged by the name that loading would import, whatever its loader; nodes that
 * say one name and make another are attacks on the judgement. The file is then read as skops reads it.
 */
export const examiner: Examiner = {
  formats: ['skops'],
  async examine(source, context) {
    const archive = await openArchive(source, context);
    if (archive === undefined) return;
    const raw = await readSchema(archive, context);
    await visitMembers(source, archive, context, ({ name }) => {
      if (name === 'schema.json') return () => undefined;
      // Bytes that a node keeps are data, whatever they look like.
      return raw.has(name)
        ? (content) => (content.size === 0 ? undefined : context.suspected(content, name))
        : undefined;
    });
    try {
      await readSkopsFile(source, { budget: context.budget.expansion, whole: true });
    } catch (error) {
      context.failed(error);
    }
  },
};

/** Judges the schema; answers the members that hold bytes. */
async function readSchema(archive: ZipArchive, context: AuditContext): Promise<Set<string>> {
  const inner = context.within('schema.json');
  const entry = archive.get('schema.json');
  if (entry === undefined) return new Set();
  try {
    const text = await textOf(await entry.open(context.budget.expansion));
    return schema(readJson(text, 'schema.json', inner), inner);
  } catch (error) {
    inner.failed(error);
    return new Set();
  }
}

/** Judges every node; answers the members that hold bytes. */
function schema(root: Parameters<typeof objectsIn>[0], context: AuditContext): Set<string> {
  const raw = new Set<string>();
  const judged = new Map<string, number>();
  for (const { object, path } of objectsIn(root)) {
    const loader = object.get('__loader__');
    if (typeof loader !== 'string') continue;
    if (!loaders.has(loader)) context.incomplete(`skops has no loader ${quoted(loader)}`, { path });
    const [module, name] = [object.get('__module__'), object.get('__class__')];
    if (typeof module === 'string' && typeof name === 'string') {
      const key = `${loader} ${module} ${name}`;
      judged.set(key, (judged.get(key) ?? 0) + 1);
      // Names come by the thousand: each is judged once for every loader.
      if (judged.get(key) === 1 && !isPlaceholder(object, loader, name)) judge(module, name, loader, path, context);
    }
    const file = object.get('file');
    if ((loader === 'BytesNode' || loader === 'BytearrayNode') && typeof file === 'string') raw.add(file);
    special(object, loader, path, context);
  }
  return raw;
}

/** Until 0.9, functions and methods were said to be of the classes `function` and `method`. */
function isPlaceholder(object: JsonObject, loader: string, name: string): boolean {
  if (loader === 'FunctionNode') return at(object, 'content', 'module_path') !== undefined;
  return loader === 'MethodNode' && name === 'method';
}

function judge(module: string, name: string, loader: string, path: string, context: AuditContext): void {
  const full = `${module}.${name}`;
  if (plain.test(full)) return;
  if (loader === 'OperatorFuncNode' && module === 'operator' && getters.has(name)) return;
  context.named(module, name);
  const judged = context.judge(module, name);
  if (judged.kind === 'dangerous') {
    context.report('dangerous-name', `its ${loader} names ${full}, which ${judged.does ?? 'is denied'}`, {
      path,
      name: full,
    });
  } else if (judged.kind === 'carrier') {
    context.report('carried-code', `its ${loader} makes code with ${full}`, { path, name: full });
  } else if (judged.kind === 'judged') {
    // partial and the like have loaders of their own, which make nothing else.
    if (!(loader === 'PartialNode' && name === 'partial'))
      context.report('unknown-call', `its ${loader} calls ${full} with arguments of its own`, { path, name: full });
  } else if (judged.kind === 'unknown' && !scipyUfuncs.has(full) && !numpyUfuncs.has(full)) {
    context.report('unknown-name', `its ${loader} names ${full}, which is on no list of names known to be harmless`, {
      path,
      name: full,
    });
  }
}

/** Loaders that take a name from another place than the one that is shown to whoever judges the file. */
function special(object: JsonObject, loader: string, path: string, context: AuditContext): void {
  const shown = `${String(text(object, '__module__'))}.${String(text(object, '__class__'))}`;
  const differs = (made: string, advisory: string): void => {
    context.report('skops-two-names', `its ${loader} shows ${quoted(shown)} and makes ${quoted(made)}`, {
      path,
      name: made,
      advisory,
    });
  };
  switch (loader) {
    case 'OperatorFuncNode': {
      const name = text(object, '__class__') ?? '';
      if (text(object, '__module__') !== 'operator' || !getters.has(name))
        differs(`operator.${name}`, 'CVE-2025-54412');
      for (const attribute of textsIn(object.get('attrs')))
        if (attribute.split('.').some((part) => reaching.test(part)))
          context.report('attribute-chain', `its ${loader} looks up ${quoted(attribute)}`, { path });
      return;
    }
    case 'MethodNode': {
      const owner = at(object, 'content', 'obj');
      const made = `${String(text(owner, '__module__'))}.${String(text(owner, '__class__'))}`;
      // Until 0.9 a method was said to be of the class `method`.
      if (made !== shown && !shown.endsWith('.method')) differs(made, 'CVE-2025-54413');
      const method = text(object.get('content'), 'func') ?? '';
      if (reaching.test(method))
        context.report('attribute-chain', `its ${loader} looks up ${quoted(method)}`, { path });
      return;
    }
    case 'FunctionNode': {
      const [module, name] = [text(object.get('content'), 'module_path'), text(object.get('content'), 'function')];
      if (module === undefined || name === undefined) return;
      judge(module, name, loader, path, context);
      return;
    }
  }
}

function text(value: Parameters<typeof at>[0], key: string): string | undefined {
  const found = at(value, key);
  return typeof found === 'string' ? found : undefined;
}

/** The texts in JSON nodes: skops keeps them as JSON within JSON. */
function textsIn(value: Parameters<typeof at>[0]): string[] {
  const out: string[] = [];
  if (value === undefined) return out;
  for (const { object } of objectsIn(value)) {
    const content = object.get('content');
    if (typeof content === 'string' && !isObject(content)) out.push(content.replace(/^"|"$/g, ''));
  }
  return out;
}
