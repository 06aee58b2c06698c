import type { Expansion } from './expansion.js';
import { LzmaDecoder, lzmaProperties } from './lzma.js';
import { hex } from './zlib.js';

/** LZMA2, as `.xz` and 7-Zip hold it: chunks of LZMA, or of bytes as they are. */

/** The dictionary's size from its property byte; undefined where it is none. */
export function lzma2DictionarySize(bits: number): number | undefined {
  if (bits > 40) return undefined;
  return bits === 40 ? 0xffffffff : (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11);
}

/**
 * LZMA2 chunks from `start` on: stored, or LZMA with what to reset before. Answers the offset behind the end mark.
 * `what` is what messages call the container.
 */
export function lzma2(run: Expansion, start: number, dictionarySize: number, what: string): number {
  const { input } = run;
  const decoder = new LzmaDecoder(run, dictionarySize);
  let at = start;
  let needsDictionary = true;
  let needsProperties = true;
  let needsState = true;
  for (;;) {
    if (at >= input.length) throw run.truncated(what);
    const control = input[at];
    if (control === 0) return at + 1;
    if (control === 1 || control >= 0xe0) {
      needsDictionary = false;
      decoder.resetDictionary();
    } else if (needsDictionary) {
      throw run.corrupt('an LZMA2 stream that starts without a dictionary', at);
    }
    if (control < 0x80) {
      if (control > 2) throw run.corrupt(`LZMA2 control byte ${hex(control)}`, at);
      if (at + 3 > input.length) throw run.truncated(what);
      const length = ((input[at + 1] << 8) | input[at + 2]) + 1;
      at += 3;
      run.append(input.subarray(at, at + length), at);
      at += length;
      if (at > input.length) throw run.truncated(what);
      continue;
    }
    if (at + 6 > input.length) throw run.truncated(what);
    const size = (((control & 0x1f) << 16) | (input[at + 1] << 8) | input[at + 2]) + 1;
    const compressed = ((input[at + 3] << 8) | input[at + 4]) + 1;
    at += 5;
    if (control >= 0xc0) {
      const properties = lzmaProperties(input[at]);
      if (properties === undefined || properties.lc + properties.lp > 4) {
        throw run.corrupt(`LZMA2 properties ${hex(input[at])}`, at);
      }
      decoder.setProperties(properties);
      needsProperties = false;
      at++;
    } else if (needsProperties) {
      throw run.corrupt('an LZMA2 chunk before any properties', at);
    }
    if (control >= 0xa0) {
      decoder.resetState();
      needsState = false;
    } else if (needsState) {
      throw run.corrupt('an LZMA2 chunk before any state', at);
    }
    const end = at + compressed;
    decoder.start(at, Math.min(end, input.length));
    decoder.decode(run.length + size, false);
    if (!decoder.finish() || decoder.position !== end) {
      throw run.corrupt(`an LZMA2 chunk of ${compressed} bytes that ends after ${decoder.position - at}`, at);
    }
    at = end;
  }
}
