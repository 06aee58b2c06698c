import { GraphBuilder, type V } from '../builder.js';
import { float64 } from '../tensor.js';
import { filled, sizeOf, typeOf, unsqueeze } from './build.js';
import type { Expander } from './expansion.js';

/**
 * What a turn makes of the states [n, m], of column j of x as [n, 1] and of y as [1, m], and of number j of each list.
 */
export type Turn = (g: GraphBuilder, states: readonly V[], a: V, b: V, numbers: readonly V[]) => readonly V[];

/**
 * Tables [n, m] of the rows of x [n, p] against those of y [m, p], column after column in a Scan: sums are taken in the
 * order of the columns, as loops over two rows take them, and never more than a few tables are held at once.
 */
export function overColumns(e: Expander, x: V, y: V, states: number, lists: readonly Float64Array[], turn: Turn): V[] {
  const { g } = e;
  const [n = null, p = null] = x.shape;
  const [m = null] = y.shape;
  const sizes = g.typed('Concat', [e.rows(x), sizeOf(g, y, 0)], { axis: 0 }, [typeOf('int64', [2])])[0];
  const zeros = filled(g, 0, sizes, [n, m]);
  const table = { dtype: 'float64', shape: [n, m], layout: 'dense' } as const;

  const body = new GraphBuilder();
  const before = Array.from({ length: states }, (_, i) => body.input(`state${i}`, table));
  const a = body.input('x', { ...table, shape: [n] });
  const b = body.input('y', { ...table, shape: [m] });
  const numbers = lists.map((_, i) => body.input(`number${i}`, { ...table, shape: [] }));
  const after = turn(body, before, unsqueeze(body, a, 1), unsqueeze(body, b, 0), numbers);
  const graph = body.finish(after.map((value, i) => ({ name: `next${i}`, value })));

  return g.typed(
    'Scan',
    [
      ...before.map(() => zeros),
      g.transpose(x),
      g.transpose(y),
      ...lists.map((list) => g.constant(float64([p ?? list.length], list))),
    ],
    { body: graph, num_scan_inputs: 2 + lists.length },
    before.map(() => typeOf('float64', [n, m])),
  );
}
