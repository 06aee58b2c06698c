import { BrineError, ExpansionBudget, type Source, decompressBytes } from '@brine/core';
import type * as Arrow from 'apache-arrow';
import { checkArrowFile, checkedArrowStream } from './arrow-verify.js';
import type { ColumnType } from './batch.js';
import { valueCells } from './cells.js';
import { pandasIndexColumns } from './pandas.js';
import { checkNames } from './names.js';
import type { Block, BlockSource, ColumnInfo } from './table.js';
import { decimal, isoDate, isoTime, type TimeUnit } from './time.js';

/** A record batch is held whole; writers make them of some 64 thousand rows (CWE-770). */
const MAX_BATCH_ROWS = 2 ** 27;
/** A buffer of a record batch may expand to this (CWE-409). Columns of one value compress a thousandfold: no ratio. */
const MAX_BUFFER_BYTES = 2 ** 30;

const FILE_MAGIC = 'ARROW1';

/** Whether the bytes begin an Arrow file (Feather 2 is one), which is read by its footer, and not a stream. */
export function isArrowFile(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, FILE_MAGIC.length)).toString('latin1') === FILE_MAGIC;
}

/** An Arrow file by apache-arrow, one record batch at a time. */
export async function openArrowFile(source: Source): Promise<BlockSource> {
  const { name: file, size } = source;
  const tail = size < 2 * FILE_MAGIC.length ? '' : await source.read(size - FILE_MAGIC.length, FILE_MAGIC.length);
  if (Buffer.from(tail).toString('latin1') !== FILE_MAGIC) {
    throw new BrineError('TRUNCATED', 'the Arrow file ends without its footer', { file });
  }
  await guarded(file, () => checkArrowFile(source, FILE_MAGIC.length));
  // What apache-arrow takes for a FileHandle of Node's.
  const handle = {
    fd: -1,
    stat: () => Promise.resolve({ size }),
    close: () => Promise.resolve(),
    read: async (buffer: Uint8Array, offset: number, length: number, position: number) => {
      const bytes = await source.read(position, Math.min(length, size - position));
      buffer.set(bytes, offset);
      return { bytesRead: bytes.length, buffer };
    },
  };
  return openBatches(file, handle as unknown as Arrow.FileHandle, (reader, seen) => {
    // A batch that is not where the footer says ends the iteration without a word.
    // Where there is none, apache-arrow makes an empty one up.
    if (seen === Math.max(1, reader.numRecordBatches)) return;
    const message = `the Arrow file's footer tells of ${reader.numRecordBatches} record batches, ${seen} can be read`;
    throw new BrineError('CORRUPT', message, { file });
  });
}

/** An Arrow stream by apache-arrow, one record batch at a time. */
export async function openArrowStream(bytes: AsyncIterable<Uint8Array>, file: string): Promise<BlockSource> {
  return openBatches(file, checkedArrowStream(bytes, file), () => undefined);
}

/** @param check is called with the number of record batches when there are no more */
async function openBatches(
  file: string,
  from: Arrow.FileHandle | AsyncIterable<Uint8Array>,
  check: (reader: Arrow.RecordBatchReader, seen: number) => void,
): Promise<BlockSource> {
  const arrow = await import('apache-arrow');
  registerCodecs(arrow, file);
  const reader = await guarded(file, async () => {
    const made = (await arrow.RecordBatchReader.from(from as Arrow.FileHandle)) as Arrow.RecordBatchReader;
    return made.open({ autoDestroy: false });
  });
  // The type of `schema` is non-null, but a stream may end before it.
  const schema = reader.schema as Arrow.Schema | undefined;
  if (schema === undefined) throw new BrineError('TRUNCATED', 'the Arrow data end before their schema', { file });
  const index = pandasIndexColumns(schema.metadata.get('pandas'));
  const columns = schema.fields.map((field): ColumnInfo => {
    const type = columnType(arrow, field.type as Arrow.DataType);
    // A damaged file may lack a name, whatever the type says.
    const name = (field.name as string | null) ?? '';
    return { name, type, ...(index.has(name) ? { index: true } : {}) };
  });
  checkNames(
    columns.map((c) => c.name),
    file,
  );

  return {
    format: 'arrow',
    columns,
    named: true,
    notes: [],
    cells: valueCells,
    async *blocks(select): AsyncGenerator<Block, void> {
      for (let seen = 0; ; seen++) {
        const next = await guarded(
          file,
          async () => (await reader.next()) as IteratorResult<Arrow.RecordBatch, unknown>,
        );
        if (next.done === true) {
          check(reader, seen);
          return;
        }
        const batch = next.value;
        const length = batch.numRows;
        if (!(length <= MAX_BATCH_ROWS)) {
          const message = `a record batch of ${length} rows is more than ${MAX_BATCH_ROWS} (MAX_BATCH_ROWS)`;
          throw new BrineError('LIMIT', message, { file });
        }
        yield {
          columns: await guarded(file, () => select.map((i) => cellsOf(arrow, batch.data.children[i], length))),
          length,
        };
      }
    },
  };
}

async function guarded<T>(file: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BrineError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const code = /^Expected to read|null or length 0/.test(why)
      ? 'TRUNCATED'
      : /nsupported|unknown type|Unrecognized/.test(why)
        ? 'UNSUPPORTED'
        : 'CORRUPT';
    throw new BrineError(code, `the Arrow data cannot be read: ${why}`, { file }, { cause: error });
  }
}

function registerCodecs(arrow: typeof Arrow, file: string): void {
  const { compressionRegistry, CompressionType } = arrow;
  const limits = { member: MAX_BUFFER_BYTES, ratio: Number.MAX_SAFE_INTEGER, total: Number.MAX_SAFE_INTEGER };
  const decode = (codec: 'lz4' | 'zstd') => (data: Uint8Array) =>
    decompressBytes(codec, data, file, new ExpansionBudget(limits));
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decode('lz4') });
  compressionRegistry.set(CompressionType.ZSTD, { decode: decode('zstd') });
}

function columnType(arrow: typeof Arrow, type: Arrow.DataType): ColumnType {
  const { DataType } = arrow;
  if (DataType.isInt(type)) return type.bitWidth === 64 && !type.isSigned ? 'uint64' : 'int64';
  if (DataType.isFloat(type)) return type.precision === arrow.Precision.DOUBLE ? 'float64' : 'float32';
  if (DataType.isDecimal(type) || DataType.isNull(type)) return 'float64';
  if (DataType.isBool(type)) return 'bool';
  if (isText(arrow, type)) return 'string';
  if (DataType.isDate(type) || DataType.isTimestamp(type)) return 'datetime';
  // pandas' categories.
  if (DataType.isDictionary(type)) return columnType(arrow, type.dictionary as Arrow.DataType);
  return 'nested';
}

const isText = ({ DataType }: typeof Arrow, type: Arrow.DataType): boolean =>
  DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type);

/** A column of a record batch as cells: a view where there is no missing value, else an array with null for those. */
function cellsOf(arrow: typeof Arrow, data: Arrow.Data, length: number): ArrayLike<unknown> {
  const { DataType } = arrow;
  const type = data.type;
  if (data.length !== length) throw new Error(`a column of ${data.length} values in a batch of ${length} rows`);
  if (DataType.isNull(type)) return new Array<null>(length).fill(null);
  const holes = data.nullCount > 0;
  if (holes && data.nullBitmap.length * 8 < data.offset + length)
    throw new Error('a bitmap of missing values is too short');
  const fill = (cell: (i: number) => unknown): unknown[] =>
    Array.from({ length }, (_, i) => (holes && !data.getValid(i) ? null : cell(i)));
  const values = data.values as ArrayLike<unknown> & { subarray(from: number, to: number): ArrayLike<unknown> };
  const enough = (stride: number): void => {
    if (values.length < length * stride) throw new Error(`a column has ${values.length} values of ${length * stride}`);
  };

  if (DataType.isInt(type) || (DataType.isFloat(type) && type.precision !== arrow.Precision.HALF)) {
    enough(1);
    return holes ? fill((i) => values[i]) : values.subarray(0, length);
  }
  if (DataType.isTimestamp(type)) {
    enough(1);
    const unit = timeUnits[type.unit];
    return fill((i) => isoTime(values[i] as bigint, unit));
  }
  if (DataType.isDate(type)) {
    enough(1);
    const perDay = type.unit === arrow.DateUnit.DAY ? 1 : 86_400_000;
    return fill((i) => isoDate(Math.floor(Number(values[i]) / perDay)));
  }
  if (DataType.isDecimal(type)) {
    const words = type.bitWidth / 32;
    enough(words);
    return fill((i) => decimal(wideInteger(values as ArrayLike<number>, i * words, words), type.scale));
  }
  if (DataType.isBool(type) && values.length * 8 < data.offset + length)
    throw new Error('a column of booleans is too short');
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type))
    checkOffsets(data.valueOffsets as ArrayLike<number | bigint>, values.length, length);
  if (DataType.isDictionary(type)) {
    enough(1);
    const dictionary = data.dictionary;
    const size = dictionary?.length ?? 0;
    const entries =
      dictionary === undefined
        ? []
        : dictionary.data.flatMap((d: Arrow.Data) => Array.from(cellsOf(arrow, d, d.length)));
    return fill((i) => {
      const code = Number(values[i]);
      if (!(code >= 0 && code < size)) throw new Error(`category ${code} of ${size}`);
      return entries[code];
    });
  }
  const vector = new arrow.Vector([data]);
  return fill((i) => vector.get(i) as unknown);
}

const timeUnits: Readonly<Record<Arrow.TimeUnit, TimeUnit>> = { 0: 's', 1: 'ms', 2: 'us', 3: 'ns' };

function checkOffsets(offsets: ArrayLike<number | bigint>, size: number, length: number): void {
  if (length > 0 && offsets.length < length + 1) throw new Error(`${offsets.length} text offsets for ${length} rows`);
  let before = 0;
  for (let i = 0; i <= length && length > 0; i++) {
    const at = Number(offsets[i]);
    if (!(at >= before && at <= size)) throw new Error(`text offset ${at} of ${size} bytes, after ${before}`);
    before = at;
  }
}

/** Little-endian two's complement of 32-bit words. */
function wideInteger(words: ArrayLike<number>, at: number, count: number): bigint {
  let value = 0n;
  for (let i = count - 1; i >= 0; i--) value = (value << 32n) | BigInt(words[at + i] >>> 0);
  return BigInt.asIntN(32 * count, value);
}
