import type { Model } from '../model/model.js';
import { mainGraph } from '../verify/graph.js';
import { mermaidOf } from './mermaid.js';
import { picturesOf } from './picture.js';
import { svgOf } from './svg.js';

/**
 * A model's graph as a drawing: an ONNX file's own, or what a scikit-learn model's main method is lowered to. Large
 * graphs are drawn in groups of neighbours, and say so. Throws UNSUPPORTED where there is no graph.
 */
export async function drawGraph(model: Model, format: 'svg' | 'mermaid'): Promise<string> {
  const { graph, title } = await mainGraph(model);
  const pictures = picturesOf(graph, title);
  return format === 'svg' ? svgOf(pictures) : mermaidOf(pictures);
}
