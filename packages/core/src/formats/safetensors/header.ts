import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { parseJson, type JsonScalar } from '../skops/json.js';

/** The library's own limit (CWE-789). */
const MAX_HEADER = 100_000_000;

/** Bits of one element. */
const bits: Readonly<Record<string, number>> = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  I64: 64,
  U64: 64,
  F64: 64,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
};

export interface SafeTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Of its bytes, in the file. */
  readonly offset: number;
  readonly length: number;
}

export interface SafetensorsHeader {
  readonly tensors: readonly SafeTensor[];
  readonly metadata: ReadonlyMap<string, string>;
}

type Json = JsonScalar | Json[] | Map<string, Json>;

/**
 * The header of a safetensors file: 8 bytes of length, JSON, then the tensors' bytes, which must follow each other
 * without gaps or overlaps to the end of the file.
 *
 * @throws TRUNCATED, CORRUPT, UNSUPPORTED (a type of element), LIMIT.
 * Source: the format's README and safetensors 0.8, tensor.rs.
 */
export async function readSafetensorsHeader(source: Source): Promise<SafetensorsHeader> {
  const corrupt = (what: string, offset = 8): BrineError =>
    new BrineError('CORRUPT', `safetensors: ${what}`, { file: source.name, offset });
  const start = await source.read(0, Math.min(8, source.size));
  if (start.length < 8) throw new BrineError('TRUNCATED', 'safetensors: no header', { file: source.name, offset: 0 });
  const length = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
  if (length > MAX_HEADER)
    throw new BrineError('LIMIT', `a safetensors header of ${length} bytes (limit ${MAX_HEADER})`);
  if (length > source.size - 8) {
    throw new BrineError('TRUNCATED', `a safetensors header of ${length} bytes in a file of ${source.size}`, {
      file: source.name,
      offset: source.size,
    });
  }
  const text = new TextDecoder().decode(await source.read(8, length));
  const root = parseJson<Json, Map<string, Json>>(
    text,
    {
      make: () => new Map<string, Json>(),
      add: (object, key, value) => !object.has(key) && object.set(key, value) !== undefined,
    },
    'the header',
  );
  if (!(root instanceof Map)) throw corrupt('the header is no object');
  const metadata = new Map<string, string>();
  const tensors: SafeTensor[] = [];
  for (const [name, entry] of root) {
    if (!(entry instanceof Map)) throw corrupt(`${JSON.stringify(name.slice(0, 80))} is no object`);
    if (name === '__metadata__') {
      for (const [key, value] of entry) {
        if (typeof value !== 'string') throw corrupt('metadata that are no text');
        metadata.set(key, value);
      }
      continue;
    }
    tensors.push(tensorOf(name, entry, 8 + length, source, corrupt));
  }
  const ordered = [...tensors].sort((a, b) => a.offset - b.offset);
  let end = 8 + length;
  for (const tensor of ordered) {
    if (tensor.offset !== end)
      throw corrupt(
        `the tensor ${JSON.stringify(tensor.name.slice(0, 80))} begins at ${tensor.offset}, where ${end} is due`,
        end,
      );
    end += tensor.length;
  }
  if (end > source.size)
    throw new BrineError('TRUNCATED', `safetensors: tensors up to byte ${end} in a file of ${source.size}`, {
      file: source.name,
      offset: source.size,
    });
  if (end < source.size) throw corrupt(`${source.size - end} bytes behind the last tensor`, end);
  return { tensors, metadata };
}

function tensorOf(
  name: string,
  entry: ReadonlyMap<string, Json>,
  start: number,
  source: Source,
  corrupt: (what: string) => BrineError,
): SafeTensor {
  const shown = JSON.stringify(name.slice(0, 80));
  const [dtype, shape, offsets] = [entry.get('dtype'), entry.get('shape'), entry.get('data_offsets')];
  const size = typeof dtype === 'string' && Object.hasOwn(bits, dtype) ? bits[dtype] : undefined;
  if (typeof dtype !== 'string' || size === undefined)
    throw new BrineError('UNSUPPORTED', `safetensors: the tensor ${shown} has no known type of element`, {
      file: source.name,
    });
  if (!isNumbers(shape) || !isNumbers(offsets) || offsets.length !== 2)
    throw corrupt(`the tensor ${shown} has no shape or place`);
  const [begin, end] = offsets;
  const elements = shape.reduce((total, n) => total * n, 1);
  if (!(begin <= end) || (elements * size) / 8 !== end - begin)
    throw corrupt(`the tensor ${shown} of ${shape.join(' × ')} ${dtype} has ${end - begin} bytes`);
  return { name, dtype, shape, offset: start + begin, length: end - begin };
}

function isNumbers(value: Json | undefined): value is number[] {
  return Array.isArray(value) && value.every((n) => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0);
}
