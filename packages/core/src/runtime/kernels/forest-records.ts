import type { TreeNodes } from '../../graph/ensemble.js';
import type { NodeField } from '../../graph/node-field.js';
import { keyAtMost } from './float-order.js';
import type { Slots } from './slots.js';

/**
 * The fast way into narrow nodes for what nearly every file holds: scikit-learn's 56- or 64-byte records in depth-first
 * order. One pass over the file's bytes proves that they are a tree and packs them; a 21 MB forest takes milliseconds.
 */
export interface RecordLayout {
  readonly view: DataView;
  readonly offset: number;
  readonly stride: number;
  readonly littleEndian: boolean;
  /** Distances from the left child's field. */
  readonly toRight: number;
  readonly toFeature: number;
  readonly toThreshold: number;
  readonly toMissing: number;
  /** 0 where records have no direction for missing values. */
  readonly missingMask: number;
}

/** The layout of a tree whose fields are columns of such records; undefined for any other. */
export function recordLayout(tree: TreeNodes): RecordLayout | undefined {
  const { left, right, feature, threshold, missingGoLeft } = tree;
  if (tree.isLeaf !== undefined || tree.features !== undefined || tree.categorical !== undefined) return undefined;
  if (left.type !== 'i8' || right.type !== 'i8' || feature.type !== 'i8' || threshold.type !== 'f8') return undefined;
  if (!sameTable(right, left) || !sameTable(feature, left) || !sameTable(threshold, left)) return undefined;
  if (missingGoLeft !== undefined && (missingGoLeft.type !== 'u1' || !sameTable(missingGoLeft, left))) return undefined;
  return {
    view: left.view,
    offset: left.offset,
    stride: left.stride,
    littleEndian: left.littleEndian,
    toRight: right.offset - left.offset,
    toFeature: feature.offset - left.offset,
    toThreshold: threshold.offset - left.offset,
    toMissing: (missingGoLeft ?? left).offset - left.offset,
    missingMask: missingGoLeft === undefined ? 0 : 255,
  };
}

function sameTable(a: NodeField, b: NodeField): boolean {
  return (
    a.view.buffer === b.view.buffer &&
    a.view.byteOffset === b.view.byteOffset &&
    a.view.byteLength === b.view.byteLength &&
    a.stride === b.stride &&
    a.littleEndian === b.littleEndian
  );
}

/**
 * Packs one tree at node `base`, numbering its leaves from `leaves`. `waiting` is scratch for right children not met yet.
 * @returns 2 × the number of leaves so far, + 1 if a node sends NaN left; -1 if the records are not a tree in
 * depth-first order or test a feature out of range, for the general way to take, or to name what is wrong
 */
export function packRecords(
  layout: RecordLayout,
  count: number,
  nFeatures: number,
  target: { words: Int32Array; slots: Slots; leafNode: Int32Array; waiting: Int32Array },
  base: number,
  leaves: number,
): number {
  const { view, offset, stride, littleEndian, toRight, toFeature, toThreshold, toMissing, missingMask } = layout;
  const { words, slots, leafNode, waiting } = target;
  const low = littleEndian ? 0 : 4;
  const high = 4 - low;
  let depth = 0;
  let directed = 0;
  for (let node = 0; node < count; node++) {
    const at = 2 * (base + node);
    const record = offset + node * stride;
    const child = view.getInt32(record + low, littleEndian);
    if (child === -1) {
      if (view.getInt32(record + high, littleEndian) !== -1) return -1;
      leafNode[leaves] = node;
      words[at] = leaves++;
      words[at + 1] = 0;
      if (depth === 0) return node === count - 1 ? 2 * leaves + directed : -1;
      if (waiting[--depth] !== node + 1) return -1;
    } else {
      const other = view.getInt32(record + toRight + low, littleEndian);
      const feature = view.getInt32(record + toFeature + low, littleEndian);
      const beyond =
        view.getInt32(record + high, littleEndian) |
        view.getInt32(record + toRight + high, littleEndian) |
        view.getInt32(record + toFeature + high, littleEndian);
      if (child !== node + 1 || other <= child || other >= count) return -1;
      if (beyond !== 0 || feature < 0 || feature >= nFeatures) return -1;
      waiting[depth++] = other;
      const missing = (view.getUint8(record + toMissing) & missingMask) === 0 ? 0 : 1;
      directed |= missing;
      words[at] = keyAtMost(view.getFloat64(record + toThreshold, littleEndian));
      words[at + 1] = ((slots.of(feature, 0) + 1) << 24) | (2 * (other - node)) | missing;
    }
  }
  return -1;
}
