import { BrineError } from '../../errors.js';

/** Containers within each other (no recursion, but an attack all the same); values of one file (CWE-400). */
const MAX_DEPTH = 10_000;

const sizes = new Map<number, number>([
  [0x69, 1],
  [0x55, 1],
  [0x49, 2],
  [0x75, 2],
  [0x6c, 4],
  [0x6d, 4],
  [0x4c, 8],
  [0x4d, 8],
  [0x68, 2],
  [0x64, 4],
  [0x44, 8],
  [0x43, 1],
]);
const [Z, N, T, F] = [0x5a, 0x4e, 0x54, 0x46];
const [TEXT, NUMBER] = [0x53, 0x48];
const [LIST, LIST_END, OBJECT, OBJECT_END, TYPE, COUNT] = [0x5b, 0x5d, 0x7b, 0x7d, 0x24, 0x23];

/** An open container. */
interface Open {
  readonly isObject: boolean;
  /** The type of all values, if it was told. */
  readonly type: number | undefined;
  /** Values that are left; undefined where a mark ends it. */
  left: number | undefined;
  readonly key: string;
}

/**
 * Walks UBJSON (as XGBoost writes it: numbers are big-endian, lists may be typed) and gives every text with its key.
 * Nothing recurses, nothing is built.
 *
 * @throws TRUNCATED, CORRUPT
 * Source: https://ubjson.org, draft 12.
 */
export function* walkUbjson(
  bytes: Uint8Array,
  file: string,
): Generator<{ readonly key: string; readonly text: string }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const fail = (what: string): BrineError => new BrineError('CORRUPT', `UBJSON: ${what}`, { file, offset: at });
  const take = (length: number): number => {
    if (!(length >= 0 && length <= bytes.length - at))
      throw new BrineError('TRUNCATED', `UBJSON: ${length} bytes where ${bytes.length - at} are left`, {
        file,
        offset: at,
      });
    at += length;
    return at - length;
  };
  const length = (): number => {
    const type = bytes[take(1)];
    const size = sizes.get(type);
    if (size === undefined || type === 0x64 || type === 0x44) throw fail('a length of no whole number');
    const from = take(size);
    const n =
      size === 1
        ? view.getInt8(from) & 255
        : size === 2
          ? view.getUint16(from)
          : size === 4
            ? view.getUint32(from)
            : Number(view.getBigUint64(from));
    return n;
  };
  const text = (): string => {
    const n = length();
    const from = take(n);
    return new TextDecoder().decode(bytes.subarray(from, from + n));
  };
  const stack: Open[] = [];
  let key = '';
  let done = false;
  while (!done) {
    const top = stack[stack.length - 1];
    if (top !== undefined) {
      if (top.left === 0) {
        stack.pop();
        done = stack.length === 0;
        continue;
      }
      const end = top.isObject ? OBJECT_END : LIST_END;
      if (top.left === undefined && bytes[at] === end) {
        at++;
        stack.pop();
        done = stack.length === 0;
        continue;
      }
      if (top.left !== undefined) top.left--;
      key = top.isObject ? text() : top.key;
    }
    const type = top?.type ?? bytes[take(1)];
    const size = sizes.get(type);
    if (size !== undefined) take(size);
    else if (type === TEXT || type === NUMBER) yield { key, text: text() };
    else if (type === LIST || type === OBJECT) {
      const open = begin(type === OBJECT);
      if (open !== undefined) stack.push(open);
      if (stack.length > MAX_DEPTH) throw fail(`containers within containers more than ${MAX_DEPTH} deep`);
    } else if (type !== Z && type !== N && type !== T && type !== F) throw fail(`a value of type ${type}`);
    done = stack.length === 0;
  }
  if (at < bytes.length) throw fail(`${bytes.length - at} bytes behind its end`);

  /** The head of a container; undefined of numbers, which are passed over at once. */
  function begin(isObject: boolean): Open | undefined {
    let type: number | undefined;
    let left: number | undefined;
    if (bytes[at] === TYPE) {
      at++;
      type = bytes[take(1)];
      if (bytes[at] !== COUNT) throw fail('a typed list without a count');
    }
    if (bytes[at] === COUNT) {
      at++;
      left = length();
    }
    const size = type === undefined ? undefined : sizes.get(type);
    if (!isObject && size !== undefined && left !== undefined) {
      take(size * left);
      return undefined;
    }
    // What takes no bytes can be announced by the billion.
    if (left !== undefined && left > bytes.length) throw fail(`${left} values in ${bytes.length} bytes`);
    return { isObject, type, left, key };
  }
}
