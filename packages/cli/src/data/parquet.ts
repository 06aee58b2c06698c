import { BrineError, type Source } from '@brine/core';
import type { ColumnChunk, FileMetaData, ParquetParsers, ParquetType, SchemaElement, SchemaTree } from 'hyparquet';
import type { ColumnType } from './batch.js';
import { valueCells } from './cells.js';
import { quote } from './column.js';
import { pandasIndexColumns } from './pandas.js';
import { checkNames } from './names.js';
import { boundedCodecs } from './parquet/codecs.js';
import { checkStruct } from './parquet/compact.js';
import { checkPages } from './parquet/pages.js';
import { Room } from './parquet/room.js';
import type { Block, BlockSource, ColumnInfo } from './table.js';
import { decimal, isoDate, isoTime } from './time.js';

/** A row group is decoded whole; writers make them of a million rows (CWE-770). */
const MAX_GROUP_ROWS = 2 ** 27;
/** A footer is read whole; one of ten thousand columns and a hundred row groups has as much (CWE-770). */
const MAX_FOOTER_BYTES = 256 * 2 ** 20;
/** Records within records, which hyparquet reads by recursion (CWE-674). */
const MAX_SCHEMA_DEPTH = 64;

/**
 * Parquet by hyparquet, row group by row group; of these only the columns asked for are read. hyparquet takes every
 * count in a file on trust: what it is given here, footer and pages, has been walked over first.
 */
export async function openParquet(source: Source): Promise<BlockSource> {
  const { parquetMetadata, parquetSchema, parquetScan } = await import('hyparquet');
  const codecs = await boundedCodecs();
  const { name: file } = source;
  const guard = async <T>(work: () => Promise<T> | T): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof BrineError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      const code = /unsupported|not supported/.test(why) ? 'UNSUPPORTED' : 'CORRUPT';
      throw new BrineError(code, `the Parquet data cannot be read: ${why}`, { file }, { cause: error });
    }
  };

  const metadata = await guard(async () =>
    parquetMetadata(await checkedFooter(source), { parsers, geoparquet: false }),
  );
  checkDepth(metadata.schema, file);
  const groups = await guard(() => checkedGroups(metadata, source));
  const fields = await guard(() => parquetSchema(metadata).children);
  const index = pandasIndexColumns(metadata.key_value_metadata?.find(({ key }) => key === 'pandas')?.value);
  const columns = fields.map((field, i): ColumnInfo => {
    const name = field.element.name as string | undefined;
    if (name === undefined) throw new BrineError('CORRUPT', `column ${i + 1} has no name`, { file });
    return { name, type: columnType(field), ...(index.has(name) ? { index: true } : {}) };
  });
  checkNames(
    columns.map((c) => c.name),
    file,
  );
  // Decimals are taken as the integers they are made of: scaling those by a power of ten rounds twice.
  const scales = new Map(fields.flatMap(({ element }) => decimalScale(element)));
  const room = new Room();

  /** One column of one row group, as if it were a file of its own. */
  const decode = async (i: number, { rows, chunks }: Group): Promise<ArrayLike<unknown>> => {
    const { element } = fields[i];
    const { name } = columns[i];
    const found = chunks.get(name);
    if (found?.length !== 1) {
      const message = `a row group has ${found?.length ?? 0} columns ${quote(name)}`;
      throw new BrineError('CORRUPT', message, { file });
    }
    const { meta, start, length } = found[0];
    const type = meta.type as ParquetType | undefined;
    if (type === undefined || type !== element.type) {
      const message = `column ${quote(name)} holds ${type} where the schema says ${element.type}`;
      throw new BrineError('CORRUPT', message, { file });
    }
    const unpack = codecs.get(meta.codec);
    if (unpack === undefined) {
      const message = `the compression of column ${quote(name)} is not one that brine reads`;
      throw new BrineError('UNSUPPORTED', message, { file });
    }
    const bytes = new Uint8Array(await source.read(start, length));
    const shape = {
      type,
      typeLength: element.type_length,
      optional: element.repetition_type === 'OPTIONAL',
      converted: !plainTypes.has(columns[i].type!) || scales.has(name) || type === 'FIXED_LEN_BYTE_ARRAY',
    };
    const pages = checkPages(bytes, shape, rows, unpack, room, { file, offset: start, column: quote(name) });
    const checked = (compressed: Uint8Array): Uint8Array => {
      const page = pages.get(compressed.byteOffset);
      if (page === undefined) throw new Error(`a page at byte ${compressed.byteOffset} that was not checked`);
      return page;
    };
    const only = { ...meta, data_page_offset: 0n, path_in_schema: [name] };
    delete only.dictionary_page_offset;
    const scan = await parquetScan({
      file: {
        byteLength: length,
        slice: (from, to) => (from === 0 && to === length ? bytes.buffer : bytes.buffer.slice(from, to)),
      },
      metadata: {
        version: metadata.version,
        schema: [{ name: 'root', num_children: 1 }, element],
        num_rows: BigInt(rows),
        row_groups: [
          { columns: [{ file_offset: 0n, meta_data: only }], num_rows: BigInt(rows), total_byte_size: BigInt(length) },
        ],
        metadata_length: 0,
      },
      parsers,
      compressors: Object.fromEntries([...codecs.keys()].map((codec) => [codec, checked])),
      useOffsetIndex: false,
      geoparquet: false,
    });
    const cells = (await scan.readColumn({ column: name, rowStart: 0, rowEnd: rows })) as ArrayLike<unknown>;
    if (cells.length !== rows) throw new Error(`${cells.length} values in a row group of ${rows} rows`);
    // Missing values are null. What is undefined was an index beyond the dictionary.
    const beyond = Array.isArray(cells) ? cells.indexOf(undefined) : -1;
    if (beyond >= 0) throw new Error(`column ${quote(name)}, row ${beyond} of its group is not in the dictionary`);
    const scale = scales.get(name);
    return scale === undefined ? cells : Array.from(cells, (cell) => toDecimal(cell, scale));
  };

  return {
    format: 'parquet',
    columns,
    named: true,
    notes: [],
    rowCount: groups.reduce((sum, { rows }) => sum + rows, 0),
    cells: valueCells,
    async *blocks(select): AsyncGenerator<Block, void> {
      const nested = select.find((i) => columns[i].type === 'nested');
      if (nested !== undefined) {
        const message = `column ${quote(columns[nested].name)} holds lists, records or raw bytes, which are no cells of a table; leave it out, or write what is in it as columns of their own`;
        throw new BrineError('UNSUPPORTED', message, { file });
      }
      for (const group of groups) {
        const { rows: length } = group;
        room.earn(group.bytes);
        room.spend(length * select.length, 0, file);
        const read = new Map<number, ArrayLike<unknown>>();
        for (const i of length === 0 ? [] : new Set(select)) read.set(i, await guard(() => decode(i, group)));
        yield { columns: select.map((i) => read.get(i) ?? []), length };
      }
    },
  };
}

/** The end of a file, from its footer on, in which every length was found to be possible. */
async function checkedFooter(source: Source): Promise<Uint8Array> {
  const { name: file, size } = source;
  const tail = size < 12 ? new Uint8Array(8) : await source.read(size - 8, 8);
  if (String.fromCharCode(...tail.subarray(4)) !== 'PAR1') {
    throw new BrineError('TRUNCATED', 'the Parquet file ends without its footer', { file });
  }
  const length = new DataView(tail.buffer, tail.byteOffset, 4).getUint32(0, true);
  if (length > size - 12) {
    const message = `a Parquet footer of ${length} bytes in a file of ${size}`;
    throw new BrineError('CORRUPT', message, { file, offset: size - 8 });
  }
  if (length > MAX_FOOTER_BYTES) {
    const message = `a Parquet footer of ${length} bytes is more than ${MAX_FOOTER_BYTES} (MAX_FOOTER_BYTES)`;
    throw new BrineError('LIMIT', message, { file, offset: size - 8 });
  }
  const footer = await source.read(size - 8 - length, length + 8);
  checkStruct(footer.subarray(0, length), 0);
  return footer;
}

/** hyparquet follows the numbers of children by recursion. */
function checkDepth(schema: readonly SchemaElement[], file: string): void {
  /** Children still to come of each element on the way down. */
  const open: number[] = [];
  for (const { num_children: children } of schema) {
    if (open.length > 0) open[open.length - 1]--;
    open.push(children ?? 0);
    while (open.length > 0 && !(open[open.length - 1] > 0)) open.pop();
    if (open.length > MAX_SCHEMA_DEPTH) {
      const message = `a schema nested more than ${MAX_SCHEMA_DEPTH} deep (MAX_SCHEMA_DEPTH)`;
      throw new BrineError('LIMIT', message, { file });
    }
  }
}

type ChunkMetaData = NonNullable<ColumnChunk['meta_data']>;

interface Group {
  readonly rows: number;
  /** Bytes of all its column chunks. */
  readonly bytes: number;
  /** Column chunks by name; those within nested columns are left out. */
  readonly chunks: ReadonlyMap<string, { meta: ChunkMetaData; start: number; length: number }[]>;
}

/** The row groups, whose column chunks are where the file has bytes, each its own. */
function checkedGroups(metadata: FileMetaData, { name: file, size }: Source): Group[] {
  const ranges: { start: number; end: number }[] = [];
  const groups = metadata.row_groups.map((group): Group => {
    const rows = Number(group.num_rows);
    if (!(Number.isSafeInteger(rows) && rows >= 0 && rows <= MAX_GROUP_ROWS)) {
      const message = `a row group of ${group.num_rows} rows is more than ${MAX_GROUP_ROWS} (MAX_GROUP_ROWS)`;
      throw new BrineError('LIMIT', message, { file });
    }
    const chunks: Map<string, { meta: ChunkMetaData; start: number; length: number }[]> = new Map();
    let bytes = 0;
    for (const { meta_data: meta, file_path: path } of group.columns) {
      if (path !== undefined)
        throw new BrineError('UNSUPPORTED', `the data are in another file, ${quote(path)}`, { file });
      // An offset of 0 is where the file's mark is: some writers mean that there is no dictionary.
      const start = Number(meta?.dictionary_page_offset || meta?.data_page_offset);
      const length = Number(meta?.total_compressed_size);
      if (
        meta === undefined ||
        !(Number.isSafeInteger(start) && Number.isSafeInteger(length)) ||
        start < 0 ||
        length < 0 ||
        start + length > size
      ) {
        const message = `a column chunk of ${length} bytes at ${start} is not within the ${size} bytes of the file`;
        throw new BrineError('CORRUPT', message, { file });
      }
      bytes += length;
      if (length > 0) ranges.push({ start, end: start + length });
      const [name, ...inner] = meta.path_in_schema as [string?, ...string[]];
      if (name === undefined || inner.length > 0) continue;
      const same = chunks.get(name);
      if (same === undefined) chunks.set(name, [{ meta, start, length }]);
      else same.push({ meta, start, length });
    }
    return { rows, bytes, chunks };
  });
  ranges.sort((a, b) => a.start - b.start);
  // Bytes that are read again and again would be a bomb of any size (CWE-409).
  for (let i = 1; i < ranges.length; i++) {
    if (ranges[i].start >= ranges[i - 1].end) continue;
    throw new BrineError('CORRUPT', 'two column chunks share bytes', { file, offset: ranges[i].start });
  }
  const sum = groups.reduce((all, { rows }) => all + rows, 0);
  if (BigInt(sum) !== metadata.num_rows) {
    const message = `the Parquet footer counts ${metadata.num_rows} rows, its row groups ${sum}`;
    throw new BrineError('CORRUPT', message, { file });
  }
  return groups;
}

/** Columns of which hyparquet makes typed arrays or small numbers. */
const plainTypes: ReadonlySet<ColumnType> = new Set(['float64', 'float32', 'int64', 'uint64', 'bool']);

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
