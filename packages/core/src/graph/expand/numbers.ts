import type { Expansion, Expansions } from './expansion.js';

/** Everything is dense in an expanded graph. */
const identity: Expansion<'Densify' | 'Sparsify'> = ([x]) => [x];

const finite: Expansion<'Finite'> = ([x], { who, nan }, e) => {
  e.note(
    `${who} refuses ${nan ? 'infinite numbers' : 'missing and infinite numbers'}, this file answers with whatever follows`,
  );
  return [x];
};

const require: Expansion<'Require'> = ([x], { message }, e) => {
  e.note(`an input is not refused for this reason: ${message}`);
  return [x];
};

const repeatRows: Expansion<'RepeatRows'> = ([x, values], _, e) => {
  const { g } = e;
  const k = values.shape[0];
  const shape = g.typed(
    'Concat',
    [e.rows(x), g.typed('Shape', [values], {}, [{ dtype: 'int64', shape: [1] }])[0]],
    { axis: 0 },
    [{ dtype: 'int64', shape: [2] }],
  );
  return g.typed('Expand', [values, shape[0]], {}, [{ dtype: values.dtype, shape: [x.shape[0] ?? null, k] }]);
};

export const numberExpansions: Expansions = {
  Densify: identity,
  Sparsify: identity,
  Finite: finite,
  Require: require,
  RepeatRows: repeatRows,
  Custom: (_, { name }, e) => e.refuse(`${name} is a function of register(): ONNX cannot hold it`),
};
