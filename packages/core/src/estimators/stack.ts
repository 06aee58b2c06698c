import type { GraphBuilder } from '../graph/builder.js';
import { columnsOf, fromColumns, matrix, toMatrix, type Data } from './data.js';

/** Side by side, as `hstack` does: CSR if any part is, a frame if any part holds something but numbers. */
export function stack(parts: readonly Data[], g: GraphBuilder): Data {
  if (parts.length === 1) return parts[0];
  const numbers = parts.every((p) => p.kind === 'matrix' && p.value.dtype !== 'string' && p.value.dtype !== 'object');
  if (!numbers)
    return fromColumns(
      parts.flatMap((p) => columnsOf(p, g)),
      g,
    );
  const names = parts.every((p) => p.kind === 'matrix' && p.names)
    ? parts.flatMap((p) => (p.kind === 'matrix' ? (p.names ?? []) : []))
    : undefined;
  return matrix(g.concat(parts.map((p) => toMatrix(p, g))), names);
}
