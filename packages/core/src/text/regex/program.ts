import { BrineError, type Place } from '../../errors.js';
import { CodeSet } from '../unicode/code-set.js';
import { Flag, TYPE_FLAGS, widthOf } from './ast.js';
import type { Anchor, Node, ParsedPattern, Sequence } from './ast.js';
import { categorySet, unitSet, type UnitNode } from './charset.js';

/** What an instruction does. Consuming ones come first. */
export const Op = {
  CODE: 0,
  SET: 1,
  REPEAT_ONE: 2,
  LAZY_ONE: 3,
  POSSESSIVE_ONE: 4,
  MARK: 5,
  AT: 6,
  BRANCH: 7,
  REPEAT: 8,
  MAX_UNTIL: 9,
  MIN_UNTIL: 10,
  POSSESSIVE: 11,
  ATOMIC: 12,
  ASSERT: 13,
  ASSERT_NOT: 14,
  BACKREFERENCE: 15,
  CONDITIONAL: 16,
  SUCCESS: 17,
} as const;

/**
 * One instruction; `next` is what follows it when it succeeds. One shape for all of them keeps the
 * matcher's loop monomorphic. `a` and `b` are by `op`:
 *
 *     CODE a = code point · MARK a = mark number · AT a = position of `anchorNumbers`
 *     REPEAT… a = least, b = most · ASSERT… a = code points to step back
 *     BACKREFERENCE a = group, b = how to compare (0, IGNORECASE, IGNORECASE | UNICODE) · CONDITIONAL a = group
 */
export interface Instruction {
  op: number;
  next: Instruction | undefined;
  a: number;
  b: number;
  set: CodeSet;
  body: Instruction | undefined;
  alternatives: readonly Instruction[];
}

export interface Program {
  readonly start: Instruction;
  readonly groups: number;
  /** What a match must begin with; undefined when it may be empty or nothing is known. */
  readonly first: CodeSet | undefined;
}

export const Position = {
  BEGINNING: 0,
  BEGINNING_OF_LINE: 1,
  END: 2,
  END_OF_LINE: 3,
  END_OF_STRING: 4,
  BOUNDARY: 5,
  NON_BOUNDARY: 6,
} as const;

const positions: Record<Anchor, readonly [plain: number, multiline: number]> = {
  beginning: [Position.BEGINNING, Position.BEGINNING_OF_LINE],
  beginningString: [Position.BEGINNING, Position.BEGINNING],
  end: [Position.END, Position.END_OF_LINE],
  endString: [Position.END_OF_STRING, Position.END_OF_STRING],
  boundary: [Position.BOUNDARY, Position.BOUNDARY],
  nonBoundary: [Position.NON_BOUNDARY, Position.NON_BOUNDARY],
};

/** Sets of more ranges than this get a table of the basic plane instead of a binary search … */
const WIDE_SET_RANGES = 8;
/** … as long as one pattern has at most so many such sets (64 KiB each, CWE-789). */
const WIDE_SETS_LIMIT = 16;

/**
 * Different sets of characters in one pattern. Folding `[\w…]` for IGNORECASE takes half a millisecond, and
 * a pattern within its length limit may spell ten thousand of them (CWE-400). Real ones have a dozen.
 */
export const PATTERN_SETS_LIMIT = 1000;

export function compileProgram(parsed: ParsedPattern, place: Place): Program {
  const start = new Compiler(parsed, place).compile();
  return { start, groups: parsed.groups, first: firstSet(start) };
}

function instruction(op: number, next: Instruction | undefined, a = 0, b = 0): Instruction {
  return { op, next, a, b, set: CodeSet.empty, body: undefined, alternatives: [] };
}

function isUnit(node: Node): node is UnitNode {
  return node.kind === 'literal' || node.kind === 'notLiteral' || node.kind === 'any' || node.kind === 'in';
}

class Compiler {
  readonly #parsed: ParsedPattern;
  readonly #sets = new Map<string, CodeSet>();
  readonly #place: Place;
  #wideSets = 0;

  constructor(parsed: ParsedPattern, place: Place) {
    this.#parsed = parsed;
    this.#place = place;
  }

  compile(): Instruction {
    return this.#sequence(this.#parsed.root, this.#parsed.flags, instruction(Op.SUCCESS, undefined));
  }

  /** Last node first, each linked to what follows it. */
  #sequence(sequence: Sequence, flags: number, next: Instruction): Instruction {
    let following = next;
    for (let i = sequence.length - 1; i >= 0; i--) following = this.#node(sequence[i], flags, following);
    return following;
  }

  #closed(sequence: Sequence, flags: number): Instruction {
    return this.#sequence(sequence, flags, instruction(Op.SUCCESS, undefined));
  }

  #node(node: Node, flags: number, next: Instruction): Instruction {
    if (isUnit(node)) return this.#unit(Op.SET, node, flags, next);
    switch (node.kind) {
      case 'at': {
        const made = instruction(Op.AT, next, positions[node.at][(flags & Flag.MULTILINE) === 0 ? 0 : 1]);
        made.set = this.#widened(categorySet('word', flags));
        return made;
      }
      case 'branch': {
        const made = instruction(Op.BRANCH, next);
        made.alternatives = node.items.map((item) => this.#sequence(item, flags, next));
        return made;
      }
      case 'group': {
        const inner = combineFlags(flags, node.addFlags, node.deleteFlags);
        if (node.group === 0) return this.#sequence(node.body, inner, next);
        const mark = 2 * (node.group - 1);
        const close = instruction(Op.MARK, next, mark + 1);
        return instruction(Op.MARK, this.#sequence(node.body, inner, close), mark);
      }
      case 'atomic': {
        const made = instruction(Op.ATOMIC, next);
        made.body = this.#closed(node.body, flags);
        return made;
      }
      case 'assert': {
        const back = node.behind ? widthOf(node.body, this.#parsed.groupWidths)[0] : 0;
        const made = instruction(node.negate ? Op.ASSERT_NOT : Op.ASSERT, next, back);
        made.body = this.#closed(node.body, flags);
        return made;
      }
      case 'backreference':
        return instruction(
          Op.BACKREFERENCE,
          next,
          node.group,
          (flags & Flag.IGNORECASE) === 0 ? 0 : flags & (Flag.IGNORECASE | Flag.UNICODE),
        );
      case 'conditional': {
        const made = instruction(Op.CONDITIONAL, this.#sequence(node.no, flags, next), node.group);
        made.body = this.#sequence(node.yes, flags, next);
        return made;
      }
      case 'repeat':
        return this.#repeat(node, flags, next);
    }
  }

  #repeat(node: Extract<Node, { kind: 'repeat' }>, flags: number, next: Instruction): Instruction {
    const { mode, min, max } = node;
    const simple = simpleUnit(node.body, flags);
    if (simple !== undefined) {
      const op = { greedy: Op.REPEAT_ONE, lazy: Op.LAZY_ONE, possessive: Op.POSSESSIVE_ONE }[mode];
      return this.#unit(op, simple.node, simple.flags, next, min, max);
    }
    if (mode === 'possessive') {
      const made = instruction(Op.POSSESSIVE, next, min, max);
      made.body = this.#closed(node.body, flags);
      return made;
    }
    const until = instruction(mode === 'greedy' ? Op.MAX_UNTIL : Op.MIN_UNTIL, next);
    const made = instruction(Op.REPEAT, until, min, max);
    made.body = this.#sequence(node.body, flags, until);
    return made;
  }

  #unit(op: number, node: UnitNode, flags: number, next: Instruction, min = 0, max = 0): Instruction {
    const set = this.#widened(node.kind === 'in' ? this.#setOf(node, flags) : unitSet(node, flags));
    if (op === Op.SET && set.single >= 0) return instruction(Op.CODE, next, set.single);
    const made = instruction(op, next, min, max);
    made.set = set;
    return made;
  }

  #setOf(node: Extract<UnitNode, { kind: 'in' }>, flags: number): CodeSet {
    const key = `${flags} ${JSON.stringify(node)}`;
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    if (this.#sets.size >= PATTERN_SETS_LIMIT) {
      throw new BrineError(
        'LIMIT',
        `the pattern has more than PATTERN_SETS_LIMIT (${PATTERN_SETS_LIMIT}) different sets of characters`,
        this.#place,
      );
    }
    const set = unitSet(node, flags);
    this.#sets.set(key, set);
    return set;
  }

  #widened(set: CodeSet): CodeSet {
    if (set.bounds.length > 2 * WIDE_SET_RANGES && this.#wideSets < WIDE_SETS_LIMIT) {
      this.#wideSets++;
      set.widen();
    }
    return set;
  }
}

function combineFlags(flags: number, add: number, remove: number): number {
  const kept = (add & TYPE_FLAGS) === 0 ? flags : flags & ~TYPE_FLAGS;
  return (kept | add) & ~remove;
}

/** The one unit that a repeat's body consists of, if it does. */
function simpleUnit(body: Sequence, flags: number): { node: UnitNode; flags: number } | undefined {
  let inner = flags;
  let sequence = body;
  for (;;) {
    if (sequence.length !== 1) return undefined;
    const node = sequence[0];
    if (isUnit(node)) return { node, flags: inner };
    if (node.kind !== 'group' || node.group !== 0) return undefined;
    inner = combineFlags(inner, node.addFlags, node.deleteFlags);
    sequence = node.body;
  }
}

/** Instructions looked at in search of a first character; patterns that need more do without. */
const FIRST_SET_EFFORT = 200;

function firstSet(start: Instruction): CodeSet | undefined {
  const found: CodeSet[] = [];
  const todo: Instruction[] = [start];
  for (let effort = 0; todo.length > 0; effort++) {
    const at = todo.pop() as Instruction;
    if (effort >= FIRST_SET_EFFORT) return undefined;
    switch (at.op) {
      case Op.CODE:
        found.push(CodeSet.ofCodes([at.a]));
        break;
      case Op.SET:
        found.push(at.set);
        break;
      case Op.REPEAT_ONE:
      case Op.LAZY_ONE:
      case Op.POSSESSIVE_ONE:
        if (at.b > 0) found.push(at.set);
        if (at.a === 0) todo.push(at.next as Instruction);
        break;
      case Op.MARK:
      case Op.AT:
      case Op.ASSERT:
      case Op.ASSERT_NOT:
        todo.push(at.next as Instruction);
        break;
      case Op.BRANCH:
        todo.push(...at.alternatives.slice(0, FIRST_SET_EFFORT));
        if (at.alternatives.length > FIRST_SET_EFFORT) return undefined;
        break;
      case Op.REPEAT:
        if (at.b === 0) todo.push((at.next as Instruction).next as Instruction);
        else {
          todo.push(at.body as Instruction);
          if (at.a === 0) todo.push((at.next as Instruction).next as Instruction);
        }
        break;
      default:
        // The end, or something whose content may be empty.
        return undefined;
    }
  }
  const set = CodeSet.union(found);
  if (set.bounds.length > 2 * WIDE_SET_RANGES) set.widen();
  return set;
}
