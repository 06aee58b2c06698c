import { BrineError } from '@brine/core/bytes';
import type { Readable } from 'node:stream';

/** A stream has no size that could be checked beforehand; this many bytes are kept (CWE-400). */
const STREAM_MAX = 2 ** 31;

/** Everything a stream gives, in one piece. @throws LIMIT, READ */
export async function streamBytes(stream: Readable, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > STREAM_MAX) {
        throw new BrineError('LIMIT', `a stream of more than ${STREAM_MAX} bytes; save it to a file first`, {
          file: name,
        });
      }
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof BrineError) throw cause;
    throw new BrineError('READ', cause instanceof Error ? cause.message : String(cause), { file: name }, { cause });
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
