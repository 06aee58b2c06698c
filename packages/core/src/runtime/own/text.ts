import { BrineError } from '../../errors.js';
import { isCsr, tensor, type Csr, type Value } from '../../graph/tensor.js';
import { hashFeatures, hashTokens, tokenCounter, type CsrRows, type HasherSample } from '../../text/index.js';
import type { Kernel } from '../operator.js';
import { needTensor } from './columns.js';
import type { OwnOperator } from './index.js';

function csrOf(rows: CsrRows): Csr {
  return { dtype: 'float64', ...rows };
}

function needCsr(value: Value | undefined): Csr {
  if (value && isCsr(value)) return value;
  throw new BrineError('BAD_INPUT', 'wants a sparse matrix');
}

/** Documents as strings; a missing one has no terms to count, and Python refuses it too. */
function documentsOf(value: Value | undefined): readonly string[] {
  const { data } = needTensor(value);
  for (let i = 0; i < data.length; i++)
    if (typeof data[i] !== 'string') throw new BrineError('BAD_INPUT', `document ${i} is ${String(data[i])}, not text`);
  return data as readonly string[];
}

const countTerms: OwnOperator<'CountTerms'> = ({ attributes }): Kernel => {
  const count = tokenCounter(attributes.vocabulary, attributes.options);
  return ([documents]) => csrOf(count(documentsOf(documents)));
};

const hashTerms: OwnOperator<'HashTerms'> =
  ({ attributes }): Kernel =>
  ([documents]) =>
    csrOf(hashTokens(documentsOf(documents), attributes.options));

const hashSamples: OwnOperator<'HashFeatures'> =
  ({ attributes }): Kernel =>
  ([samples]) =>
    csrOf(hashFeatures(needTensor(samples).data as readonly HasherSample[], attributes.options));

const countRecords: OwnOperator<'CountRecords'> = ({ attributes }): Kernel => {
  const { vocabulary, separator } = attributes;
  return ([records]): Csr => {
    const { data } = needTensor(records);
    const indptr = new Int32Array(data.length + 1);
    const indices: number[] = [];
    const values: number[] = [];
    for (let r = 0; r < data.length; r++) {
      const entries: [number, number][] = [];
      const add = (name: string, value: number): void => {
        const column = vocabulary.get(name);
        if (column !== undefined) entries.push([column, value]);
      };
      for (const [name, value] of entriesOf(data[r], r)) {
        if (typeof value === 'string') add(`${name}${separator}${value}`, 1);
        else if (Array.isArray(value)) for (const item of value) add(`${name}${separator}${String(item)}`, 1);
        else if (value === null || value === undefined) add(name, NaN);
        else if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
          add(name, Number(value));
        else
          throw new BrineError(
            'BAD_INPUT',
            `row ${r}: the value of ${JSON.stringify(name)} is neither number nor text`,
          );
      }
      entries.sort((a, b) => a[0] - b[0]);
      for (const [column, value] of entries) {
        indices.push(column);
        values.push(value);
      }
      indptr[r + 1] = indices.length;
    }
    return {
      dtype: 'float64',
      shape: [data.length, vocabulary.size],
      indptr,
      indices: Int32Array.from(indices),
      data: Float64Array.from(values),
    };
  };
};

function entriesOf(record: unknown, row: number): Iterable<[string, unknown]> {
  if (record instanceof Map) return record as Map<string, unknown>;
  if (typeof record === 'object' && record !== null) return Object.entries(record);
  throw new BrineError('BAD_INPUT', `row ${row} is not a record`);
}

const namesOfRows: OwnOperator<'NamesOfRows'> = ({ attributes }): Kernel => {
  const { names, values } = attributes;
  return ([x]) => {
    const { shape, indptr, indices, data } = needCsr(x);
    const rows = Array.from({ length: shape[0] }, (_, r) => {
      const entries: [string, number][] = [];
      for (let i = indptr[r]; i < indptr[r + 1]; i++)
        if (data[i] !== 0) entries.push([names[indices[i]] ?? '', data[i]]);
      return values ? Object.fromEntries(entries) : entries.map(([name]) => name);
    });
    return tensor('object', [rows.length], rows);
  };
};

const norms = {
  l1: (data: Float64Array, from: number, to: number): number => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += Math.abs(data[i]);
    return sum;
  },
  l2: (data: Float64Array, from: number, to: number): number => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += data[i] * data[i];
    return Math.sqrt(sum);
  },
  max: (data: Float64Array, from: number, to: number): number => {
    let most = 0;
    for (let i = from; i < to; i++) most = Math.max(most, Math.abs(data[i]));
    return most;
  },
};

const tfidf: OwnOperator<'Tfidf'> = ({ attributes }): Kernel => {
  const { sublinear, idf, norm } = attributes;
  return ([x]): Csr => {
    const csr = needCsr(x);
    const { indptr, indices } = csr;
    const data = Float64Array.from(csr.data);
    if (sublinear) for (let i = 0; i < data.length; i++) data[i] = Math.log(data[i]) + 1;
    if (idf) for (let i = 0; i < data.length; i++) data[i] *= idf[indices[i]];
    if (norm) {
      for (let r = 0; r < csr.shape[0]; r++) {
        const [from, to] = [indptr[r], indptr[r + 1]];
        const size = norms[norm](data, from, to);
        if (size !== 0) for (let i = from; i < to; i++) data[i] /= size;
      }
    }
    return { ...csr, data };
  };
};

export const textOperators = {
  CountTerms: countTerms,
  HashTerms: hashTerms,
  HashFeatures: hashSamples,
  CountRecords: countRecords,
  NamesOfRows: namesOfRows,
  Tfidf: tfidf,
};
