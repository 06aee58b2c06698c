import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BufferSource, type Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { isTensor, type Tensor, type Value } from '../../graph/tensor.js';
import { plan } from '../../runtime/plan.js';
import { describe as summary, readOnnx, typeText } from './index.js';
import { checkedLocation } from './external.js';
import {
  ATTRIBUTE,
  DIMENSION,
  ENTRY,
  GRAPH,
  MODEL,
  NODE,
  OPSET,
  TENSOR,
  TYPE,
  TYPE_PART,
  VALUE_INFO,
} from './schema.js';

const folder = new URL('../../../../../fixtures/onnx/reader/', import.meta.url);
const load = (name: string): Uint8Array => Uint8Array.from(readFileSync(new URL(name, folder)));
const answers = JSON.parse(readFileSync(new URL('answers.json', folder), 'utf8')) as {
  types: { values: Record<string, (number | string)[]> };
  functions: { then: number[]; otherwise: number[] };
  external: { y: number[] };
  sparse: { y: number[] };
};

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (error === undefined) return 'nothing thrown';
  return error instanceof BrineError
    ? error.code
    : `not a BrineError: ${error instanceof Error ? error.message : typeof error}`;
};
const numbersOf = (v: Value | undefined): number[] =>
  v && isTensor(v) ? Array.from(v.data as ArrayLike<number>, Number) : [];
const float32 = (shape: number[], values: number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(values),
});

/** A folder of files in memory. */
function beside(main: Uint8Array, files: Readonly<Record<string, Uint8Array>>): Source {
  const source: Source = new BufferSource(main, 'model.onnx');
  return Object.assign(source, {
    sibling: (name: string) => Promise.resolve(files[name] && new BufferSource(files[name], name)),
  });
}

describe('readOnnx', () => {
  it('reads every element type as onnx does, raw and typed', async () => {
    const model = await readOnnx(new BufferSource(load('types.onnx')));
    const read = [...model.graph.constants.values()].filter(isTensor);
    expect(read.length).toBe(Object.keys(answers.types.values).length);
    const wanted = Object.values(answers.types.values);
    read.forEach((tensor, i) => {
      const got = tensor.dtype === 'string' ? tensor.data : numbersOf(tensor);
      expect(got, Object.keys(answers.types.values)[i]).toEqual(wanted[i]);
    });
  });

  it('writes functions out, hands attributes on, and captures across subgraphs', async () => {
    const model = await readOnnx(new BufferSource(load('functions.onnx')));
    const ready = await plan(model.graph);
    const run = (c: number): number[] =>
      numbersOf(ready.run([float32([2], [1, 2]), { dtype: 'bool', shape: [], data: Uint8Array.of(c) }])[0]);
    expect(run(1)).toEqual(answers.functions.then);
    expect(run(0)).toEqual(answers.functions.otherwise);
    const about = summary(model);
    expect(about.functions).toEqual(['Scaled', 'Twice']);
    expect(about.metadata).toEqual([['source', 'a test']]);
    expect(about.operators.map((o) => o.operator)).toContain('If');
    expect(typeText(model.inputs[0].type)).toBe('float32[2]');
  });

  it('reads weights from files beside the model', async () => {
    const model = await readOnnx(beside(load('external.onnx'), { 'external.bin': load('external.bin') }));
    const [y] = (await plan(model.graph)).run([float32([3], [1, 1, 1])]);
    expect(numbersOf(y)).toEqual(answers.external.y);
    expect(model.externalFiles).toEqual(['external.bin']);
  });

  it('says so when that file is missing, or too short', async () => {
    expect(await codeOf(readOnnx(beside(load('external.onnx'), {})))).toBe('MISSING_PART');
    expect(await codeOf(readOnnx(new BufferSource(load('external.onnx'))))).toBe('MISSING_PART');
    const short = beside(load('external.onnx'), { 'external.bin': load('external.bin').subarray(0, 8) });
    expect(await codeOf(readOnnx(short))).toBe('TRUNCATED');
  });

  it('writes sparse weights out', async () => {
    const model = await readOnnx(new BufferSource(load('sparse.onnx')));
    const [y] = (await plan(model.graph)).run([float32([2, 3], [0, 0, 0, 0, 0, 0])]);
    expect(numbersOf(y)).toEqual(answers.sparse.y);
  });

  it('reads a file piece by piece to the same graph', async () => {
    const values = new Float32Array(400_000).map((_, i) => i);
    const bytes = model(
      graph([value('x')], [value('y')], [node('Add', ['x', 'w'], ['y'])], [weights('w', [values.length], values)]),
    );
    const reads: number[] = [];
    const source = new BufferSource(bytes);
    const watched: Source = Object.assign(Object.create(source) as Source, {
      read: (offset: number, length: number) => {
        reads.push(length);
        return source.read(offset, length);
      },
    });
    const pieces = await readOnnx(watched, { wholeFile: 1000 });
    const whole = await readOnnx(new BufferSource(bytes));
    expect(numbersOf([...pieces.graph.constants.values()][0])).toEqual(
      numbersOf([...whole.graph.constants.values()][0]),
    );
    expect(Math.max(...reads)).toBe(1_600_000);
    expect(reads.filter((n) => n > 100_000).length).toBe(1);
  });

  it('sorts nodes that are out of order', async () => {
    const bytes = model(graph([value('x')], [value('y')], [node('Neg', ['t'], ['y']), node('Abs', ['x'], ['t'])], []));
    const { graph: read } = await readOnnx(new BufferSource(bytes));
    expect(numbersOf((await plan(read)).run([float32([2], [3, -4])])[0])).toEqual([-3, -4]);
  });
});

describe('bad files', () => {
  const x = [value('x')];
  const y = [value('y')];

  it('names what is wrong with a graph', async () => {
    const read = (g: Uint8Array): Promise<string> => codeOf(readOnnx(new BufferSource(model(g))));
    expect(await read(graph(x, y, [node('Neg', ['y'], ['t']), node('Neg', ['t'], ['y'])], []))).toBe('CORRUPT');
    expect(await read(graph(x, y, [node('Neg', ['nowhere'], ['y'])], []))).toBe('CORRUPT');
    expect(await read(graph(x, y, [node('Neg', ['x'], ['t'])], []))).toBe('CORRUPT');
    expect(await read(graph(x, y, [node('Neg', ['x'], ['y']), node('Abs', ['x'], ['y'])], []))).toBe('CORRUPT');
    expect(await codeOf(readOnnx(new BufferSource(new Uint8Array(0))))).toBe('EMPTY');
    expect(await codeOf(readOnnx(new BufferSource(message([field(MODEL.irVersion, 8)]))))).toBe('NOT_A_MODEL');
  });

  it('checks sizes before it believes them', async () => {
    const huge = message([field(TENSOR.dims, 2 ** 40), field(TENSOR.dataType, 1), text(TENSOR.name, 'w')]);
    expect(await codeOf(readOnnx(new BufferSource(model(graph(x, y, [node('Neg', ['x'], ['y'])], [huge])))))).toBe(
      'CORRUPT',
    );
    const packed = message([field(TENSOR.dims, 2 ** 40), field(TENSOR.dataType, 22), text(TENSOR.name, 'w')]);
    expect(await codeOf(readOnnx(new BufferSource(model(graph(x, y, [node('Neg', ['x'], ['y'])], [packed])))))).toBe(
      'CORRUPT',
    );
  });

  it('refuses graphs nested without end', async () => {
    let inner = graph([], y, [node('Neg', ['x'], ['y'])], []);
    for (let i = 0; i < 80; i++) inner = graph([], y, [node('If', ['x'], ['y'], [chunk(ATTRIBUTE.g, inner)])], []);
    expect(await codeOf(readOnnx(new BufferSource(model(inner))))).toBe('LIMIT');
  });

  it('lets no path out of the model’s folder', () => {
    expect(checkedLocation('weights/./a.bin', 'w', 'f')).toBe('weights/a.bin');
    for (const path of [
      '../a',
      'a/../../b',
      '/etc/passwd',
      'C:\\a',
      '..\\a',
      'file:a',
      'a\0b',
      '.',
      '',
      'x'.repeat(2000),
    ])
      expect(() => checkedLocation(path, 'w', 'f'), path).toThrow(BrineError);
  });

  it('refuses external data that points out, wherever the tensor is', async () => {
    const outside = message([
      field(TENSOR.dims, 1),
      field(TENSOR.dataType, 1),
      text(TENSOR.name, 'w'),
      chunk(TENSOR.externalData, message([text(ENTRY.key, 'location'), text(ENTRY.value, '../secret')])),
      field(TENSOR.dataLocation, 1),
    ]);
    const source = (g: Uint8Array): Source =>
      beside(model(g), { '../secret': new Uint8Array(4), secret: new Uint8Array(4) });
    expect(await codeOf(readOnnx(source(graph(x, y, [node('Add', ['x', 'w'], ['y'])], [outside]))))).toBe('CORRUPT');
    const constant = node('Constant', [], ['w'], [text(ATTRIBUTE.name, 'value'), chunk(ATTRIBUTE.t, outside)]);
    expect(await codeOf(readOnnx(source(graph(x, y, [constant, node('Add', ['x', 'w'], ['y'])], []))))).toBe('CORRUPT');
  });

  it('survives every truncation and many mutations with a BrineError', async () => {
    const random = seeded(20240607);
    for (const name of ['functions.onnx', 'types.onnx', 'sparse.onnx', 'external.onnx']) {
      const bytes = load(name);
      const try_ = async (mutated: Uint8Array): Promise<void> => {
        const code = await codeOf(
          readOnnx(new BufferSource(mutated)).then((m) => plan(m.graph, { steps: 10_000, bytes: 1e7 })),
        );
        expect(code).not.toMatch(/not a BrineError/);
      };
      for (let n = 0; n < bytes.length; n += Math.ceil(bytes.length / 200)) await try_(bytes.subarray(0, n));
      for (let k = 0; k < 600; k++) {
        const mutated = bytes.slice();
        for (let c = 0; c < 1 + (k % 4); c++)
          mutated[Math.floor(random() * mutated.length)] = Math.floor(random() * 256);
        await try_(mutated);
      }
    }
  });
});

// ---- protocol buffers by hand, so that files can be wrong ------------------------------------------------

function varint(v: number): number[] {
  const out: number[] = [];
  let rest = v;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest & 127) | 128);
  return [...out, rest];
}
function message(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
function field(number: number, v: number): Uint8Array {
  return Uint8Array.from([...varint(number * 8), ...varint(v)]);
}
function chunk(number: number, bytes: Uint8Array): Uint8Array {
  return message([Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes]);
}
function text(number: number, s: string): Uint8Array {
  return chunk(number, new TextEncoder().encode(s));
}
function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attribute: readonly Uint8Array[] = [],
): Uint8Array {
  return message([
    ...inputs.map((s) => text(NODE.input, s)),
    ...outputs.map((s) => text(NODE.output, s)),
    text(NODE.opType, op),
    ...(attribute.length > 0 ? [chunk(NODE.attribute, message(attribute))] : []),
  ]);
}
function value(name: string): Uint8Array {
  const shape = chunk(TYPE_PART.shape, chunk(1, text(DIMENSION.param, 'n')));
  const type = chunk(TYPE.tensor, message([field(TYPE_PART.elem, 1), shape]));
  return message([text(VALUE_INFO.name, name), chunk(VALUE_INFO.type, type)]);
}
function weights(name: string, dims: readonly number[], data: Float32Array): Uint8Array {
  return message([
    ...dims.map((d) => field(TENSOR.dims, d)),
    field(TENSOR.dataType, 1),
    text(TENSOR.name, name),
    chunk(TENSOR.rawData, new Uint8Array(data.buffer)),
  ]);
}
function graph(
  inputs: readonly Uint8Array[],
  outputs: readonly Uint8Array[],
  nodes: readonly Uint8Array[],
  initializers: readonly Uint8Array[],
): Uint8Array {
  return message([
    ...nodes.map((n) => chunk(GRAPH.node, n)),
    ...initializers.map((t) => chunk(GRAPH.initializer, t)),
    ...inputs.map((v) => chunk(GRAPH.input, v)),
    ...outputs.map((v) => chunk(GRAPH.output, v)),
  ]);
}
function model(g: Uint8Array): Uint8Array {
  return message([
    field(MODEL.irVersion, 8),
    chunk(MODEL.opsetImport, field(OPSET.version, 21)),
    chunk(MODEL.graph, g),
  ]);
}

/** mulberry32 */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
