import { BrineError, type Source } from '@brine/core';

/**
 * Arrow metadata are FlatBuffers, whose lengths and offsets apache-arrow takes on trust: a vector that claims
 * two thousand million entries would be built. These checks run before it sees the bytes (CWE-1284, CWE-400).
 *
 * @see https://github.com/apache/arrow/tree/main/format (Message.fbs, Schema.fbs, File.fbs)
 */

/** Fields of a schema, nested ones included, counted each time they are referred to: tables share what they like. */
const MAX_FIELDS = 100_000;
const MAX_METADATA_BYTES = 256 * 2 ** 20;

/** A table of a FlatBuffer. Reading outside the bytes throws RangeError. */
class FlatTable {
  readonly #view: DataView;
  readonly #at: number;

  constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
  }

  static root(view: DataView): FlatTable {
    return new FlatTable(view, view.getInt32(0, true));
  }

  /** Where a field lies, or undefined if the table has none. */
  #field(index: number): number | undefined {
    const vtable = this.#at - this.#view.getInt32(this.#at, true);
    const slot = 4 + 2 * index;
    if (slot >= this.#view.getInt16(vtable, true)) return undefined;
    const offset = this.#view.getInt16(vtable + slot, true);
    // apache-arrow reads these as signed: what it takes for something else must not pass here.
    if (offset < 0) throw new RangeError(`a field at ${offset} of its table`);
    return offset === 0 ? undefined : this.#at + offset;
  }

  byte(index: number): number {
    const at = this.#field(index);
    return at === undefined ? 0 : this.#view.getUint8(at);
  }

  long(index: number): number {
    const at = this.#field(index);
    return at === undefined ? 0 : Number(this.#view.getBigInt64(at, true));
  }

  table(index: number): FlatTable | undefined {
    const at = this.#field(index);
    return at === undefined ? undefined : new FlatTable(this.#view, at + this.#view.getInt32(at, true));
  }

  /** Checks that a vector of elements of `size` bytes lies within the bytes; answers where its elements do. */
  vector(index: number, size: number): { at: number; length: number } {
    const field = this.#field(index);
    if (field === undefined) return { at: 0, length: 0 };
    const start = field + this.#view.getInt32(field, true);
    const length = this.#view.getInt32(start, true);
    const at = start + 4;
    if (!(length >= 0 && at + length * size <= this.#view.byteLength)) {
      throw new RangeError(
        `a list of ${length} entries of ${size} bytes in ${this.#view.byteLength} bytes of metadata`,
      );
    }
    return { at, length };
  }

  tables(index: number): FlatTable[] {
    const { at, length } = this.vector(index, 4);
    return Array.from({ length }, (_, i) => {
      const entry = at + 4 * i;
      return new FlatTable(this.#view, entry + this.#view.getInt32(entry, true));
    });
  }

  structs<T>(index: number, size: number, read: (view: DataView, at: number) => T): T[] {
    const { at, length } = this.vector(index, size);
    return Array.from({ length }, (_, i) => read(this.#view, at + size * i));
  }
}

const HEADER = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const;
const UNION = 14;

/** Checks the metadata of one message; answers what it is and how long the body behind it is. */
function checkMessage(bytes: Uint8Array): { kind: number; body: number } {
  const message = FlatTable.root(viewOf(bytes));
  message.vector(4, 4);
  const header = message.table(2);
  const kind = message.byte(1);
  if (header !== undefined) {
    if (kind === HEADER.schema) checkSchema(header);
    if (kind === HEADER.recordBatch) checkRecordBatch(header);
    if (kind === HEADER.dictionaryBatch) checkRecordBatch(header.table(1));
  }
  return { kind, body: message.long(3) };
}

function checkRecordBatch(batch: FlatTable | undefined): void {
  batch?.vector(1, 16);
  batch?.vector(2, 16);
  batch?.vector(4, 8);
}

function checkSchema(schema: FlatTable): void {
  schema.vector(2, 4);
  schema.vector(3, 8);
  const open = schema.tables(1);
  for (let seen = 0; open.length > 0; seen++) {
    if (seen + open.length > MAX_FIELDS) throw new RangeError(`more than ${MAX_FIELDS} fields (MAX_FIELDS)`);
    const field = open.pop()!;
    field.vector(6, 4);
    if (field.byte(2) === UNION) field.table(3)?.vector(1, 4);
    // One by one: spreading a long list over the stack would overflow it.
    for (const child of field.tables(5)) open.push(child);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Checks an Arrow file's footer and the metadata of every record and dictionary batch. */
export async function checkArrowFile(source: Source, magicLength: number): Promise<void> {
  const { size } = source;
  const tail = await source.read(size - magicLength - 4, 4);
  const length = viewOf(tail).getInt32(0, true);
  const footerAt = size - magicLength - 4 - length;
  if (!(length > 0 && length <= MAX_METADATA_BYTES && footerAt >= magicLength)) {
    throw new RangeError(`a footer of ${length} bytes in a file of ${size}`);
  }
  const footer = FlatTable.root(viewOf(await source.read(footerAt, length)));
  const schema = footer.table(1);
  if (schema === undefined) throw new RangeError('a footer without a schema');
  checkSchema(schema);
  footer.vector(4, 4);
  const block = (view: DataView, at: number): [number, number] => [
    Number(view.getBigInt64(at, true)),
    view.getInt32(at + 8, true),
  ];
  for (const [offset, length] of footer.structs(2, BLOCK_BYTES, block))
    await checkBlock(source, offset, length, footerAt, HEADER.dictionaryBatch);
  for (const [offset, length] of footer.structs(3, BLOCK_BYTES, block))
    await checkBlock(source, offset, length, footerAt, HEADER.recordBatch);
}

/** An entry of the footer: where a message lies, the length of its metadata, the length of its body. */
const BLOCK_BYTES = 24;

async function checkBlock(source: Source, offset: number, length: number, end: number, wanted: number): Promise<void> {
  if (!(length >= 8 && length <= MAX_METADATA_BYTES && offset >= 0 && offset + length <= end)) {
    throw new RangeError(`a block of ${length} bytes of metadata at ${offset}`);
  }
  const bytes = await source.read(offset, length);
  const prefix = viewOf(bytes).getInt32(0, true) === CONTINUATION ? 8 : 4;
  // apache-arrow believes this length, not the footer's.
  const announced = viewOf(bytes).getInt32(prefix - 4, true);
  if (!(announced > 0 && announced <= length - prefix))
    throw new RangeError(`metadata of ${announced} bytes in ${length}`);
  const { kind } = checkMessage(bytes.subarray(prefix, prefix + announced));
  // apache-arrow would read a message of another kind again and again.
  if (kind !== wanted)
    throw new RangeError(`a message of kind ${kind} at ${offset}, where the footer has one of kind ${wanted}`);
}

const CONTINUATION = -1;

/**
 * Hands an Arrow stream on, each message's metadata checked before they go. Throws TRUNCATED where it ends without
 * its end mark: cut between two batches, it would look whole.
 */
export async function* checkedArrowStream(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<Uint8Array, void> {
  const truncated = (where: string): BrineError =>
    new BrineError('TRUNCATED', `the Arrow stream ends ${where}`, { file });
  const from = chunks[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  /** The next `length` bytes, or fewer at the end. */
  const take = async (length: number): Promise<Uint8Array> => {
    const parts = [rest];
    let held = rest.length;
    while (held < length) {
      const next = await from.next();
      if (next.done === true) break;
      parts.push(next.value);
      held += next.value.length;
    }
    const all = parts.length === 1 ? rest : Buffer.concat(parts);
    rest = all.subarray(length);
    return all.subarray(0, length);
  };
  for (;;) {
    let word = await take(4);
    yield word;
    if (word.length === 4 && viewOf(word).getInt32(0, true) === CONTINUATION) {
      word = await take(4);
      yield word;
    }
    if (word.length < 4) throw truncated('without its end mark');
    const length = viewOf(word).getInt32(0, true);
    if (length === 0) return;
    if (!(length > 0 && length <= MAX_METADATA_BYTES)) throw new RangeError(`metadata of ${length} bytes`);
    const metadata = await take(length);
    if (metadata.length < length)
      throw truncated(`within the metadata of a message, after ${metadata.length} of ${length} bytes`);
    const { body } = checkMessage(metadata);
    yield metadata;
    for (let left = body; left > 0;) {
      if (rest.length === 0) {
        const next = await from.next();
        if (next.done === true) throw truncated(`within a message, ${left} bytes early`);
        rest = next.value;
      }
      const part = await take(Math.min(left, rest.length));
      left -= part.length;
      yield part;
    }
  }
}
