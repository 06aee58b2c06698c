import { isTensor, type OptionalValue, type SequenceValue, type Tensor, type Value } from '../../graph/tensor.js';
import type { Operator, OperatorTable } from '../operator.js';
import { axisOf, badInput, dense, int, integers, optional, type Inputs } from './common.js';
import { body, slice, stacked } from './control.js';
import { dtypeAttribute } from './cast.js';
import { concatenated } from './gather.js';
import { copyView, stepsOf } from './move.js';
import { make } from './common.js';

function sequence(inputs: Inputs, i: number): readonly Value[] {
  const x = inputs[i];
  if (x && 'sequence' in x) return x.sequence;
  throw badInput(`input ${i} must be a sequence`);
}

function placeOf(inputs: Inputs, i: number, size: number, fallback: number): number {
  const x = optional(inputs, i);
  if (!x) return fallback;
  const given = integers(x)[0];
  const at = given < 0 ? given + size : given;
  if (!(at >= 0 && at < Math.max(size, 1))) throw badInput(`place ${given} in a sequence of ${size}`);
  return at;
}

function value(inputs: Inputs, i: number): Value {
  const x = inputs[i];
  if (!x) throw badInput(`input ${i} is missing`);
  return x;
}

const insert: Operator = (site) => (inputs) => {
  const list = [...sequence(inputs, 0)];
  const given = optional(inputs, 2);
  const at = given ? integers(given)[0] : list.length;
  const place = at < 0 ? at + list.length : at;
  if (!(place >= 0 && place <= list.length)) throw badInput(`place ${at} in a sequence of ${list.length}`);
  list.splice(place, 0, value(inputs, 1));
  // A loop that inserts without end keeps everything it made (CWE-770).
  site.budget.allocate(
    list.reduce((sum, v) => sum + (isTensor(v) ? v.data.length + 1 : 1), 0),
    8,
  );
  return { sequence: list };
};

const erase: Operator = () => (inputs) => {
  const list = [...sequence(inputs, 0)];
  if (list.length === 0) throw badInput('an empty sequence');
  list.splice(placeOf(inputs, 1, list.length, list.length - 1), 1);
  return { sequence: list };
};

const at: Operator = () => (inputs) => {
  const list = sequence(inputs, 0);
  const found = list[placeOf(inputs, 1, list.length, 0)];
  if (!found) throw badInput('an empty sequence');
  return found;
};

const scalar = (n: number): Tensor => ({ dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(n)) });

const concatFromSequence: Operator = (site) => (inputs) => {
  const parts = sequence(inputs, 0).map((v) => {
    if (!isTensor(v)) throw badInput('a sequence of tensors is needed');
    return v;
  });
  if (parts.length === 0) throw badInput('an empty sequence');
  const axis = int(site, 'axis', 0);
  return int(site, 'new_axis', 0) !== 0 ? stacked(site, parts, axis) : concatenated(site, parts, axis);
};

const splitToSequence: Operator = (site) => (inputs) => {
  const x = dense(inputs, 0);
  const axis = axisOf(int(site, 'axis', 0), x.shape.length);
  const d = x.shape[axis];
  const split = optional(inputs, 1);
  const keep = int(site, 'keepdims', 1) !== 0;
  if (!split && !keep) return { sequence: Array.from({ length: d }, (_, i) => slice(site, x, axis, i)) };
  let sizes: number[];
  if (!split) sizes = new Array<number>(d).fill(1);
  else if (split.shape.length === 0) {
    const each = integers(split)[0];
    if (!(each > 0)) throw badInput(`parts of ${each}`);
    sizes = Array.from({ length: Math.ceil(d / each) }, (_, i) => Math.min(each, d - i * each));
  } else sizes = integers(split);
  if (sizes.reduce((a, s) => a + s, 0) !== d) throw badInput(`parts [${sizes.join(', ')}] of ${d}`);
  const steps = stepsOf(x.shape);
  let from = 0;
  const parts = sizes.map((s): Tensor => {
    const shape = x.shape.map((v, i) => (i === axis ? s : v));
    const data = make(site, x.dtype, shape);
    copyView(data, x.data, shape, steps, from * steps[axis]);
    from += s;
    return { dtype: x.dtype, shape, data };
  });
  return { sequence: parts };
};

const sequenceMap: Operator = (site) => {
  const inner = body(site, 'body');
  return (inputs) => {
    const own = inputs.slice(0, site.node.inputs.length);
    const list = sequence(inputs, 0);
    const collected: Value[][] = inner.graph.outputs.map(() => []);
    list.forEach((_, k) => {
      site.budget.step();
      const given = own.map((x) => (x && 'sequence' in x ? x.sequence[k] : x));
      inner.run(given, inputs).forEach((v, o) => collected[o].push(v));
    });
    return collected.map((c): SequenceValue => ({ sequence: c }));
  };
};

const optionalOperator: Operator = () => (inputs) => ({ optional: inputs[0] ?? null });

/** Since opset 18 a plain tensor or sequence may stand where an optional does. */
function opened(x: Value | undefined): Value | null {
  if (x === undefined) return null;
  return 'optional' in x ? (x satisfies OptionalValue).optional : x;
}

const getElement: Operator = () => (inputs) => {
  const x = opened(inputs[0]);
  if (x === null) throw badInput('the optional is empty');
  return x;
};

const hasElement: Operator = () => (inputs) => ({
  dtype: 'bool',
  shape: [],
  data: Uint8Array.of(opened(inputs[0]) === null ? 0 : 1),
});

export const sequenceOperators = {
  SequenceEmpty: (site) => {
    dtypeAttribute(site, 'dtype', 'float32');
    return () => ({ sequence: [] });
  },
  SequenceConstruct: () => (inputs) => ({ sequence: inputs.map((_, i) => value(inputs, i)) }),
  SequenceInsert: insert,
  SequenceErase: erase,
  SequenceAt: at,
  SequenceLength: () => (inputs) => scalar(sequence(inputs, 0).length),
  ConcatFromSequence: concatFromSequence,
  SplitToSequence: splitToSequence,
  SequenceMap: sequenceMap,
  Optional: optionalOperator,
  OptionalGetElement: getElement,
  OptionalHasElement: hasElement,
} satisfies OperatorTable;
