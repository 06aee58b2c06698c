import {
  tensor,
  type MapValue,
  type OptionalValue,
  type SequenceValue,
  type Tensor,
  type Value,
} from '../../graph/tensor.js';
import { MAX_TYPE_NESTING } from './limits.js';
import { MAP, OPTIONAL, SEQUENCE } from './schema.js';
import { readSparseTensor, readTensorProto } from './tensor.js';
import { decodeText, WireReader } from './wire.js';

export type ValueKind = 'tensor' | 'sequence' | 'map' | 'optional';

/**
 * A value on its own, as the `.pb` files beside ONNX's test models hold them: TensorProto, SequenceProto, MapProto
 * or OptionalProto. Throws CORRUPT, TRUNCATED or LIMIT.
 */
export function readValue(bytes: Uint8Array, kind: ValueKind, file = '(bytes)'): Value {
  return valueOf(new WireReader(bytes, file), kind, 0);
}

function valueOf(r: WireReader, kind: ValueKind, depth: number): Value {
  if (depth > MAX_TYPE_NESTING) throw r.error('LIMIT', `values nested more than ${MAX_TYPE_NESTING} deep`);
  switch (kind) {
    case 'tensor':
      return tensorOf(r);
    case 'sequence':
      return sequenceOf(r, depth);
    case 'map':
      return mapOf(r, depth);
    default:
      return optionalOf(r, depth);
  }
}

function tensorOf(r: WireReader): Tensor {
  const read = readTensorProto(r);
  if (!read.data) throw r.error('UNSUPPORTED', 'a value that lies in another file');
  return tensor(read.dtype, read.shape, read.data);
}

const sequenceParts: ReadonlyMap<number, ValueKind> = new Map([
  [SEQUENCE.tensors, 'tensor'],
  [SEQUENCE.sequences, 'sequence'],
  [SEQUENCE.maps, 'map'],
  [SEQUENCE.optionals, 'optional'],
]);

function sequenceOf(r: WireReader, depth: number): SequenceValue {
  const sequence: Value[] = [];
  while (r.next()) {
    const kind = sequenceParts.get(r.field);
    if (kind) sequence.push(valueOf(r.message(), kind, depth + 1));
    else if (r.field === SEQUENCE.sparse) sequence.push(readSparseTensor(r.message()));
    else r.skip();
  }
  return { sequence };
}

function mapOf(r: WireReader, depth: number): MapValue {
  const keys: (string | bigint)[] = [];
  let values: readonly Value[] = [];
  while (r.next()) {
    if (r.field === MAP.keys) r.varints((low, high) => keys.push((BigInt(high | 0) << 32n) | BigInt(low)));
    else if (r.field === MAP.stringKeys) keys.push(decodeText(r.chunk()) ?? '');
    else if (r.field === MAP.values) values = sequenceOf(r.message(), depth + 1).sequence;
    else r.skip();
  }
  if (keys.length !== values.length) throw r.error('CORRUPT', `${keys.length} keys for ${values.length} values`);
  return { map: new Map(keys.map((key, i) => [key, values[i]])) };
}

const optionalParts: ReadonlyMap<number, ValueKind> = new Map([
  [OPTIONAL.tensor, 'tensor'],
  [OPTIONAL.sequence, 'sequence'],
  [OPTIONAL.map, 'map'],
  [OPTIONAL.optional, 'optional'],
]);

function optionalOf(r: WireReader, depth: number): OptionalValue {
  let optional: Value | null = null;
  while (r.next()) {
    const kind = optionalParts.get(r.field);
    if (kind) optional = valueOf(r.message(), kind, depth + 1);
    else r.skip();
  }
  return { optional };
}
