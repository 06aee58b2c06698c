import { BrineError } from '../errors.js';
import { allocate, isBig, isCsr, isTensor, sizeOf, type DType, type Tensor, type Value } from '../graph/tensor.js';
import { rowsOf } from './rows.js';
import type { RecordedBlock } from './record.js';
import type { Samples } from './samples.js';
import type { Tolerance } from './tolerance.js';

/** What `--save` writes beside a model: rows, what it answered, and who answered. */
export interface AnswersFile {
  readonly model: {
    readonly file: string;
    readonly format: string;
    readonly sha256: string;
    readonly versions: readonly (readonly [string, string])[];
  };
  readonly brine: string;
  /** What is granted when it is checked; undefined: what is usual for the types. */
  readonly tolerance: Partial<Tolerance>;
  /** How the rows were made, in sentences; or the file that holds them. */
  readonly made: readonly string[];
  readonly data: { readonly file: string; readonly sha256: string } | undefined;
  readonly blocks: readonly RecordedBlock[];
}

const KIND = 'brine answers';
const VERSION = 1;
const dtypes = new Set<string>([
  ...['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8'],
  ...['uint64', 'uint32', 'uint16', 'uint8', 'bool', 'string', 'object'],
]);

/** The file's text: JSON whose numbers read back to the last bit. */
export function answersText(file: AnswersFile): string {
  const { model, brine, tolerance, made, data, blocks } = file;
  const whole = {
    kind: KIND,
    version: VERSION,
    brine,
    model: { ...model, versions: Object.fromEntries(model.versions) },
    tolerance,
    made,
    ...(data === undefined ? {} : { data }),
    blocks: blocks.map(({ what, kind, samples, rows, answers, refused }) => ({
      what,
      kind,
      rows,
      ...(samples === undefined ? {} : { inputs: samplesJson(samples) }),
      answers: Object.fromEntries([...answers].map(([m, outputs]) => [m, valuesJson(outputs)])),
      ...(refused.size === 0 ? {} : { refused: Object.fromEntries(refused) }),
    })),
  };
  return `${JSON.stringify(whole, null, 1)}\n`;
}

function samplesJson(samples: Samples): unknown {
  switch (samples.kind) {
    case 'list':
      return { kind: 'list', values: samples.values.map(loose) };
    case 'table':
      return {
        kind: 'table',
        columns: samples.columns.map(({ name, values }) => ({
          ...(name === undefined ? {} : { name }),
          type: ArrayBuffer.isView(values) ? 'number' : 'any',
          values: Array.from(values, ArrayBuffer.isView(values) ? cell : loose),
        })),
      };
    case 'tensors':
      return { kind: 'tensors', inputs: valuesJson(samples.inputs) };
  }
}

const valuesJson = (values: ReadonlyMap<string, Value>): unknown =>
  [...values].map(([name, value]) => ({ name, ...tensorJson(name, value) }));

function tensorJson(name: string, value: Value): { dtype: string; shape: readonly number[]; data: unknown[] } {
  const plain = isTensor(value) ? value : undefined;
  if (plain)
    return { dtype: plain.dtype, shape: plain.shape, data: Array.from(plain.data as ArrayLike<unknown>, cell) };
  // Sparse answers and maps are kept as the table they are.
  const rows = rowsOf(value, name);
  const data: unknown[] = [];
  for (let r = 0; r < rows.rows; r++) data.push(...Array.from(rows.row(r), cell));
  return { dtype: isCsr(value) ? value.dtype : rows.dtype, shape: [rows.rows, rows.width], data };
}

/** A value that JSON has: what it has not is told in words. */
function cell(value: unknown): unknown {
  if (typeof value === 'number') {
    if (Object.is(value, -0)) return '-0';
    return Number.isFinite(value) ? value : String(value);
  }
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, cell);
  if (typeof value === 'object' && value !== null && 'data' in value && 'shape' in value)
    return Array.from(value.data as ArrayLike<unknown>, cell);
  return value ?? null;
}

/** A cell among others of any type: missing is null. */
const loose = (value: unknown): unknown =>
  typeof value === 'number' ? (Number.isNaN(value) ? null : value) : cell(value);

/** Whether parsed JSON is such a file. */
export function isAnswers(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'kind' in json && json.kind === KIND;
}

/** Reads what `answersText` wrote. Throws CORRUPT naming what is wrong, and UNSUPPORTED for a later version. */
export function readAnswers(json: unknown, file: string): AnswersFile {
  const top = record(json, 'the file', file);
  if (top['version'] !== VERSION)
    throw new BrineError('UNSUPPORTED', `answers of version ${String(top['version'])}; this brine reads ${VERSION}`, {
      file,
    });
  const model = record(top['model'], 'model', file);
  const tolerance = record(top['tolerance'] ?? {}, 'tolerance', file);
  const data = top['data'] === undefined ? undefined : record(top['data'], 'data', file);
  return {
    brine: text(top['brine']),
    model: {
      file: text(model['file']),
      format: text(model['format']),
      sha256: text(model['sha256']),
      versions: Object.entries(record(model['versions'] ?? {}, 'model.versions', file)).map(([k, v]) => [k, text(v)]),
    },
    tolerance: {
      ...(typeof tolerance['rtol'] === 'number' ? { rtol: tolerance['rtol'] } : {}),
      ...(typeof tolerance['atol'] === 'number' ? { atol: tolerance['atol'] } : {}),
    },
    made: list(top['made'] ?? [], 'made', file).map(text),
    data: data && { file: text(data['file']), sha256: text(data['sha256']) },
    blocks: list(top['blocks'], 'blocks', file).map((block, i) => readBlock(block, `blocks[${i}]`, file)),
  };
}

function readBlock(json: unknown, path: string, file: string): RecordedBlock {
  const block = record(json, path, file);
  const rows = block['rows'];
  if (typeof rows !== 'number' || !Number.isSafeInteger(rows) || rows < 0)
    throw corrupt(`${path}.rows is no count`, file);
  const answers = Object.entries(record(block['answers'], `${path}.answers`, file)).map(
    ([method, outputs]): [string, ReadonlyMap<string, Value>] => [
      method,
      readValues(outputs, `${path}.answers.${method}`, file),
    ],
  );
  const refused = Object.entries(record(block['refused'] ?? {}, `${path}.refused`, file));
  return {
    what: text(block['what']),
    kind: block['kind'] === 'unusual' ? 'unusual' : 'usual',
    rows,
    samples: block['inputs'] === undefined ? undefined : readSamples(block['inputs'], rows, `${path}.inputs`, file),
    answers: new Map(answers),
    refused: new Map(refused.map(([method, message]) => [method, text(message)])),
  };
}

function readSamples(json: unknown, rows: number, path: string, file: string): Samples {
  const inputs = record(json, path, file);
  if (inputs['kind'] === 'tensors') return { kind: 'tensors', rows, inputs: readValues(inputs['inputs'], path, file) };
  if (inputs['kind'] === 'list') {
    const values = list(inputs['values'], `${path}.values`, file);
    if (values.length !== rows) throw corrupt(`${path} has ${values.length} values for ${rows} rows`, file);
    return { kind: 'list', rows, values };
  }
  const columns = list(inputs['columns'], `${path}.columns`, file).map((item, c) => {
    const column = record(item, `${path}.columns[${c}]`, file);
    const values = list(column['values'], `${path}.columns[${c}].values`, file);
    if (values.length !== rows)
      throw corrupt(`${path}.columns[${c}] has ${values.length} values for ${rows} rows`, file);
    const name = typeof column['name'] === 'string' ? column['name'] : undefined;
    return { name, values: column['type'] === 'number' ? Float64Array.from(values, toNumber) : values };
  });
  return { kind: 'table', rows, columns };
}

function readValues(json: unknown, path: string, file: string): Map<string, Value> {
  return new Map(
    list(json, path, file).map((item, i): [string, Value] => {
      const value = record(item, `${path}[${i}]`, file);
      return [text(value['name']), readTensor(value, `${path}[${i}]`, file)];
    }),
  );
}

function readTensor(value: Record<string, unknown>, path: string, file: string): Tensor {
  const dtype = text(value['dtype']);
  if (!dtypes.has(dtype)) throw corrupt(`${path} is of the type ${JSON.stringify(dtype)}`, file);
  const shape = list(value['shape'], `${path}.shape`, file).map(Number);
  const data = list(value['data'], `${path}.data`, file);
  if (!shape.every((d) => Number.isSafeInteger(d) && d >= 0) || sizeOf(shape) !== data.length)
    throw corrupt(`${path} has ${data.length} values for the shape [${shape.join(', ')}]`, file);
  const type = dtype as DType;
  if (type === 'string' || type === 'object') return { dtype: type, shape, data };
  const out = allocate(type, data.length) as unknown[];
  data.forEach((x, i) => (out[i] = isBig(type) ? toBig(x, path, file) : toNumber(x)));
  return { dtype: type, shape, data: out };
}

function toNumber(x: unknown): number {
  return x === null ? NaN : Number(x);
}

function toBig(x: unknown, path: string, file: string): bigint {
  if ((typeof x === 'number' && Number.isSafeInteger(x)) || (typeof x === 'string' && /^-?\d{1,20}$/.test(x)))
    return BigInt(x);
  throw corrupt(`${path} holds ${JSON.stringify(x)} where an integer is needed`, file);
}

function corrupt(message: string, file: string): BrineError {
  return new BrineError('CORRUPT', message, { file });
}

const text = (x: unknown): string => (typeof x === 'string' ? x : '');

function record(x: unknown, path: string, file: string): Record<string, unknown> {
  if (typeof x !== 'object' || x === null || Array.isArray(x)) throw corrupt(`${path} is no object`, file);
  return x as Record<string, unknown>;
}

function list(x: unknown, path: string, file: string): unknown[] {
  if (!Array.isArray(x)) throw corrupt(`${path} is no list`, file);
  return x;
}
