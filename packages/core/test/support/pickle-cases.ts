import { readFileSync } from 'node:fs';
import {
  PyByteArray,
  PyDict,
  PyFloat,
  PyGlobal,
  PyInstance,
  PyPersistent,
  PySet,
  PyTuple,
  type PyValue,
} from '../../src/pickle/values.js';

/** One stream of fixtures/pickle/cases.json; oracle/make_pickles.py says how it is made. */
export interface Case {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly value?: unknown;
  readonly error?: string;
  readonly stricter?: string;
  readonly more?: string;
  readonly buffers?: readonly Uint8Array[];
  readonly extensions?: Readonly<Record<string, readonly [string, string]>>;
  readonly dis?: string;
  readonly disWhole?: boolean;
}

interface StoredCase extends Omit<Case, 'bytes' | 'buffers'> {
  readonly data: string;
  readonly buffers?: readonly string[];
}

export function readCases(): Case[] {
  const path = new URL('../../../../fixtures/pickle/cases.json', import.meta.url);
  const stored = JSON.parse(readFileSync(path, 'utf8')) as StoredCase[];
  return stored.map(({ data, buffers, ...rest }) => ({
    ...rest,
    bytes: new Uint8Array(Buffer.from(data, 'base64')),
    ...(buffers === undefined ? {} : { buffers: buffers.map((hex) => new Uint8Array(Buffer.from(hex, 'hex'))) }),
  }));
}

/** A value in the form that the oracle writes: structure, and ids where identity shows. */
export function tag(value: PyValue): unknown {
  const ids = new Map<object, number>();
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  const go = (v: PyValue): unknown => {
    if (v === null || typeof v === 'boolean' || typeof v === 'string') return v;
    if (typeof v === 'bigint') return { $: 'int', value: v < 0n ? `-0x${(-v).toString(16)}` : `0x${v.toString(16)}` };
    if (typeof v === 'number' && Number.isInteger(v)) return v;
    if (typeof v === 'number' || v instanceof PyFloat) {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, typeof v === 'number' ? v : v.value);
      return { $: 'float', bits: hex(new Uint8Array(view.buffer)) };
    }
    if (v instanceof Uint8Array) return { $: 'bytes', hex: hex(v) };
    if (v instanceof PyGlobal) return { $: 'class', module: v.module, name: v.name };
    if (v instanceof PyTuple && v.items.length === 0) return { $: 'tuple', items: [] };
    if (v instanceof PySet && v.kind === 'frozenset' && v.items.length === 0) return { $: 'frozenset', items: [] };
    const seen = ids.get(v);
    if (seen !== undefined) return { $: 'ref', id: seen };
    const id = ids.size;
    ids.set(v, id);
    const pairs = (dict: PyDict): unknown[] => [...dict.entries()].map(([key, item]) => [go(key), go(item)]);
    if (Array.isArray(v)) return { $: 'list', id, items: v.map(go) };
    if (v instanceof PyTuple) return { $: 'tuple', id, items: v.items.map(go) };
    if (v instanceof PySet) return { $: v.kind, id, items: v.items.map(go) };
    if (v instanceof PyDict) return { $: 'dict', id, items: pairs(v) };
    if (v instanceof PyByteArray) return { $: 'bytearray', id, hex: hex(v.bytes) };
    if (v instanceof PyPersistent) return { $: 'persistent', id, pid: go(v.id) };
    if (v instanceof PyInstance) {
      return {
        $: 'instance',
        id,
        made: v.made,
        class: go(v.callable),
        args: v.args.items.map(go),
        kwargs: v.kwargs && pairs(v.kwargs),
        ...(v.state === undefined ? {} : { state: go(v.state) }),
        ...(v.appended === undefined ? {} : { appended: v.appended.map(go) }),
        ...(v.entries === undefined ? {} : { entries: pairs(v.entries) }),
      };
    }
    throw new Error(`unexpected ${v.kind}`);
  };
  return go(value);
}

/** Sets have no order: both sides sorted by their JSON. Ids within are renumbered by the order of the file. */
export function withSortedSets(tagged: unknown): unknown {
  if (Array.isArray(tagged)) return tagged.map(withSortedSets);
  if (typeof tagged !== 'object' || tagged === null) return tagged;
  const node = tagged as Record<string, unknown>;
  const out = Object.fromEntries(Object.entries(node).map(([key, item]) => [key, withSortedSets(item)]));
  if (node['$'] === 'set' || node['$'] === 'frozenset') {
    const items = (out['items'] as unknown[]).map((item) => JSON.stringify(item)).sort();
    return { ...out, items };
  }
  return out;
}
