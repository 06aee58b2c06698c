import {
  BrineError,
  LazyBytes,
  NdArray,
  type Source,
  fieldArray,
  openZip,
  readNpy,
  toInt64,
  toStrings,
  toTyped,
} from '@brine/core';
import { didYouMean } from '../terminal/suggest.js';
import type { ColumnType } from './batch.js';
import { valueCells } from './cells.js';
import { quote } from './column.js';
import { checkNames } from './names.js';
import type { Block, BlockSource } from './table.js';
import { isoTime, type TimeUnit } from './time.js';

/** An array of numbers or text: one column for each of its columns, or for each field of its records. */
export async function openNpy(source: Source): Promise<BlockSource> {
  return arraySource(await readArray(source), source.name, []);
}

/** An NPZ archive: the array that is asked for, or the only one. Throws AMBIGUOUS where there are several. */
export async function openNpz(source: Source, wanted?: string): Promise<BlockSource> {
  const archive = await openZip(source);
  const arrays = archive.entries.filter(({ name }) => name.endsWith('.npy')).map(({ name }) => name.slice(0, -4));
  if (arrays.length === 0) {
    const workbook = archive.entries.some(({ name }) => name.startsWith('xl/'));
    const what = workbook ? 'this is an Excel workbook; save the sheet as CSV' : 'the zip archive holds no NPY array';
    throw new BrineError('UNKNOWN_FORMAT', what, { file: source.name });
  }
  const array = wanted ?? arrays[0];
  if (wanted === undefined && arrays.length > 1) {
    const message = `the file holds ${arrays.length} arrays, ${listed(arrays)}; say which one to read`;
    throw new BrineError('AMBIGUOUS', message, { file: source.name });
  }
  const entry = archive.get(`${array}.npy`);
  if (entry === undefined) {
    const message = `there is no array ${quote(array)}${didYouMean(array, arrays)}; the file holds ${listed(arrays)}`;
    throw new BrineError('BAD_ARGUMENT', message, { file: source.name });
  }
  return { ...arraySource(await readArray(await entry.open()), source.name, []), format: 'npz' };
}

const SHOWN = 10;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map(quote).join(', ');
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}

async function readArray(source: Source): Promise<NdArray> {
  const { array } = await readNpy(source);
  if (array.shape.length === 1 || array.shape.length === 2) return array;
  const message = `the array has the shape (${array.shape.join(', ')}); a table has one or two dimensions`;
  throw new BrineError('BAD_INPUT', message, { file: source.name });
}

function arraySource(array: NdArray, file: string, notes: readonly string[]): BlockSource {
  const { dtype, shape } = array;
  const rowCount = shape[0];
  const fields = shape.length === 1 ? dtype.fields : undefined;
  const width = fields?.length ?? shape[1] ?? 1;
  const names = fields?.map((f) => f.name) ?? Array.from({ length: width }, (_, i) => String(i));
  checkNames(names, file);
  return {
    format: 'npy',
    columns: names.map((name, i) => ({ name, type: columnType(fields?.[i].dtype ?? dtype, file) })),
    named: fields !== undefined,
    notes,
    rowCount,
    cells: valueCells,
    async *blocks(select, size): AsyncGenerator<Block, void> {
      const bytes = reader(array);
      for (let start = 0; start < rowCount; start += size) {
        const length = Math.min(size, rowCount - start);
        yield { columns: await columnsOf(array, bytes, start, length, width, names, select), length };
      }
    },
  };
}

type Bytes = (offset: number, length: number) => Promise<Uint8Array>;

function reader({ data }: NdArray): Bytes {
  if (data instanceof LazyBytes) return (offset, length) => data.source.read(data.offset + offset, length);
  const bytes = data as Uint8Array;
  return (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length));
}

async function columnsOf(
  array: NdArray,
  bytes: Bytes,
  start: number,
  length: number,
  width: number,
  names: readonly string[],
  select: readonly number[],
): Promise<ArrayLike<unknown>[]> {
  const { dtype, shape } = array;
  const part = (count: number, data: Uint8Array): NdArray => new NdArray(dtype, [count], false, data);
  if (shape.length === 1) {
    const rows = part(length, await bytes(start * dtype.itemsize, length * dtype.itemsize));
    return select.map((c) => cellsOf(dtype.fields === undefined ? rows : fieldArray(rows, names[c])));
  }
  if (array.fortran) {
    // Columns lie one behind the other.
    const columns: ArrayLike<unknown>[] = [];
    for (const c of select) {
      columns.push(
        cellsOf(part(length, await bytes((c * shape[0] + start) * dtype.itemsize, length * dtype.itemsize))),
      );
    }
    return columns;
  }
  const stride = width * dtype.itemsize;
  const all = cellsOf(part(length * width, await bytes(start * stride, length * stride)));
  return select.map((c) => {
    const column = emptyLike(all, length);
    for (let i = 0; i < length; i++) column[i] = all[i * width + c];
    return column;
  });
}

function emptyLike(values: ArrayLike<unknown>, length: number): { [i: number]: unknown; readonly length: number } {
  if (Array.isArray(values)) return new Array<unknown>(length);
  return new (values.constructor as new (length: number) => Float64Array)(length);
}

/** A one-dimensional array's elements. */
function cellsOf(array: NdArray): ArrayLike<unknown> {
  switch (array.dtype.type) {
    case 'b':
      return Array.from<number | bigint, boolean>(toTyped(array), (v) => v !== 0);
    case 'U':
    case 'S':
      return toStrings(array);
    case 'M': {
      const [unit, count] = array.dtype.unit ?? ['generic', 1];
      const counts = Array.from(toInt64(array), (v) => (v === NOT_A_TIME ? null : v * BigInt(count)));
      const known = timeUnits.get(unit);
      return counts.map((v) =>
        v === null ? null : known === undefined ? `${v} ${unit}` : isoTime(v * known.times, known.unit),
      );
    }
    default:
      return toTyped(array);
  }
}

/** numpy's NaT. */
const NOT_A_TIME = -(2n ** 63n);

const timeUnits = new Map<string, { unit: TimeUnit; times: bigint }>([
  ['D', { unit: 's', times: 86_400n }],
  ['h', { unit: 's', times: 3600n }],
  ['m', { unit: 's', times: 60n }],
  ['s', { unit: 's', times: 1n }],
  ['ms', { unit: 'ms', times: 1n }],
  ['us', { unit: 'us', times: 1n }],
  ['ns', { unit: 'ns', times: 1n }],
]);

const types = new Map<string, ColumnType>([
  ['i', 'int64'],
  ['b', 'bool'],
  ['U', 'string'],
  ['S', 'string'],
  ['M', 'datetime'],
]);

function columnType({ type, itemsize, subarray }: NdArray['dtype'], file: string): ColumnType {
  if (type === 'f') return itemsize === 8 ? 'float64' : 'float32';
  if (type === 'u') return itemsize === 8 ? 'uint64' : 'int64';
  const found = subarray === undefined ? types.get(type) : undefined;
  if (found !== undefined) return found;
  const what =
    'complex numbers, nested records or raw bytes are no table; numbers, booleans, text, times and plain records are';
  throw new BrineError('UNSUPPORTED', what, { file });
}
