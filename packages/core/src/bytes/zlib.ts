import { adler32, crc32 } from './checksums.js';
import type { Expansion } from './expansion.js';
import { inflate } from './inflate.js';

/** A zlib stream (RFC 1950), at `start`. What follows it is left alone, as Python's zlib does. */
export function unzlib(run: Expansion, start = 0): void {
  const { input } = run;
  if (input.length < start + 2) throw run.truncated('zlib');
  const cmf = input[start];
  const flg = input[start + 1];
  if ((cmf & 15) !== 8 || cmf >> 4 > 7 || ((cmf << 8) | flg) % 31 !== 0) {
    throw run.corrupt(`no zlib header: ${hex(cmf)} ${hex(flg)}`, start);
  }
  if (flg & 32) throw run.unsupported('a zlib stream that needs a preset dictionary', start);
  const base = run.length;
  const end = inflate(run, start + 2);
  if (end + 4 > input.length) throw run.truncated('zlib');
  const stored = ((input[end] << 24) | (input[end + 1] << 16) | (input[end + 2] << 8) | input[end + 3]) >>> 0;
  const actual = adler32(run.bytes, base, run.length);
  if (stored !== actual) throw run.corrupt(mismatch('zlib', 'Adler-32', actual, stored), end);
}

/**
 * A gzip file (RFC 1952): one member or several, whose contents follow each other. Zeros after a member are padding;
 * anything else that is no member is ignored, as `gzip -d` does.
 */
export function gunzip(run: Expansion): void {
  const { input } = run;
  let at = 0;
  do {
    at = gunzipMember(run, at);
    while (at < input.length && input[at] === 0) at++;
  } while (input[at] === 0x1f && input[at + 1] === 0x8b);
}

function gunzipMember(run: Expansion, start: number): number {
  const { input } = run;
  if (input.length < start + 10) throw run.truncated('gzip');
  if (input[start] !== 0x1f || input[start + 1] !== 0x8b) throw run.corrupt('no gzip header', start);
  if (input[start + 2] !== 8) throw run.unsupported(`gzip compression method ${input[start + 2]}`, start + 2);
  const flags = input[start + 3];
  if (flags & 0xe0) throw run.corrupt(`reserved gzip flags ${hex(flags)}`, start + 3);
  let at = start + 10;
  if (flags & 4) at += 2 + (input[at] | (input[at + 1] << 8));
  for (const text of [8, 16]) {
    if (!(flags & text)) continue;
    const nul = at < input.length ? input.indexOf(0, at) : -1;
    if (nul < 0) throw run.truncated('gzip');
    at = nul + 1;
  }
  if (flags & 2) {
    if (at + 2 > input.length) throw run.truncated('gzip');
    const stored = input[at] | (input[at + 1] << 8);
    const actual = crc32(input, start, at) & 0xffff;
    if (stored !== actual) throw run.corrupt(mismatch('gzip header', 'CRC-16', actual, stored), at);
    at += 2;
  }
  if (at >= input.length) throw run.truncated('gzip');
  const base = run.length;
  const end = inflate(run, at);
  if (end + 8 > input.length) throw run.truncated('gzip');
  const view = new DataView(input.buffer, input.byteOffset + end, 8);
  const actual = crc32(run.bytes, base, run.length);
  if (view.getUint32(0, true) !== actual) {
    throw run.corrupt(mismatch('gzip', 'CRC-32', actual, view.getUint32(0, true)), end);
  }
  // The size counts modulo 2^32.
  if (view.getUint32(4, true) !== (run.length - base) >>> 0) {
    throw run.corrupt(`gzip data of ${run.length - base} bytes that announces ${view.getUint32(4, true)}`, end + 4);
  }
  return end + 8;
}

/** Bytes of joblib's `ZF` header: `ZF`, then the length in hexadecimal, padded with blanks to 19 characters. */
const ZF_HEADER = 21;

/**
 * joblib's own container before 0.10: `ZF`, the length of the content, a zlib stream (numpy_pickle_compat.read_zfile).
 * Python 2 up to joblib 0.8.4 wrote the length one blank wider.
 */
export function unzf(run: Expansion): void {
  const { input } = run;
  if (input.length < ZF_HEADER + 1) throw run.truncated('joblib ZF');
  const text = String.fromCharCode(...input.subarray(2, ZF_HEADER));
  const digits = /^0x([0-9a-f]{1,16})L? *$/i.exec(text);
  if (input[0] !== 0x5a || input[1] !== 0x46 || digits === null) throw run.corrupt('no joblib ZF header', 0);
  const announced = parseInt(digits[1], 16);
  run.expect(announced);
  unzlib(run, input[ZF_HEADER] === 0x20 ? ZF_HEADER + 1 : ZF_HEADER);
  if (run.length !== announced) {
    throw run.corrupt(`joblib ZF data of ${run.length} bytes that announces ${announced}`, 2);
  }
}

export function mismatch(what: string, check: string, actual: number, stored: number): string {
  return `${what} data whose ${check} is ${hex(actual)}, but ${hex(stored)} was stored: it was damaged or changed`;
}

export function hex(value: number): string {
  return '0x' + value.toString(16);
}
