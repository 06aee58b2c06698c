import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Graph, Node } from '../graph/graph.js';
import { open } from '../model/open.js';
import { drawGraph } from './index.js';
import { layered } from './layout.js';
import { mermaidOf } from './mermaid.js';
import { MAX_BOXES, picturesOf } from './picture.js';
import { svgOf } from './svg.js';

const node = (op: string, inputs: number[], outputs: number[], more: Partial<Node> = {}): Node => ({
  domain: '',
  op,
  inputs,
  outputs,
  attributes: {},
  ...more,
});

function graph(nodes: readonly Node[], valueCount: number, name = 'x'): Graph {
  return {
    inputs: [{ name, value: 0, type: { dtype: 'float32', shape: [null, 4], layout: 'dense' } }],
    outputs: [{ name: 'y', value: valueCount - 1 }],
    nodes,
    constants: new Map(),
    valueCount,
    opsets: new Map([['', 21]]),
  };
}

describe('layers', () => {
  it('lie below one another, and boxes of one do not touch', () => {
    const size = { width: 100, height: 40 };
    const arrows = [[0, 1], [0, 2], [1, 3], [2, 3], [0, 3]].map(([from, to]) => ({ from, to })); // prettier-ignore
    const { places, routes, width, height } = layered([size, size, size, size], arrows);
    expect(places[0].y).toBeLessThan(places[1].y);
    expect(places[1].y).toBe(places[2].y);
    expect(Math.abs(places[1].x - places[2].x)).toBeGreaterThan(100);
    // The arrow past a layer has a bend in it.
    expect(routes[4]).toHaveLength(3);
    for (const { x, y } of places) expect(x >= 50 && x <= width - 50 && y >= 20 && y <= height - 20).toBe(true);
  });
});

describe('drawings', () => {
  it('escape what a file calls its parts', () => {
    const evil = `<script>alert("1")</script>'&\u202e\u0000`;
    const pictures = picturesOf(graph([node('Relu', [0], [1], { name: evil })], 2, evil), evil);
    const svg = svgOf(pictures);
    expect(svg).not.toMatch(/<script|"1"|\u202e|\u0000/);
    expect(svg).toContain('&lt;script&gt;');
    expect(mermaidOf(pictures)).not.toMatch(/<script|"1"|alert\("/);
  });

  it('show the bodies of loops and branches apart', () => {
    const body = graph([node('Mul', [0, 0], [1])], 2, 'inner');
    const whole = graph([node('Loop', [-1, -1, 0], [1], { name: 'loop', attributes: { body } })], 2);
    const pictures = picturesOf(whole, 'g');
    expect(pictures.map((p) => p.title)).toEqual(['g', 'body of loop']);
    expect(mermaidOf(pictures)).toContain('subgraph p1["body of loop"]');
    expect(svgOf(pictures)).toContain('>inner<');
  });

  it('of large graphs are drawn in groups, quickly, and say so', () => {
    const nodes = Array.from({ length: 20_000 }, (_, i) =>
      node(i % 3 === 0 ? 'Add' : 'Mul', [i, Math.max(0, i - 7)], [i + 1]),
    );
    const began = performance.now();
    const [picture] = picturesOf(graph(nodes, 20_001), 'large');
    expect(picture.boxes.length).toBeLessThanOrEqual(MAX_BOXES + 2);
    expect(picture.note).toContain('20000 operators, drawn in');
    expect(svgOf([picture]).length).toBeLessThan(500_000);
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it('of a scikit-learn model and of its ONNX name inputs, operators and outputs', async () => {
    const path = new URL('../../../../fixtures/models/1.9.1/GaussianNB-iris/model.pkl', import.meta.url);
    const model = await open(new Uint8Array(readFileSync(path)));
    const lowered = await drawGraph(model, 'svg');
    expect(lowered).toContain('GaussianNB.predict');
    expect(lowered).toContain('ArgMax');
    const onnx = await drawGraph(await open(await model.toOnnx()), 'mermaid');
    expect(onnx).toMatch(/^flowchart TD\n/);
    expect(onnx).toMatch(/label.*:::output/);
    expect(onnx).toMatch(/float64 #91;n × 4#93;.*:::input/);
  });
});
