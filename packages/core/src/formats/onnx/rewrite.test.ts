import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../bytes/source.js';
import type { Graph } from '../../graph/graph.js';
import { readOnnx, type OnnxModel } from './read.js';
import { writeOnnx } from './write/index.js';

// Every committed ONNX file, read, written and read again: the same model; and written again: the same bytes.
const fixtures = fileURLToPath(new URL('../../../../../fixtures', import.meta.url));
const folders = ['onnx/reader', 'identify'];
const single = folders.flatMap((folder) =>
  readdirSync(join(fixtures, folder))
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => join(fixtures, folder, name)),
);
/** Files cut short, and one whose weights lie elsewhere: what they are is for other tests. */
const unreadable = ['cut.onnx', 'denied.onnx', 'external.onnx'];

function listed(file: string): [string, Uint8Array][] {
  return readFileSync(join(fixtures, 'onnx', file), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { name, model } = JSON.parse(line) as { name: string; model: string };
      return [name, Uint8Array.from(Buffer.from(model, 'base64'))];
    });
}

const read = (bytes: Uint8Array): Promise<OnnxModel> => readOnnx(new BufferSource(bytes, 'model.onnx'));

function write(model: OnnxModel): Uint8Array {
  const { graph, name, irVersion, opsets, producer, producerVersion, domain, modelVersion, docString, metadata } =
    model;
  const types = new Map([...model.inputs, ...model.outputs].map((v) => [v.name, v.type]));
  return writeOnnx({
    ...{ graph, name, irVersion, opsets, producer, producerVersion, domain, modelVersion, docString, metadata, types },
  });
}

/** Anything as text that tells -0 from 0, NaN from null, and a type of numbers from another. */
function plain(value: unknown, around?: ReadonlyMap<number, unknown>): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : `${value}`;
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return [value.constructor.name, ...Array.from(value as Uint8Array, (x) => plain(x))];
  if (Array.isArray(value)) return value.map((v) => plain(v, around));
  if (value instanceof Map) return [...value].map((v) => plain(v));
  if ('nodes' in value && 'valueCount' in value) return shapeOf(value as Graph, around ?? new Map());
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, plain(value[key as never], around)]));
}

/**
 * A graph without the numbers of its values: each is told by where it comes from. What a body calls its values is its
 * own affair; a constant that is an output is written behind an Identity.
 */
function shapeOf(graph: Graph, around?: ReadonlyMap<number, unknown>): unknown {
  const from = new Map<number, unknown>([[-1, 'left out']]);
  graph.inputs.forEach((input, i) => from.set(input.value, `input ${i}`));
  for (const [id, value] of graph.constants) from.set(id, { constant: plain(value) });
  for (const [id, outer] of graph.captures ?? []) from.set(id, { outside: around?.get(outer) });
  const nodes = graph.nodes.flatMap(({ domain, op, inputs, outputs, attributes, opset, name }, n) => {
    const given = inputs.map((id) => from.get(id));
    if (op === 'Identity') {
      from.set(outputs[0], given[0]);
      return [];
    }
    outputs.forEach((id, i) => id >= 0 && from.set(id, `node ${n}.${i} ${op}`));
    return plain(
      { domain, op, given, outputs: outputs.length, attributes, opset: opset ?? graph.opsets.get(domain), name },
      from,
    );
  });
  const declared = { inputs: graph.inputs, outputs: graph.outputs };
  const ends = Object.entries(declared).map(([side, list]) => [
    side,
    list.map((v) => ({ name: around ? '' : v.name, type: plain(v.type), from: from.get(v.value) })),
  ]);
  return { nodes, ends, opsets: plain(graph.opsets) };
}

const whole = (model: OnnxModel): unknown => {
  const { graph, ...rest } = model;
  // Functions are written out where they are called; weights that nobody reads are not written.
  return { graph: shapeOf(graph), rest: plain({ ...rest, functions: [], parameters: 0, parameterBytes: 0 }) };
};

async function same(bytes: Uint8Array): Promise<void> {
  const model = await read(bytes);
  const written = write(model);
  const again = await read(written);
  expect(whole(again)).toEqual(whole(model));
  expect(Buffer.from(write(again)).equals(Buffer.from(written))).toBe(true);
}

describe('an ONNX file, written again', () => {
  it.each(single.filter((path) => !unreadable.some((name) => path.endsWith(name))))('%s', async (path) => {
    await same(new Uint8Array(readFileSync(path)));
  });
  for (const file of ['contrib.jsonl', 'ml.jsonl', 'node-tests.jsonl', 'small-types.jsonl'])
    it(`the models of ${file}`, async () => {
      const failed: string[] = [];
      for (const [name, bytes] of listed(file))
        await same(bytes).catch((error: unknown) => failed.push(`${name}: ${String(error).slice(0, 200)}`));
      expect(failed).toEqual([]);
    });
});
