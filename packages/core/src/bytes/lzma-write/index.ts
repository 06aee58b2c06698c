/**
 * LZMA2 (xz-file-format 1.2.1, LZMA SDK 23.01). Which statistics are kept apart is chosen for each block by trial: what is
 * packed here are mostly fields of eight bytes that begin at multiples of eight, and then each of the eight places has
 * statistics of its own.
 */
import { FastParser } from './fast.js';
import type { Contexts } from './model.js';
import { OptimalParser } from './optimal.js';
import { RangeEncoder } from './range.js';
import { type Step, Symbols } from './symbols.js';

/** Bytes that a chunk of LZMA2 may have, packed and unpacked; less what one more symbol could take. */
const PACKED_MOST = 0xffff - 64;
const UNPACKED_MOST = (1 << 21) - 512;
/** Bytes of a chunk that is stored. */
const STORED_MOST = 1 << 16;

/** Of a chunk's first byte: stored; packed, with how much is forgotten before it. */
const STORED = 0x02;
const STORED_FIRST = 0x01;
const GOES_ON = 0x80;
const NEW_STATE = 0xa0;
const NEW_CONTEXTS = 0xc0;
const FIRST = 0xe0;

export interface Effort {
  /** Candidates tried for each match. */
  readonly depth: number;
  /** Matches of this length are taken as they come; undefined: no plans are made, and matches chosen one step ahead. */
  readonly nice?: number | undefined;
}

interface Parser {
  next(symbols: Symbols): Step;
}

/** One block as a stream of LZMA2 chunks with a dictionary of its own, of the size of the block. */
export function* lzma2(input: Uint8Array, { depth, nice }: Effort): Generator<Uint8Array> {
  const contexts = chosenContexts(input);
  const parser: Parser = nice === undefined ? new FastParser(input, depth) : new OptimalParser(input, depth, nice);
  const range = new RangeEncoder();
  const symbols = new Symbols(input, contexts, range);
  let known: 'nothing' | 'bytes' | 'contexts' | 'all' = 'nothing';
  while (symbols.at < input.length) {
    const start = symbols.at;
    range.restart();
    while (symbols.at < input.length && range.length < PACKED_MOST && symbols.at - start < UNPACKED_MOST)
      symbols.write(parser.next(symbols));
    const packed = range.finish();
    const size = symbols.at - start;
    if (packed.length >= size) {
      for (let at = start; at < symbols.at; at += STORED_MOST) {
        const piece = input.subarray(at, Math.min(symbols.at, at + STORED_MOST));
        yield Uint8Array.from([known === 'nothing' ? STORED_FIRST : STORED, ...two(piece.length - 1)]);
        yield piece;
        if (known === 'nothing') known = 'bytes';
      }
      // The decoder has not seen what the model learnt.
      symbols.reset();
      if (known === 'all') known = 'contexts';
      continue;
    }
    const control = { nothing: FIRST, bytes: NEW_CONTEXTS, contexts: NEW_STATE, all: GOES_ON }[known];
    const header = [control | ((size - 1) >> 16), ...two((size - 1) & 0xffff), ...two(packed.length - 1)];
    if (control >= NEW_CONTEXTS) header.push(symbols.model.properties);
    yield Uint8Array.from(header);
    yield packed.slice();
    known = 'all';
  }
  yield Uint8Array.of(0);
}

const two = (value: number): number[] => [value >> 8, value & 0xff];

/** What is tried: text, and records whose fields have one, four and eight bytes. lc and lp are four at most. */
const TRIED: readonly Contexts[] = [
  { lc: 1, lp: 3, pb: 3 },
  { lc: 3, lp: 0, pb: 2 },
  { lc: 2, lp: 2, pb: 2 },
  { lc: 4, lp: 0, pb: 0 },
];
const SAMPLE = 1 << 16;
const SAMPLES = 3;

/** The contexts with which a sample packs best. */
function chosenContexts(input: Uint8Array): Contexts {
  const sample = sampled(input);
  let [best] = TRIED;
  let least = Infinity;
  for (const contexts of TRIED) {
    const range = new RangeEncoder();
    const symbols = new Symbols(sample, contexts, range);
    const parser = new FastParser(sample, 8);
    let size = 0;
    while (symbols.at < sample.length) {
      if (range.length > PACKED_MOST) {
        size += range.finish().length;
        range.restart();
      }
      symbols.write(parser.next(symbols));
    }
    size += range.finish().length;
    if (size >= least) continue;
    least = size;
    best = contexts;
  }
  return best;
}

/** A few stretches, from multiples of 64: what lies at multiples of eight in the block does so in the sample. */
function sampled(input: Uint8Array): Uint8Array {
  if (input.length <= SAMPLE * SAMPLES) return input;
  const sample = new Uint8Array(SAMPLE * SAMPLES);
  const step = ((input.length - SAMPLE) / (SAMPLES - 1)) & ~63;
  for (let i = 0; i < SAMPLES; i++) sample.set(input.subarray(i * step, i * step + SAMPLE), i * SAMPLE);
  return sample;
}
