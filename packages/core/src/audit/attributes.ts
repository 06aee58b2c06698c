import type { PyValue } from '../pickle/values.js';
import { valueText } from './call-text.js';
import { denied } from './deny.js';
import type { NameJudgement } from './judge.js';
import { GADGETS, isPlainMaker, isPlainMethod } from './methods.js';
import { attributeOf, type Meaning } from './resolve.js';

export interface AttributeJudgement {
  readonly rule: 'attribute-chain' | 'unknown-call' | 'dangerous-name' | 'unknown-name';
  readonly message: string;
  readonly name?: string;
  readonly judgement?: NameJudgement;
}

/**
 * What is to be said of taking the attribute `name` of `object`: undefined for a plain attribute of an object, as bound
 * methods are saved.
 */
export function judgeAttribute(
  object: PyValue | undefined,
  name: PyValue | undefined,
  judge: (module: string, name: string) => NameJudgement,
): AttributeJudgement | undefined {
  if (typeof name !== 'string' || object === undefined)
    return { rule: 'attribute-chain', message: 'it takes an attribute whose name another call gives' };
  if (typeof object === 'string' && name.startsWith('format') && object.includes('__'))
    return { rule: 'attribute-chain', message: 'it formats with a text that reaches for hidden attributes' };
  const meaning = attributeOf(object, name);
  if (meaning.kind === 'name') return ofName(meaning, name, judge);
  const word = valueText(name);
  if (name.startsWith('__') || name.includes('.'))
    return { rule: 'attribute-chain', message: `it takes the attribute ${word} on the way to something else` };
  if (denied('builtins', name) !== undefined || GADGETS.has(name))
    return { rule: 'attribute-chain', message: `it takes the attribute ${word}, as those do who are after it` };
  return undefined;
}

/** An attribute of a module, class or function. */
function ofName(
  { module, name }: Extract<Meaning, { kind: 'name' }>,
  last: string,
  judge: (module: string, name: string) => NameJudgement,
): AttributeJudgement | undefined {
  const full = `${module}.${name}`;
  const owner = name.slice(0, -last.length - 1);
  if (isPlainMethod(owner, last) && judge(module, owner).kind === 'known') return undefined;
  if (isPlainMaker(module, name)) return undefined;
  const judgement = judge(module, name);
  switch (judgement.kind) {
    case 'known':
    case 'judged':
    case 'carrier':
      return undefined;
    case 'dangerous':
      return name.includes('.') || last.startsWith('__')
        ? { rule: 'attribute-chain', message: `it takes ${full}, which ${judgement.does ?? ''}`, name: full, judgement }
        : {
            rule: 'dangerous-name',
            message: `it reaches ${full}, which ${judgement.does ?? ''}`,
            name: full,
            judgement,
          };
    case 'unknown':
      return {
        rule: owner === '' ? 'unknown-name' : 'unknown-call',
        message: `it takes ${full}, which is on no list of names known to be harmless`,
        name: full,
      };
  }
}
