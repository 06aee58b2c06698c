import { isBig, isFloat, type Tensor, type TypedArray } from '../../graph/tensor.js';
import type { Operator, OperatorTable, Site } from '../operator.js';
import { agreedSize, badInput, dense, text, unsupported, type Numbers } from './common.js';
import { stepsOf } from './move.js';
import { convert } from './reduce.js';

/** One operand's letters; `.` stands for one dimension of the ellipsis, numbered from the right. */
function letters(term: string, rank: number): string[] {
  const clean = term.replaceAll(' ', '');
  const parts = clean.split('...');
  if (parts.length > 2) throw badInput(`two ellipses in ${term}`);
  const named = parts.join('').length;
  if (parts.length === 1 && named !== rank) throw badInput(`${term} for ${rank} dimensions`);
  const dots = Array.from({ length: Math.max(0, rank - named) }, (_, i, n = rank - named) => `.${n - 1 - i}`);
  return parts.length === 1 ? Array.from(clean) : [...Array.from(parts[0]), ...dots, ...Array.from(parts[1])];
}

/** Einstein summation: a loop over the result's indices around one over the summed ones. */
const einsum: Operator = (site) => {
  const equation = text(site, 'equation', '');
  return (inputs) => {
    const operands = inputs.map((_, i) => dense(inputs, i));
    const [left, right] = equation.split('->') as [string, string | undefined];
    const terms = left.split(',');
    if (terms.length !== operands.length) throw badInput(`${operands.length} operands for ${equation}`);
    const axes = operands.map((x, i) => letters(terms[i], x.shape.length));
    const sizes = new Map<string, number>();
    axes.forEach((names, i) => {
      names.forEach((name, d) => {
        const size = operands[i].shape[d];
        const known = sizes.get(name) ?? 1;
        if (known !== 1 && size !== 1 && known !== size)
          throw badInput(`${name} is ${known} and ${size} in ${equation}`);
        sizes.set(name, Math.max(known, size) === 1 ? size : known === 1 ? size : known);
      });
    });
    const dots = [...sizes.keys()]
      .filter((n) => n.startsWith('.'))
      .sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
    const clean = right?.replaceAll(' ', '');
    const out =
      clean === undefined
        ? [
            ...dots,
            ...[...sizes.keys()]
              .filter((n) => !n.startsWith('.') && axes.flat().filter((m) => m === n).length === 1)
              .sort(),
          ]
        : clean.includes('...')
          ? [...Array.from(clean.split('...')[0]), ...dots, ...Array.from(clean.split('...')[1])]
          : Array.from(clean);
    for (const name of out) if (!sizes.has(name)) throw badInput(`${name} is in no operand of ${equation}`);
    const summed = [...sizes.keys()].filter((n) => !out.includes(n));
    return contract(
      operands,
      axes,
      out.map((n) => ({ name: n, size: sizes.get(n)! })),
      summed.map((n) => ({ name: n, size: sizes.get(n)! })),
      site,
    );
  };
};

interface Axis {
  readonly name: string;
  readonly size: number;
}

function contract(
  operands: readonly Tensor[],
  axes: readonly (readonly string[])[],
  out: readonly Axis[],
  summed: readonly Axis[],
  site: Site,
): Tensor {
  const { dtype } = operands[0];
  const shape = out.map((a) => a.size);
  agreedSize(site.budget, dtype, shape);
  if (isBig(dtype) || dtype === 'string' || dtype === 'object') throw unsupported(`${dtype} input`);
  const loops = [...out, ...summed];
  // Per loop and operand: how far one step goes. A letter that an operand has twice steps along both axes.
  const steps = operands.map((x, k) => {
    const own = stepsOf(x.shape);
    return loops.map(({ name }) =>
      axes[k].reduce((sum, n, d) => (n === name && x.shape[d] !== 1 ? sum + own[d] : sum), 0),
    );
  });
  const data = operands.map((x) => x.data as Numbers & TypedArray);
  const result = new Float64Array(shape.reduce((a, d) => a * d, 1));
  const inner = summed.reduce((a, d) => a * d.size, 1);
  const at = new Array<number>(loops.length).fill(0);
  const places = operands.map(() => 0);
  const total = result.length * inner;
  for (let n = 0; n < total; n++) {
    // Sums over letters of the result's size cost nothing in memory, but time (CWE-400).
    if ((n & 1023) === 0) site.budget.step();
    let product = 1;
    for (let k = 0; k < data.length; k++) product *= data[k][places[k]];
    result[Math.floor(n / inner)] += product;
    for (let d = loops.length - 1; d >= 0; d--) {
      const back = at[d] === loops[d].size - 1;
      for (let k = 0; k < places.length; k++) places[k] += back ? -steps[k][d] * at[d] : steps[k][d];
      if (!back) {
        at[d]++;
        break;
      }
      at[d] = 0;
    }
  }
  return isFloat(dtype) || dtype !== 'bool' ? convert(dtype, shape, result) : unsupportedBool();
}

function unsupportedBool(): never {
  throw unsupported('bool input');
}

export const einsumOperators = { Einsum: einsum } satisfies OperatorTable;
