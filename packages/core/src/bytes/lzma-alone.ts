import type { Expansion } from './expansion.js';
import { LzmaDecoder, lzmaProperties } from './lzma.js';

const HEADER = 13;

/**
 * The old `.lzma` file: properties, dictionary size, content size (or -1: an end mark tells), one LZMA stream. It
 * carries no checksum. A stream of known size may have an end mark all the same.
 */
export function unlzmaAlone(run: Expansion): void {
  const { input } = run;
  if (input.length < HEADER) throw run.truncated('LZMA');
  const properties = lzmaProperties(input[0]);
  if (properties === undefined) throw run.corrupt(`no .lzma header: properties ${input[0]}`, 0);
  const view = new DataView(input.buffer, input.byteOffset, HEADER);
  const announced = view.getBigUint64(5, true);
  const known = announced !== 0xffffffffffffffffn;
  const size = known ? Number(announced) : Infinity;
  if (known) run.expect(size);
  const decoder = new LzmaDecoder(run, view.getUint32(1, true));
  decoder.setProperties(properties);
  decoder.start(HEADER, input.length);
  const ended = decoder.decode(size, true);
  if (known && run.length !== size) throw run.corrupt(`LZMA data of ${run.length} bytes that announce ${size}`, 5);
  // The encoder's last bytes leave the coder at zero, unless an end mark is still to come.
  if (ended && !decoder.finish()) throw run.corrupt('LZMA data that end in disorder', decoder.position);
}
