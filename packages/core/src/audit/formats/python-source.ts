import type { AuditContext } from '../examiner.js';
import { listed } from './operators.js';

/**
 * What Python source would import and call, as far as its words tell: no parser, but imports, and calls of what runs
 * code or reaches files. Enough to tell a module of layers from one that starts programs.
 */
const TOKEN = /("""|''')[\s\S]*?\1|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g;
const FROM = /^[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]+\(?([\w*, \t\n]+)\)?/gm;
const IMPORT = /^[ \t]*import[ \t]+([^\n;]+)/gm;
const CALL = /(?<![\w.])(eval|exec|compile|__import__|open|input|breakpoint|globals|vars|setattr|delattr)[ \t]*\(/g;
const DOTTED = /(?<![\w.])([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)[ \t]*\(/g;

/** Reports imports and calls that are denied. */
export function readSource(source: string, context: AuditContext): void {
  const code = source.replace(TOKEN, (token) => (token.startsWith('#') ? '' : '""'));
  /** What a name in the code stands for. */
  const aliases = new Map<string, string>();
  const dangerous = new Set<string>();
  const judge = (full: string): void => {
    const dot = full.lastIndexOf('.');
    const judged = context.judge(full.slice(0, dot), full.slice(dot + 1));
    if (judged.kind === 'dangerous') dangerous.add(full);
  };
  for (const [, list] of code.matchAll(IMPORT)) {
    for (const part of (list ?? '').split(',')) {
      const [module = '', , alias] = part.trim().split(/\s+/);
      aliases.set(alias ?? module.split('.')[0], alias === undefined ? module.split('.')[0] : module);
    }
  }
  for (const [, module = '', list = ''] of code.matchAll(FROM)) {
    for (const part of list.split(',')) {
      const [name = '', , alias] = part.trim().split(/\s+/);
      if (name === '') continue;
      aliases.set(alias ?? name, `${module}.${name}`);
      if (name !== '*') judge(`${module}.${name}`);
    }
  }
  for (const [, name = ''] of code.matchAll(CALL)) judge(`builtins.${name}`);
  for (const [, dotted = ''] of code.matchAll(DOTTED)) {
    const [first, ...rest] = dotted.split('.');
    const stands = aliases.get(first);
    if (stands !== undefined) judge([stands, ...rest].join('.'));
  }
  if (dangerous.size > 0)
    context.report('source-reaches', `its Python source uses ${listed(dangerous)}`, { name: [...dangerous][0] ?? '' });
}
