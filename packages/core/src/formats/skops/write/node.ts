import type { PyValue } from '../../../pickle/values.js';
import { BrineError } from '../../../errors.js';
import type { Members } from './members.js';

/** A Python value whose node stands here. */
export class Child {
  readonly value: PyValue;
  /** True where skops looks at the node's class before it knows whose node it is. */
  readonly named: boolean;
  constructor(value: PyValue, named = false) {
    this.value = value;
    this.named = named;
  }
}

/** Members of a JSON object, in the order in which skops visits what they hold. */
export class Fields {
  readonly entries: readonly (readonly [string, Part])[];
  constructor(entries: readonly (readonly [string, Part])[]) {
    this.entries = entries;
  }
}

/** JSON text, a node, a list of nodes, or an object. */
export type Part = string | Child | readonly Child[] | Fields;

/** A node: what loads it, whose class it is of, and the rest of its members. */
export interface Node {
  readonly loader: string;
  readonly module: string;
  readonly name: string;
  readonly fields: readonly (readonly [string, Part])[];
}

/** What handlers of values may ask. */
export interface Writing {
  readonly protocol: number;
  /** 2 where the file is for numpy 2: two of its classes are called otherwise. */
  readonly numpy: 1 | 2;
  readonly members: Members;
  /** The list of the types of a dict's keys: the same list for the same types, so that it is written once. */
  readonly keyTypes: (types: readonly PyValue[]) => PyValue[];
  /** Something that the file will not hold. */
  readonly lose: (what: string) => void;
}

export const child = (value: PyValue): Child => new Child(value);
export const children = (values: readonly PyValue[]): Child[] => values.map(child);

export function node(loader: string, module: string, name: string, ...fields: (readonly [string, Part])[]): Node {
  return { loader, module, name, fields };
}

/** Something that skops has no place for, or would load as something else. */
export function unsayable(what: string): BrineError {
  return new BrineError('UNSUPPORTED', `skops cannot hold ${what.replace(/^a (?=[aeiou])/i, 'an ')}`);
}
