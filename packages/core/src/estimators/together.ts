import { BrineError } from '../errors.js';
import { columnsOf, matrix, namesOf, toMatrix } from './data.js';
import { estimator } from './estimator.js';
import { child, list, text } from './fields.js';

/** What ties files that were saved side by side into one pipeline; these classes are in no file. */

const selectColumns = estimator(
  'SelectColumns',
  { columns: list(text) },
  {
    modules: ['brine'],
    input: 'data',
    picks: true,
    features: (m) => m.columns.length,
    inputNames: (m) => m.columns,
    methods: {
      transform: (m, data, g) => {
        const have = namesOf(data);
        if (!have) {
          const x = toMatrix(data, g);
          if (x.shape[1] !== null && x.shape[1] !== m.columns.length)
            throw new BrineError(
              'BAD_INPUT',
              `the input has ${x.shape[1] ?? '?'} columns, the model was made for ${m.columns.length}`,
            );
          return matrix(x, m.columns);
        }
        const missing = m.columns.filter((name) => !have.includes(name));
        if (missing.length > 0)
          throw new BrineError(
            'BAD_INPUT',
            `the input has no column ${missing.map((n) => JSON.stringify(n)).join(', ')}`,
          );
        const columns = columnsOf(data, g);
        return { kind: 'frame', columns: m.columns.map((name) => columns[have.indexOf(name)]) };
      },
    },
    names: (m) => m.columns,
  },
);

/** A model whose answers are numbers, and the LabelEncoder that knows what they mean. */
const decodedLabels = estimator(
  'DecodedLabels',
  { model: child, encoder: child },
  {
    modules: ['brine'],
    input: 'data',
    picks: true,
    methods: {},
    any: (m, method, data, g) => {
      const result = m.model.run(method, data, g);
      if (method !== 'predict' || 'kind' in result) return result;
      return m.encoder.value('inverse_transform', g.cast(result, 'int64'), g);
    },
    offers: (m) => m.model.methods,
    takes: (m) => m.model.takes,
    features: (m) => m.model.nFeatures,
    columns: (m) => m.model.columns,
    inputNames: (m) => m.model.inputNames,
    names: (m, input) => m.model.outputNames(input),
  },
);

export const togetherDefinitions = [selectColumns, decodedLabels];
