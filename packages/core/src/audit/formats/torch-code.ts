import type { AuditContext } from '../examiner.js';
import { listed, words } from './operators.js';
import { torchOperators } from './torch-ops.js';

/**
 * The operators that TorchScript code and exported graphs use. TorchScript is a small language: besides its own
 * classes and local variables, code reaches nothing but `torch.NAME`, `ops.NAMESPACE.NAME` and constants.
 */
const known: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(torchOperators).map(([namespace, names]) => [namespace, words(names)]),
);

/** Operators that reach beyond the graph, and what they do. */
const denied: readonly { readonly test: RegExp; readonly does: string }[] = [
  { test: /^aten::from_file$/, does: 'maps any file into memory, and may create or change it' },
  { test: /^aten::(save|load)$/, does: 'writes or reads any file' },
  { test: /^prim::(PythonOp|IgnoredPythonOp|CallPython)/, does: 'calls a Python function' },
  { test: /^prim::rpc_/, does: 'calls functions on other machines' },
  { test: /^(_?c10d\w*|symm_mem)::/, does: 'sends data to other machines' },
  { test: /^(inductor|aoti|_aoti\w*|aotinductor)::.*(load|run|compile)/, does: 'loads native code' },
];

/** Standard modules that .pt2 graphs call for sizes and numbers. */
const plain = words(
  `_operator.add _operator.sub _operator.mul _operator.floordiv _operator.truediv _operator.mod _operator.neg _operator.pow
   _operator.eq _operator.ne _operator.lt _operator.le _operator.gt _operator.ge _operator.getitem _operator.and_
   _operator.or_ _operator.not_ operator.add operator.sub operator.mul operator.floordiv operator.truediv operator.mod
   operator.neg operator.pow operator.eq operator.ne operator.lt operator.le operator.gt operator.ge operator.getitem
   math.ceil math.floor math.trunc math.sqrt math.log math.exp math.pow torch.sym_int torch.sym_float torch.sym_max
   torch.sym_min torch.sym_not torch.sym_sum torch.sym_sqrt torch._sym_sqrt torch.sym_ite`,
);

/** Classes of torch's own that packed parameters of quantised layers have. */
const classes = /^(torch\.)?classes\.(quantized|sparse|rnn|mkldnn|xnnpack)\.[A-Za-z0-9_]+$/;

/** Collects the operators of a file and judges them together. */
export class TorchUses {
  readonly #dangerous = new Map<string, string>();
  readonly #unknown = new Set<string>();
  readonly all = new Set<string>();

  /** An operator by its namespace and name. */
  operator(namespace: string, name: string): void {
    const full = `${namespace}::${name}`;
    if (this.all.has(full)) return;
    this.all.add(full);
    const bad = denied.find(({ test }) => test.test(full));
    if (bad !== undefined) this.#dangerous.set(full, bad.does);
    else if (known.get(namespace)?.has(name) !== true) this.#unknown.add(full);
  }

  /** A name in TorchScript code, such as `torch.relu` or `ops.quantized.linear`. */
  name(dotted: string): void {
    const parts = dotted.split('.');
    if (parts[0] === 'torch' && parts[1] === 'classes') this.#class(dotted);
    else if (parts[0] === 'torch' && parts.length >= 2) this.#builtin(parts[1]);
    else if (parts[0] === 'ops' && parts.length >= 3) this.operator(parts[1], parts[2]);
    else if (parts[0] === '__torch__' && parts[1] === 'torch' && parts[2] === 'classes')
      this.#class(parts.slice(1).join('.'));
  }

  /** The target of a node of an exported graph, such as `torch.ops.aten.linear.default`. */
  target(target: string): void {
    if (plain.has(target)) return;
    const found = /^torch\.ops\.([\w]+)\.([\w]+)(\.[\w]+)?$/.exec(target);
    if (found !== null) this.operator(found[1], found[2]);
    else {
      this.all.add(target);
      this.#unknown.add(target);
    }
  }

  /** `torch.NAME` in code is an operator of aten, or one of the language's own. */
  #builtin(name: string): void {
    this.operator(
      known.get('prim')?.has(name) === true && known.get('aten')?.has(name) !== true ? 'prim' : 'aten',
      name,
    );
  }

  #class(dotted: string): void {
    if (!classes.test(dotted)) this.#unknown.add(dotted);
  }

  report(context: AuditContext): void {
    for (const [name, does] of this.#dangerous)
      context.report('torchscript-operator', `it uses the operator ${name}, which ${does}`, { name, does });
    if (this.#unknown.size > 0)
      context.report('unknown-operator', `it uses operators that torch does not have: ${listed(this.#unknown)}`);
  }
}

/** Everything outside of strings and comments: names, and what stands between them. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*|[A-Za-z_][\w]*(?:\.[A-Za-z_][\w]*)*/g;

/** Lists what TorchScript code names. */
export function readTorchCode(code: string, uses: TorchUses): void {
  for (const { 0: token, index } of code.matchAll(TOKEN)) {
    if (token.startsWith('"') || token.startsWith("'") || token.startsWith('#')) continue;
    // What follows a bracket and a point is a method or an attribute of a value.
    if (index > 0 && code[index - 1] === '.') continue;
    if (token.includes('.')) uses.name(token);
  }
}

/** The classes that TorchScript code defines: `class Net(Module)` in `code/__torch__/a/b.py` is `__torch__.a.b.Net`. */
export function classesOf(code: string, path: string): string[] {
  const module = path.replace(/\.py$/, '').split('/').join('.');
  return [...code.matchAll(/^class ([A-Za-z_]\w*)/gm)].map(([, name]) => `${module}.${name ?? ''}`);
}
