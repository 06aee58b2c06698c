import { BrineError } from '@brine/core';
import { type CsvError, Parser } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { csvOptions } from './csv-dialect.js';

/** A record longer than this is a file without line ends, or an open quote (CWE-770). In characters. */
export const MAX_RECORD_CHARS = 64 * 2 ** 20;

const QUOTE = 34;
const LF = 10;
const CR = 13;

export type OnRecord = (cells: string[], line: number) => void;

/**
 * Cuts delimited text into records. Text without quotes is cut at line ends and delimiters, which is exact and
 * three times as fast; from the first quote on (a header's aside) csv-parse reads the rest. Blank lines are skipped, as pandas does.
 */
export class RecordSplitter {
  readonly #delimiter: string;
  readonly #name: string;
  readonly #onRecord: OnRecord;
  readonly #blank: RegExp;
  /** The line not ended yet, in pieces, so that a long one is not copied with every chunk. */
  #open: string[] = [];
  #openLength = 0;
  #line = 0;
  #heldCr = false;
  #quoted: QuotedRecords | undefined;

  /** `onRecord` gets each record and the line that it begins on, counted from 1. */
  constructor(delimiter: string, name: string, onRecord: OnRecord) {
    this.#delimiter = delimiter;
    this.#name = name;
    this.#onRecord = onRecord;
    this.#blank = delimiter === '\t' ? /^ *$/ : /^[ \t]*$/;
  }

  async push(chunk: string): Promise<void> {
    if (this.#quoted) return this.#quoted.push(chunk);
    let text = this.#heldCr ? `\r${chunk}` : chunk;
    const quote = text.indexOf('"');
    if (quote >= 0) {
      this.#heldCr = false;
      const start = Math.max(text.lastIndexOf('\n', quote), text.lastIndexOf('\r', quote)) + 1;
      this.#takeLines(text.slice(0, start));
      return this.#takeQuoted(this.#takeOpen() + text.slice(start));
    }
    // A carriage return at the end may be half of a line end.
    this.#heldCr = text.endsWith('\r');
    if (this.#heldCr) text = text.slice(0, -1);
    this.#takeLines(text);
  }

  async end(): Promise<void> {
    if (this.#quoted) return this.#quoted.end();
    const last = this.#takeOpen();
    if (last !== '') this.#takeLine(last);
  }

  #takeLines(text: string): void {
    const lines = text.includes('\r') ? text.split(/\r\n|\n|\r/) : text.split('\n');
    const open = lines.pop()!;
    if (lines.length > 0) {
      lines[0] = this.#takeOpen() + lines[0];
      for (const line of lines) this.#takeLine(line);
    }
    this.#openLength += open.length;
    if (this.#openLength > MAX_RECORD_CHARS) throw tooLong(this.#line + 1, this.#name);
    this.#open.push(open);
  }

  #takeLine(line: string): void {
    this.#line++;
    if (!this.#blank.test(line)) this.#onRecord(line.split(this.#delimiter), this.#line);
  }

  #takeOpen(): string {
    const open = this.#open.join('');
    this.#open = [];
    this.#openLength = 0;
    return open;
  }

  /** Goes on with text that starts a line and has a quote in that line. */
  async #takeQuoted(text: string): Promise<void> {
    if (this.#line === 0) {
      // Many files quote their header and nothing else: it costs little to read one line apart.
      const end = /\r\n|\n|\r(?!$)/.exec(text);
      const cells = end === null ? undefined : wholeRecord(text.slice(0, end.index), this.#delimiter);
      if (end !== null && cells !== undefined) {
        this.#line++;
        this.#onRecord(cells, this.#line);
        return this.push(text.slice(end.index + end[0].length));
      }
    }
    this.#quoted = new QuotedRecords(this.#delimiter, this.#name, this.#onRecord, this.#line);
    await this.#quoted.push(text);
  }
}

/** The record on a line with quotes, if it is one from its start to its end. */
function wholeRecord(line: string, delimiter: string): string[] | undefined {
  try {
    return parse(line, { ...csvOptions, relax_quotes: false, delimiter })[0];
  } catch {
    return undefined;
  }
}

/** Records by csv-parse, for text with quotes. */
class QuotedRecords {
  readonly #parser: Parser;
  readonly #name: string;
  readonly #delimiter: string;
  readonly #onRecord: OnRecord;
  /** The bytes from the current record's start on: what a record was written as. */
  #bytes: Buffer = Buffer.alloc(0);
  #bytesAt = 0;
  #recordAt = 0;
  #line: number;
  #failure: unknown;

  constructor(delimiter: string, name: string, onRecord: OnRecord, line: number) {
    this.#name = name;
    this.#delimiter = delimiter;
    this.#onRecord = onRecord;
    this.#line = line;
    this.#parser = new Parser({
      ...csvOptions,
      delimiter: [Buffer.from(delimiter)],
      max_record_size: MAX_RECORD_CHARS,
      on_record: (record: string[], context) => {
        this.#take(record, context.bytes);
        return null;
      },
    });
    this.#parser.on('error', (error) => (this.#failure ??= error));
    // Records are taken as they are found; the stream itself carries nothing.
    this.#parser.resume();
  }

  async push(text: string): Promise<void> {
    const chunk = Buffer.from(text);
    this.#bytes = Buffer.concat([this.#bytes.subarray(this.#recordAt - this.#bytesAt), chunk]);
    this.#bytesAt = this.#recordAt;
    await new Promise<void>((done) => {
      this.#parser.write(chunk, () => {
        done();
      });
    });
    if (this.#failure !== undefined) throw this.#explain(this.#failure);
  }

  async end(): Promise<void> {
    await new Promise<void>((done) => {
      this.#parser.once('end', done).once('error', () => {
        done();
      });
      this.#parser.end();
    });
    if (this.#failure !== undefined) throw this.#explain(this.#failure);
  }

  #take(record: string[], end: number): void {
    const start = this.#recordAt;
    this.#recordAt = end;
    const line = this.#countLines(start - this.#bytesAt, end - this.#bytesAt);
    const first = record[0];
    if (record.length === 1 && first.trim() === '' && !this.#written(start, end).includes('"')) return;
    if (record.some((cell) => cell.charCodeAt(0) === QUOTE)) this.#checkQuotes(this.#written(start, end), line);
    this.#onRecord(record, line);
  }

  /** Counts the lines of what was read; answers the line of the record's first cell (blank lines come before it). */
  #countLines(from: number, to: number): number {
    const bytes = this.#bytes;
    const isEnd = (at: number): boolean => bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF);
    let at = from;
    for (; at < to && (bytes[at] === LF || bytes[at] === CR); at++) if (isEnd(at)) this.#line++;
    const line = this.#line + 1;
    for (; at < to; at++) if ((bytes[at] === LF || bytes[at] === CR) && isEnd(at)) this.#line++;
    return line;
  }

  #written(start: number, end: number): string {
    return this.#bytes.toString('utf8', start - this.#bytesAt, end - this.#bytesAt);
  }

  /**
   * A cell that begins with a quote may be one that goes on after its closing quote (`"ab"c`), which readers
   * take in different ways: refused. `"""ab"""` is fine.
   */
  #checkQuotes(written: string, line: number): void {
    try {
      parse(written, { ...csvOptions, relax_quotes: false, delimiter: this.#delimiter });
    } catch {
      throw new BrineError('BAD_INPUT', `line ${line}: a quoted cell goes on after its closing quote`, {
        file: this.#name,
      });
    }
  }

  #explain(error: unknown): unknown {
    if (error instanceof BrineError) return error;
    const code = error instanceof Error && 'code' in error ? (error as CsvError).code : '';
    const line = this.#line + 1;
    if (code === 'CSV_QUOTE_NOT_CLOSED') {
      return new BrineError('BAD_INPUT', `the quote opened in the record of line ${line} is never closed`, {
        file: this.#name,
      });
    }
    if (code === 'CSV_MAX_RECORD_SIZE') return tooLong(line, this.#name);
    return error;
  }
}

function tooLong(line: number, file: string): BrineError {
  const size = `${MAX_RECORD_CHARS / 2 ** 20} Mi characters`;
  return new BrineError('LIMIT', `the record of line ${line} is longer than ${size} (MAX_RECORD_CHARS)`, { file });
}
