import { BrineError } from '../errors.js';
import type { OnnxModel } from '../formats/onnx/index.js';
import { writeOnnx } from '../formats/onnx/write/index.js';
import type { OnnxFile, OnnxOptions } from './onnx.js';

/** Options that say how an estimator is lowered: a graph that is one already has no choice left. */
const lowering = ['methods', 'opset', 'float32', 'trees', 'inputs', 'missingText'] as const;

/** An ONNX file written anew, with its weights inside. Functions are written out where they are called. */
export function rewrite(model: OnnxModel, options: OnnxOptions): OnnxFile {
  const given = lowering.filter((name) => options[name] !== undefined);
  if (given.length > 0)
    throw new BrineError('BAD_ARGUMENT', `the file is an ONNX graph already: ${given.join(', ')} cannot be chosen`);
  const types = new Map([...model.inputs, ...model.outputs].map((v) => [v.name, v.type]));
  const { graph, name, irVersion, opsets, producer, producerVersion, domain, modelVersion, docString } = model;
  const metadata = new Map([...model.metadata, ...Object.entries(options.metadata ?? {})]);
  const bytes = writeOnnx({
    ...{ graph, name, irVersion, opsets, producer, producerVersion, domain, modelVersion, docString, metadata, types },
  });
  return {
    bytes,
    inputs: graph.inputs.map((i) => i.name),
    outputs: graph.outputs.map((o) => ({ name: o.name, method: 'run' })),
    opsets,
    nodes: graph.nodes.length,
    losses: [],
    notes: [],
  };
}
