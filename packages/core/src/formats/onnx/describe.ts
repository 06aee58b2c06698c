import type { Graph } from '../../graph/graph.js';
import { ONNX_TYPES } from '../../graph/onnx-types.js';
import type { OnnxType } from './protos.js';
import type { OnnxModel } from './read.js';

export interface OnnxSummary {
  readonly name: string;
  readonly producer: string;
  readonly irVersion: number;
  readonly opsets: readonly (readonly [domain: string, version: number])[];
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  readonly outputs: readonly { readonly name: string; readonly type: string }[];
  /** How often each operator occurs, subgraphs included; the most frequent first. */
  readonly operators: readonly { readonly operator: string; readonly count: number }[];
  readonly nodes: number;
  readonly parameters: number;
  readonly parameterBytes: number;
  readonly metadata: readonly (readonly [string, string])[];
  readonly functions: readonly string[];
  readonly externalFiles: readonly string[];
}

/** What `brine info` tells of an ONNX file. */
export function describe(model: OnnxModel): OnnxSummary {
  const counts = new Map<string, number>();
  let nodes = 0;
  const todo: Graph[] = [model.graph];
  while (todo.length > 0) {
    for (const node of todo.pop()!.nodes) {
      nodes++;
      const key = node.domain === '' ? node.op : `${node.domain}:${node.op}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      for (const a of Object.values(node.attributes)) {
        if (isGraph(a)) todo.push(a);
        else if (Array.isArray(a) && isGraph(a[0])) todo.push(...(a as Graph[]));
      }
    }
  }
  const operators = [...counts].map(([operator, count]) => ({ operator, count }));
  operators.sort((a, b) => b.count - a.count || (a.operator < b.operator ? -1 : 1));
  return {
    name: model.name,
    producer: [model.producer, model.producerVersion].filter((s) => s !== '').join(' '),
    irVersion: model.irVersion,
    opsets: [...model.opsets].map(([d, v]) => [d === '' ? 'ai.onnx' : d, v]),
    inputs: model.inputs.map((v) => ({ name: v.name, type: typeText(v.type) })),
    outputs: model.outputs.map((v) => ({ name: v.name, type: typeText(v.type) })),
    operators,
    nodes,
    parameters: model.parameters,
    parameterBytes: model.parameterBytes,
    metadata: [...model.metadata],
    functions: model.functions,
    externalFiles: model.externalFiles,
  };
}

function isGraph(a: unknown): a is Graph {
  return typeof a === 'object' && a !== null && 'nodes' in a && 'valueCount' in a;
}

/** A declared type as people write it: `float32[batch, 4]`, `sequence(map(int64, float32))`. */
export function typeText(type: OnnxType | undefined): string {
  if (!type) return '?';
  const elem = (n: number): string => ONNX_TYPES.get(n) ?? `type ${n}`;
  switch (type.kind) {
    case 'tensor':
    case 'sparse': {
      const dims = type.shape ? `[${type.shape.map((d) => d ?? '?').join(', ')}]` : '[…]';
      return `${type.kind === 'sparse' ? 'sparse ' : ''}${elem(type.elem)}${dims}`;
    }
    case 'map':
      return `map(${elem(type.key)}, ${typeText(type.value)})`;
    default:
      return `${type.kind}(${typeText(type.of)})`;
  }
}
