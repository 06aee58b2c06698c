import { BrineError } from '../../../errors.js';
import type { ValueType } from '../../../graph/graph.js';
import { ONNX_TYPE_NUMBERS } from '../../../graph/onnx-types.js';
import type { OnnxType } from '../protos.js';
import { DIMENSION, SHAPE_DIM, TYPE, TYPE_PART, VALUE_INFO } from '../schema.js';
import { Message } from './message.js';

/** Map types: a key type and a value type. */
const MAP_TYPE = { key: 1, value: 2 } as const;

/** The name of the dimension that is the number of rows. */
export const ROWS = 'N';

/** A type of the graph as ONNX declares it: an unknown first dimension is the number of rows. */
export function onnxType(type: ValueType): OnnxType {
  const elem = ONNX_TYPE_NUMBERS.get(type.dtype);
  if (elem === undefined) throw new BrineError('UNSUPPORTED', `ONNX has no tensors of ${type.dtype}`);
  const shape = type.shape?.map((d, i) => (d === null && i === 0 ? ROWS : d));
  return { kind: 'tensor', elem, shape };
}

export function valueInfoMessage(name: string, type: OnnxType | undefined): Message {
  const out = new Message().text(VALUE_INFO.name, name);
  return type ? out.message(VALUE_INFO.type, typeMessage(type)) : out;
}

export function typeMessage(type: OnnxType): Message {
  const out = new Message();
  switch (type.kind) {
    case 'tensor':
    case 'sparse': {
      const part = new Message().int(TYPE_PART.elem, type.elem);
      if (type.shape) part.message(TYPE_PART.shape, shapeMessage(type.shape));
      return out.message(type.kind === 'tensor' ? TYPE.tensor : TYPE.sparseTensor, part);
    }
    case 'sequence':
    case 'optional': {
      const part = new Message();
      if (type.of) part.message(TYPE_PART.elem, typeMessage(type.of));
      return out.message(type.kind === 'sequence' ? TYPE.sequence : TYPE.optional, part);
    }
    case 'map': {
      const part = new Message().int(MAP_TYPE.key, type.key);
      if (type.value) part.message(MAP_TYPE.value, typeMessage(type.value));
      return out.message(TYPE.map, part);
    }
  }
}

function shapeMessage(shape: readonly (number | string | null)[]): Message {
  const out = new Message();
  for (const d of shape) {
    const dimension = new Message();
    if (typeof d === 'number') dimension.int(DIMENSION.value, d);
    else if (typeof d === 'string') dimension.text(DIMENSION.param, d);
    out.message(SHAPE_DIM, dimension);
  }
  return out;
}
