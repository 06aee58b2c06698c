import { BrineError, type Source } from '@brine/core';
import type { Compressors, FileMetaData, ParquetParsers, SchemaElement, SchemaTree } from 'hyparquet';
import type { ColumnType } from './batch.js';
import { valueCells } from './cells.js';
import { quote } from './column.js';
import { pandasIndexColumns } from './pandas.js';
import { checkNames } from './names.js';
import type { Block, BlockSource, ColumnInfo } from './table.js';
import { decimal, isoDate, isoTime } from './time.js';

/** A page that says it is bigger when decompressed is not read (CWE-409); pages are 1 MiB by habit. */
const MAX_PAGE_BYTES = 512 * 2 ** 20;
/** A row group is decoded whole; writers make them of a million rows (CWE-770). */
const MAX_GROUP_ROWS = 2 ** 27;

/**
 * Parquet by hyparquet, row group by row group; of these only the columns asked for are read. Footer, places and
 * page sizes are checked first; the counts inside of pages hyparquet takes on trust, so that a file damaged or
 * forged there may keep it busy for long (CWE-834).
 */
export async function openParquet(source: Source): Promise<BlockSource> {
  const { parquetMetadataAsync, parquetSchema, parquetScan } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  const file = {
    byteLength: source.size,
    slice: (start: number, end = source.size): Promise<ArrayBuffer> => {
      const slice = source
        .read(start, end - start)
        .then(({ buffer, byteOffset, byteLength }) => buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
      // hyparquet asks for several at once; when one fails, nobody waits for the others.
      slice.catch(() => undefined);
      return slice;
    },
  };
  const guard = async <T>(work: () => Promise<T> | T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof BrineError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      const code = /unsupported|not supported/.test(why) ? 'UNSUPPORTED' : 'CORRUPT';
      throw new BrineError(code, `the Parquet data cannot be read: ${why}`, { file: source.name }, { cause: error });
    }
  };

  const tail = source.size < 12 ? new Uint8Array(0) : await source.read(source.size - 4, 4);
  if (String.fromCharCode(...tail) !== 'PAR1') {
    throw new BrineError('TRUNCATED', 'the Parquet file ends without its footer', { file: source.name });
  }
  const options = {
    file,
    parsers,
    compressors: bounded(compressors, source.name),
    useOffsetIndex: false,
    geoparquet: false,
  };
  const metadata = await guard(() => parquetMetadataAsync(file, { parsers, geoparquet: false }));
  const groups = checkedGroups(metadata, source);
  const fields = await guard(() => parquetSchema(metadata).children);
  const index = pandasIndexColumns(metadata.key_value_metadata?.find(({ key }) => key === 'pandas')?.value);
  const columns = fields.map((field): ColumnInfo => {
    const { name } = field.element;
    return { name, type: columnType(field), ...(index.has(name) ? { index: true } : {}) };
  });
  checkNames(
    columns.map((c) => c.name),
    source.name,
  );
  // Decimals are taken as the integers they are made of: scaling those by a power of ten rounds twice.
  const scales = new Map(fields.flatMap(({ element }) => decimalScale(element)));

  return {
    format: 'parquet',
    columns,
    named: true,
    notes: [],
    rowCount: groups.reduce((sum, rows) => sum + rows, 0),
    cells: valueCells,
    async *blocks(select): AsyncGenerator<Block, void> {
      const names = select.map((i) => columns[i].name);
      const wanted = [...new Set(names)];
      const scan = await guard(() => parquetScan({ ...options, metadata, columns: wanted }));
      let rowStart = 0;
      for (const length of groups) {
        const rowEnd = rowStart + length;
        const read = new Map<string, ArrayLike<unknown>>();
        for (const column of length === 0 ? [] : wanted) {
          const cells = await guard(() => scan.readColumn({ column, rowStart, rowEnd }) as Promise<ArrayLike<unknown>>);
          if (cells.length !== length) {
            const message = `column ${JSON.stringify(column)} has ${cells.length} values in a row group of ${length} rows`;
            throw new BrineError('CORRUPT', message, { file: source.name });
          }
          const scale = scales.get(column);
          read.set(column, scale === undefined ? cells : Array.from(cells, (cell) => toDecimal(cell, scale)));
        }
        yield { columns: names.map((name) => read.get(name) ?? []), length };
        rowStart = rowEnd;
      }
    },
  };
}

/** The rows of each group, whose column chunks are where the file has bytes. */
function checkedGroups(metadata: FileMetaData, { name: file, size }: Source): number[] {
  const groups = metadata.row_groups.map((group) => {
    const rows = Number(group.num_rows);
    if (!(rows >= 0 && rows <= MAX_GROUP_ROWS)) {
      const message = `a row group of ${group.num_rows} rows is more than ${MAX_GROUP_ROWS} (MAX_GROUP_ROWS)`;
      throw new BrineError('LIMIT', message, { file });
    }
    for (const { meta_data: chunk, file_path: path } of group.columns) {
      if (path !== undefined)
        throw new BrineError('UNSUPPORTED', `the data are in another file, ${quote(path)}`, { file });
      const start = Number(chunk?.dictionary_page_offset ?? chunk?.data_page_offset);
      const length = Number(chunk?.total_compressed_size);
      const values = Number(chunk?.num_values);
      if (!(
        start >= 0 &&
        Number(chunk?.data_page_offset) >= 0 &&
        length >= 0 &&
        start + length <= size &&
        values >= 0
      )) {
        const message = `a column chunk of ${length} bytes at ${start} is not within the ${size} bytes of the file`;
        throw new BrineError('CORRUPT', message, { file });
      }
    }
    return rows;
  });
  const sum = groups.reduce((a, b) => a + b, 0);
  if (BigInt(sum) !== metadata.num_rows) {
    const message = `the Parquet footer counts ${metadata.num_rows} rows, its row groups ${sum}`;
    throw new BrineError('CORRUPT', message, { file });
  }
  return groups;
}

function columnType({ element, children }: SchemaTree): ColumnType {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (children.length > 0 || element.repetition_type === 'REPEATED') return 'nested';
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return 'float64';
  if (converted === 'DATE' || logical?.type === 'DATE' || type === 'INT96') return 'datetime';
  if (converted?.startsWith('TIMESTAMP') === true || logical?.type === 'TIMESTAMP') return 'datetime';
  if (logical?.type === 'FLOAT16') return 'float32';
  if (logical?.type === 'UUID') return 'string';
  if (converted === 'INTERVAL' || converted === 'BSON') return 'nested';
  switch (type) {
    case 'BOOLEAN':
      return 'bool';
    case 'FLOAT':
      return 'float32';
    case 'DOUBLE':
      return 'float64';
    case 'INT32':
    case 'INT64':
      return converted === 'UINT_64' || (logical?.type === 'INTEGER' && logical.bitWidth === 64 && !logical.isSigned)
        ? 'uint64'
        : 'int64';
    case 'BYTE_ARRAY':
      return 'string';
    default:
      return 'nested';
  }
}

/** The scale of a decimal column, whose annotation is taken off so that its integers are given as they are. */
function decimalScale(element: SchemaElement): [string, number][] {
  if (element.converted_type !== 'DECIMAL' && element.logical_type?.type !== 'DECIMAL') return [];
  const scale = element.scale ?? (element.logical_type?.type === 'DECIMAL' ? element.logical_type.scale : 0);
  delete element.converted_type;
  delete element.logical_type;
  return [[element.name, scale]];
}

function toDecimal(cell: unknown, scale: number): number | null {
  if (typeof cell === 'number' || typeof cell === 'bigint') return decimal(BigInt(cell), scale);
  if (!(cell instanceof Uint8Array)) return null;
  // Big-endian two's complement.
  let value = 0n;
  for (const byte of cell) value = value * 256n + BigInt(byte);
  return decimal(BigInt.asIntN(8 * cell.length, value), scale);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Times as text, to the last nanosecond. */
const parsers: ParquetParsers = {
  timestampFromMilliseconds: (count) => optional(count, (c) => isoTime(c, 'ms')),
  timestampFromMicroseconds: (count) => optional(count, (c) => isoTime(c, 'us')),
  timestampFromNanoseconds: (count) => optional(count, (c) => isoTime(c, 'ns')),
  dateFromDays: (days) => optional(days, isoDate),
  stringFromBytes: (bytes) => optional(bytes, (b) => utf8.decode(b)),
  jsonFromBytes: (bytes) => optional(bytes, (b) => utf8.decode(b)),
  geometryFromBytes: (bytes) => bytes,
  geographyFromBytes: (bytes) => bytes,
  uuidFromBytes: (bytes) =>
    optional(bytes, (b) =>
      Buffer.from(b)
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    ),
};

/** hyparquet's parsers meet missing values too, whatever their types say. */
function optional<T>(value: T | null | undefined, read: (value: T) => string): string | undefined {
  return value === null || value === undefined ? undefined : read(value);
}

function bounded(compressors: Compressors, file: string): Compressors {
  const out: Compressors = {};
  for (const [codec, decompress] of Object.entries(compressors) as [
    keyof Compressors,
    NonNullable<Compressors['GZIP']>,
  ][]) {
    out[codec] = (input, length) => {
      if (length >= 0 && length <= MAX_PAGE_BYTES) return decompress(input, length);
      const message = `a page of ${length} bytes is more than ${MAX_PAGE_BYTES} (MAX_PAGE_BYTES)`;
      throw new BrineError('LIMIT', message, { file });
    };
  }
  return out;
}
