import { TENSOR } from '../../formats/onnx/schema.js';
import type { WireReader } from '../../formats/onnx/wire.js';
import { decodeText } from '../../formats/onnx/wire.js';

/** Bytes of one element in raw data, by TensorProto.DataType; types of half a byte count as such. */
const sizes: Readonly<Record<number, number>> = {
  1: 4,
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
  12: 4,
  13: 8,
  14: 8,
  15: 16,
  16: 2,
  17: 1,
  18: 1,
  19: 1,
  20: 1,
  21: 0.5,
  22: 0.5,
  23: 0.5,
  24: 1,
};

/** What a TensorProto says of itself, its data left where they are. */
export interface TensorHead {
  readonly name: string;
  /** The file that holds the data, if it is another. */
  readonly location: string | undefined;
  /** How far into that file it reaches. */
  readonly end: number;
  /** Bytes that its raw data lack. */
  readonly missing: number;
  /** Its few numbers, if it is a small tensor of int64 or bool. */
  readonly values: readonly number[] | undefined;
}

/** Shapes and counts have a few numbers. */
const MAX_VALUES = 64;

export function tensorHead(reader: WireReader): TensorHead {
  let name = '';
  let type = 0;
  let elements = 1;
  let raw: Uint8Array | undefined;
  const numbers: number[] = [];
  let listed = 0;
  let isExternal = false;
  const external = new Map<string, string>();
  while (reader.next()) {
    switch (reader.field) {
      case TENSOR.dims:
        reader.varints((low, high) => {
          elements *= high * 2 ** 32 + low;
        });
        break;
      case TENSOR.dataType:
        type = reader.integer();
        break;
      case TENSOR.name: {
        const chunk = reader.chunk();
        name = decodeText(chunk) ?? new TextDecoder().decode(chunk);
        break;
      }
      case TENSOR.rawData:
        raw = reader.chunk();
        break;
      case TENSOR.int64Data:
      case TENSOR.int32Data:
        reader.varints((low, high) => {
          if (listed++ < MAX_VALUES) numbers.push((high | 0) * 2 ** 32 + low);
        });
        break;
      case TENSOR.dataLocation:
        isExternal = reader.integer() === 1;
        break;
      case TENSOR.externalData: {
        const entry = reader.message();
        let key = '';
        let value = '';
        while (entry.next()) {
          const chunk = entry.wire === 2 ? entry.chunk() : undefined;
          const text = chunk === undefined ? '' : (decodeText(chunk) ?? new TextDecoder().decode(chunk));
          if (chunk === undefined) entry.skip();
          else if (entry.field === 1) key = text;
          else if (entry.field === 2) value = text;
        }
        external.set(key, value);
        break;
      }
      default:
        reader.skip();
    }
  }
  const bytes = Math.ceil(elements * (sizes[type] ?? 0));
  const location = isExternal || external.has('location') ? (external.get('location') ?? '') : undefined;
  const offset = Number(external.get('offset') ?? 0);
  const length = Number(external.get('length') ?? bytes);
  return {
    name,
    location,
    end: offset >= 0 && length >= 0 ? offset + length : Infinity,
    missing: raw === undefined || location !== undefined ? 0 : Math.max(0, bytes - raw.length),
    values: valuesOf(type, elements, raw, numbers),
  };
}

const INT64 = 7;
const BOOL = 9;

function valuesOf(
  type: number,
  elements: number,
  raw: Uint8Array | undefined,
  numbers: readonly number[],
): readonly number[] | undefined {
  if ((type !== INT64 && type !== BOOL) || !(elements <= MAX_VALUES)) return undefined;
  if (raw === undefined) return numbers;
  if (type === BOOL) return [...raw];
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: Math.floor(raw.byteLength / 8) }, (_, i) => Number(view.getBigInt64(8 * i, true)));
}
