/** The flags of Python's `re`, with its own bits (`re.I | re.M` is what a caller passes). */
export const Flag = {
  IGNORECASE: 2,
  LOCALE: 4,
  MULTILINE: 8,
  DOTALL: 16,
  UNICODE: 32,
  VERBOSE: 64,
  ASCII: 256,
} as const;

export const TYPE_FLAGS = Flag.ASCII | Flag.LOCALE | Flag.UNICODE;

/** The largest count a repeat may name; as a maximum it stands for "no end". */
export const MAX_REPEAT = 4294967295;

export type Category = 'word' | 'digit' | 'space';

export type SetItem =
  | { readonly kind: 'literal'; readonly code: number }
  | { readonly kind: 'range'; readonly first: number; readonly last: number }
  | { readonly kind: 'category'; readonly category: Category; readonly negate: boolean };

/** A position: `^`, `\A`, `$`, `\Z`, `\b`, `\B`. */
export type Anchor = 'beginning' | 'beginningString' | 'end' | 'endString' | 'boundary' | 'nonBoundary';

export type RepeatMode = 'greedy' | 'lazy' | 'possessive';

export type Sequence = Node[];

export type Node =
  | { readonly kind: 'literal' | 'notLiteral'; readonly code: number }
  | { readonly kind: 'any' }
  | { readonly kind: 'in'; readonly negate: boolean; readonly items: readonly SetItem[] }
  | { readonly kind: 'at'; readonly at: Anchor }
  | { readonly kind: 'branch'; readonly items: readonly Sequence[] }
  | {
      readonly kind: 'group';
      /** Number of the capturing group, 0 if it captures nothing. */
      readonly group: number;
      readonly addFlags: number;
      readonly deleteFlags: number;
      readonly body: Sequence;
    }
  | { readonly kind: 'atomic'; readonly body: Sequence }
  | {
      readonly kind: 'repeat';
      readonly mode: RepeatMode;
      readonly min: number;
      readonly max: number;
      readonly body: Sequence;
    }
  | { readonly kind: 'assert'; readonly negate: boolean; readonly behind: boolean; readonly body: Sequence }
  | { readonly kind: 'backreference'; readonly group: number }
  | { readonly kind: 'conditional'; readonly group: number; readonly yes: Sequence; readonly no: Sequence };

export interface ParsedPattern {
  readonly root: Sequence;
  readonly flags: number;
  /** Number of capturing groups. */
  readonly groups: number;
  readonly groupNames: ReadonlyMap<string, number>;
  /** Smallest and largest width of each group's content in code points; index 0 is unused. */
  readonly groupWidths: readonly (Width | undefined)[];
}

export type Width = readonly [least: number, most: number];

/** Beyond any width that matters. */
const WIDEST = 2 ** 64;

/** The least and most code points that a sequence can match. */
export function widthOf(sequence: Sequence, groupWidths: readonly (Width | undefined)[]): Width {
  let least = 0;
  let most = 0;
  for (const node of sequence) {
    const [a, b] = nodeWidth(node, groupWidths);
    least += a;
    most += b;
  }
  return [Math.min(least, WIDEST), Math.min(most, WIDEST)];
}

function nodeWidth(node: Node, groupWidths: readonly (Width | undefined)[]): Width {
  switch (node.kind) {
    case 'literal':
    case 'notLiteral':
    case 'any':
    case 'in':
      return [1, 1];
    case 'at':
    case 'assert':
      return [0, 0];
    case 'branch': {
      let [least, most] = [WIDEST, 0];
      for (const item of node.items) {
        const [a, b] = widthOf(item, groupWidths);
        least = Math.min(least, a);
        most = Math.max(most, b);
      }
      return [least, most];
    }
    case 'group':
    case 'atomic':
      return widthOf(node.body, groupWidths);
    case 'repeat': {
      const [a, b] = widthOf(node.body, groupWidths);
      return [a * node.min, node.max === MAX_REPEAT && b > 0 ? WIDEST : b * node.max];
    }
    case 'backreference':
      return groupWidths[node.group] ?? [0, WIDEST];
    case 'conditional': {
      const [a, b] = widthOf(node.yes, groupWidths);
      const [c, d] = widthOf(node.no, groupWidths);
      return [Math.min(a, c), Math.max(b, d)];
    }
  }
}
