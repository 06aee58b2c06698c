import { int32 } from './words.js';

/**
 * The checksums that compressed formats carry. CRC-32 (IEEE 802.3, reflected; zip, gzip, xz), CRC-64 (ECMA-182,
 * reflected; xz), Adler-32 (RFC 1950), XXH32 (lz4) and XXH64 (zstd).
 */

/** Eight tables, so that eight bytes go through per step. */
const crcTables: Int32Array[] = [];

function tablesOfCrc32(): Int32Array[] {
  if (crcTables.length > 0) return crcTables;
  for (let t = 0; t < 8; t++) crcTables.push(new Int32Array(256));
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    crcTables[0][n] = c;
  }
  for (let t = 1; t < 8; t++) {
    for (let n = 0; n < 256; n++) {
      const c = crcTables[t - 1][n];
      crcTables[t][n] = (c >>> 8) ^ crcTables[0][c & 255];
    }
  }
  return crcTables;
}

let platformCrc32: ((bytes: Uint8Array, seed: number) => number) | undefined;

/** Lets `crc32` use the platform's, such as node:zlib's, which is several times faster. */
export function setPlatformCrc32(crc: (bytes: Uint8Array, seed: number) => number): void {
  platformCrc32 = crc;
}

/** Below this many bytes a call into the platform costs more than it saves. */
const SHORT = 256;

/** CRC-32 of `bytes[start, end)` as an unsigned number. `seed` continues an earlier one. */
export function crc32(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0): number {
  if (platformCrc32 && end - start > SHORT) return platformCrc32(bytes.subarray(start, end), seed);
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tablesOfCrc32();
  let c = ~seed;
  let i = start;
  for (const stop = end - 7; i < stop; i += 8) {
    c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    c =
      t7[c & 255] ^
      t6[(c >>> 8) & 255] ^
      t5[(c >>> 16) & 255] ^
      t4[c >>> 24] ^
      t3[bytes[i + 4]] ^
      t2[bytes[i + 5]] ^
      t1[bytes[i + 6]] ^
      t0[bytes[i + 7]];
  }
  for (; i < end; i++) c = (c >>> 8) ^ t0[(c ^ bytes[i]) & 255];
  return ~c >>> 0;
}

/** Adler-32 of `bytes[start, end)` as an unsigned number. */
export function adler32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let a = 1;
  let b = 0;
  for (let i = start; i < end;) {
    // 3,800 steps keep `b` below 2^31 before the remainder is taken.
    const stop = Math.min(end, i + 3800);
    for (; i < stop; i++) {
      a += bytes[i];
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

let crc64Low: Int32Array | undefined;
let crc64High: Int32Array | undefined;

/** CRC-64/XZ of `bytes[start, end)` as [low, high] unsigned halves. */
export function crc64(bytes: Uint8Array, start = 0, end = bytes.length): [number, number] {
  if (crc64Low === undefined || crc64High === undefined) {
    crc64Low = new Int32Array(256);
    crc64High = new Int32Array(256);
    for (let n = 0; n < 256; n++) {
      let low = n;
      let high = 0;
      for (let k = 0; k < 8; k++) {
        const odd = low & 1;
        low = (low >>> 1) | (high << 31);
        high >>>= 1;
        if (odd) {
          low ^= 0xd7870f42;
          high ^= 0xc96c5795;
        }
      }
      crc64Low[n] = low;
      crc64High[n] = high;
    }
  }
  const tableLow = crc64Low;
  const tableHigh = crc64High;
  let low = -1;
  let high = -1;
  for (let i = start; i < end; i++) {
    const n = (low ^ bytes[i]) & 255;
    low = ((low >>> 8) | (high << 24)) ^ tableLow[n];
    high = (high >>> 8) ^ tableHigh[n];
  }
  return [~low >>> 0, ~high >>> 0];
}

const P1 = 0x9e3779b1 | 0;
const P2 = 0x85ebca77 | 0;
const P3 = 0xc2b2ae3d | 0;
const P4 = 0x27d4eb2f | 0;
const P5 = 0x165667b1 | 0;

const rotl = (x: number, r: number): number => (x << r) | (x >>> (32 - r));

/** XXH32 with seed 0 of `bytes[start, end)` as an unsigned number. */
export function xxh32(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let i = start;
  let h: number;
  if (end - start >= 16) {
    let a = (P1 + P2) | 0;
    let b = P2;
    let c = 0;
    let d = -P1 | 0;
    for (const stop = end - 15; i < stop; i += 16) {
      a = Math.imul(rotl((a + Math.imul(int32(bytes, i), P2)) | 0, 13), P1);
      b = Math.imul(rotl((b + Math.imul(int32(bytes, i + 4), P2)) | 0, 13), P1);
      c = Math.imul(rotl((c + Math.imul(int32(bytes, i + 8), P2)) | 0, 13), P1);
      d = Math.imul(rotl((d + Math.imul(int32(bytes, i + 12), P2)) | 0, 13), P1);
    }
    h = (rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18)) | 0;
  } else {
    h = P5;
  }
  // The length counts modulo 2^32.
  h = (h + (end - start)) | 0;
  for (const stop = end - 3; i < stop; i += 4) {
    h = Math.imul(rotl((h + Math.imul(int32(bytes, i), P3)) | 0, 17), P4);
  }
  for (; i < end; i++) h = Math.imul(rotl((h + Math.imul(bytes[i], P5)) | 0, 11), P1);
  h = Math.imul(h ^ (h >>> 15), P2);
  h = Math.imul(h ^ (h >>> 13), P3);
  return (h ^ (h >>> 16)) >>> 0;
}

const Q1 = 0x9e3779b185ebca87n;
const Q2 = 0xc2b2ae3d27d4eb4fn;
const Q3 = 0x165667b19e3779f9n;
const Q4 = 0x85ebca77c2b2ae63n;
const Q5 = 0x27d4eb2f165667c5n;

const u64 = (x: bigint): bigint => BigInt.asUintN(64, x);
const rotl64 = (x: bigint, r: bigint): bigint => u64((x << r) | (x >> (64n - r)));
const round64 = (acc: bigint, lane: bigint): bigint => u64(rotl64(u64(acc + u64(lane * Q2)), 31n) * Q1);
const merge64 = (h: bigint, acc: bigint): bigint => u64(u64(h ^ round64(0n, acc)) * Q1 + Q4);

/** The upper half of the product of two unsigned 32-bit numbers. */
function upperProduct(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  return (a1 * b1 + Math.floor(middle / 65536) + ((a0 * b1 + (middle & 0xffff)) >>> 16)) | 0;
}

const Q1_HIGH = 0x9e3779b1 | 0;
const Q1_LOW = 0x85ebca87 | 0;
const Q2_HIGH = 0xc2b2ae3d | 0;
const Q2_LOW = 0x27d4eb4f | 0;

/** XXH64's main loop over stripes of 32 bytes, in halves: BigInt would take ten times as long. */
function stripes64(bytes: Uint8Array, start: number, end: number): bigint[] {
  const seeds = [u64(Q1 + Q2), Q2, 0n, u64(-Q1)];
  return seeds.map((seed, lane) => {
    let high = Number(seed >> 32n) | 0;
    let low = Number(seed & 0xffffffffn) | 0;
    for (let i = start + 8 * lane; i < end; i += 32) {
      // acc += lane * Q2
      const x = int32(bytes, i);
      const productLow = Math.imul(x, Q2_LOW);
      const productHigh = upperProduct(x, Q2_LOW) + Math.imul(int32(bytes, i + 4), Q2_LOW) + Math.imul(x, Q2_HIGH);
      const sum = (low >>> 0) + (productLow >>> 0);
      const sumHigh = (high + productHigh + (sum > 0xffffffff ? 1 : 0)) | 0;
      const sumLow = sum | 0;
      // acc = rotl(acc, 31) * Q1
      const rotatedHigh = (sumHigh << 31) | (sumLow >>> 1);
      const rotatedLow = (sumLow << 31) | (sumHigh >>> 1);
      low = Math.imul(rotatedLow, Q1_LOW);
      high = (upperProduct(rotatedLow, Q1_LOW) + Math.imul(rotatedHigh, Q1_LOW) + Math.imul(rotatedLow, Q1_HIGH)) | 0;
    }
    return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  });
}

/** The low 32 bits of XXH64 with seed 0, which is what a zstd frame carries. */
export function xxh64Low(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let i = start;
  let h = Q5;
  if (end - start >= 32) {
    i = end - ((end - start) % 32);
    const [a, b, c, d] = stripes64(bytes, start, i);
    h = u64(rotl64(a, 1n) + rotl64(b, 7n) + rotl64(c, 12n) + rotl64(d, 18n));
    h = merge64(merge64(merge64(merge64(h, a), b), c), d);
  }
  h = u64(h + BigInt(end - start));
  for (const stop = end - 7; i < stop; i += 8) {
    h = u64(rotl64(h ^ round64(0n, view.getBigUint64(i, true)), 27n) * Q1 + Q4);
  }
  if (i + 4 <= end) {
    h = u64(rotl64(h ^ u64(BigInt(view.getUint32(i, true)) * Q1), 23n) * Q2 + Q3);
    i += 4;
  }
  for (; i < end; i++) h = u64(rotl64(h ^ u64(BigInt(bytes[i]) * Q5), 11n) * Q1);
  h = u64((h ^ (h >> 33n)) * Q2);
  h = u64((h ^ (h >> 29n)) * Q3);
  return Number((h ^ (h >> 32n)) & 0xffffffffn);
}
