import { FlatTable } from '../../formats/flatbuffer/table.js';
import { BrineError } from '../../errors.js';
import type { Source } from '../../bytes/source.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { listed, words } from './operators.js';
import { quoted } from './paths.js';
import { noteTexts } from './secrets.js';
import { TensorFlowUses } from './tf-operators.js';

/** FlatBuffers have no larger files. */
const MAX_FLATBUFFER = 2 ** 31;
/** Tables visited: each of a real file once (CWE-400). */
const MAX_TABLES = 2_000_000;
/** The number of the last built-in operator of schema version 3b, with room for some years. */
const MAX_BUILTIN = 300;
const CUSTOM = 32;

/** Custom operators that TensorFlow Lite itself registers. */
const known = words(
  `TFLite_Detection_PostProcess AudioSpectrogram Mfcc NumericVerify Rfft2d Irfft2d Roll Cumsum AvgPool3D MaxPool3D
   Convolution2DTransposeBias MaxPoolWithArgmax MaxUnpooling2D TransformTensor TransformLandmarks Landmarks2TransformMatrix
   DelegateV Bucketize AddN RandomUniform RandomStandardNormal Multinomial Unsorted_segment_min Sign CustomGelu
   ReduceWindow StableHLOComposite HashtableV2 Delegate TfLiteXNNPackDelegate`,
);

/** TensorFlow Lite (schema.fbs): operators by number or name, and whether every buffer lies in the file. */
export const examiner: Examiner = {
  formats: ['tflite'],
  async examine(source, context) {
    if (source.size > MAX_FLATBUFFER)
      throw new BrineError('LIMIT', `a FlatBuffer of ${source.size} bytes (limit ${MAX_FLATBUFFER})`);
    const root = FlatTable.root(await source.read(0, source.size), source.name);
    const count = { tables: 0 };
    const step = (): void => {
      if (++count.tables > MAX_TABLES) throw new BrineError('LIMIT', `more than ${MAX_TABLES} tables`);
    };
    operators(root, context, step);
    buffers(root, source, context, step);
    for (const graph of root.tables(2)) {
      step();
      for (const tensor of graph.tables(0)) {
        step();
        tensor.text(3);
      }
      for (const operator of graph.tables(3)) {
        step();
        operator.bytes(5);
      }
    }
    noteTexts(root.text(3) ?? '', context, 'its description');
  },
};

function operators(root: FlatTable, context: AuditContext, step: () => void): void {
  const unknown = new Set<string>();
  const flex = new TensorFlowUses(() => undefined);
  for (const code of root.tables(1)) {
    step();
    const builtin = Math.max(code.int8(0), code.int32(3));
    const custom = code.text(1) ?? '';
    if (builtin < 0 || builtin > MAX_BUILTIN) unknown.add(`number ${builtin}`);
    if (builtin !== CUSTOM && custom === '') continue;
    // Flex operators are TensorFlow's own, run by TensorFlow.
    if (custom.startsWith('Flex'))
      flex.graph({ nodes: [{ name: custom, op: custom.slice(4), inputs: [], device: '', attrs: [] }], functions: [] });
    else if (!known.has(custom)) unknown.add(quoted(custom));
  }
  flex.report(context);
  if (unknown.size > 0)
    context.report('unknown-operator', `it uses operators that TensorFlow Lite does not have: ${listed(unknown)}`);
}

function buffers(root: FlatTable, source: Source, context: AuditContext, step: () => void): void {
  for (const buffer of root.tables(4)) {
    step();
    buffer.bytes(0);
    const [offset, size] = [buffer.uint64(1), buffer.uint64(2)];
    // Large buffers lie behind the FlatBuffer.
    if (offset > 1 && offset + size > source.size)
      context.incomplete(`a buffer of ${size} bytes at ${offset}, where the file has ${source.size}: it was cut short`);
  }
}
