/**
 * The x86 filter of 7-Zip and xz ("BCJ"): the targets of call and jump instructions are stored as absolute addresses,
 * and become relative again here. After Bra86.c of the LZMA SDK 9.20, in the public domain. py7zr applies it to
 * everything by default.
 */
const allowed = [true, true, true, false, true, false, false, false];
const bitNumber = [0, 1, 2, 2, 3, 3, 3, 3];

/** Whether a byte is the top of a plausible target. */
const isTop = (byte: number): boolean => byte === 0 || byte === 0xff;

/** The content as it was before the filter; `bytes` is left as it is. */
export function x86Decode(bytes: Uint8Array): Uint8Array {
  const data = bytes.slice();
  if (data.length < 5) return data;
  const limit = data.length - 4;
  let previous = -1;
  let mask = 0;
  for (let at = 0; ; at++) {
    while (at < limit && (data[at] & 0xfe) !== 0xe8) at++;
    if (at >= limit) return data;
    const gap = at - previous;
    if (gap > 3) mask = 0;
    else {
      mask = (mask << (gap - 1)) & 7;
      if (mask !== 0 && (!allowed[mask] || isTop(data[at + 4 - bitNumber[mask]]))) {
        previous = at;
        mask = ((mask << 1) & 7) | 1;
        continue;
      }
    }
    previous = at;
    if (!isTop(data[at + 4])) {
      mask = ((mask << 1) & 7) | 1;
      continue;
    }
    let source = (data[at + 1] | (data[at + 2] << 8) | (data[at + 3] << 16) | (data[at + 4] << 24)) >>> 0;
    let target: number;
    for (;;) {
      target = (source - (at + 5)) >>> 0;
      if (mask === 0) break;
      const shift = bitNumber[mask] * 8;
      if (!isTop((target >>> (24 - shift)) & 255)) break;
      source = (target ^ (2 ** (32 - shift) - 1)) >>> 0;
    }
    data[at + 1] = target & 255;
    data[at + 2] = (target >>> 8) & 255;
    data[at + 3] = (target >>> 16) & 255;
    data[at + 4] = (target >>> 24) & 1 ? 255 : 0;
    at += 4;
    previous = at;
    mask = 0;
  }
}
