import { ExpansionBudget } from '../../bytes/expansion.js';
import type { Source } from '../../bytes/source.js';
import { disassemble, type DisassembleOptions, type DisassemblyEntry } from '../../pickle/disassemble.js';
import type { PyValue } from '../../pickle/values.js';
import { dtypeName } from '../../python/dtype.js';
import { Dtype, NdArray } from '../../python/ndarray.js';
import { pythonWorld } from '../../python/world.js';
import { joblibLibrary, nothingWrapped } from '../joblib/wrappers.js';
import { openStream } from './read.js';

/**
 * Lists the opcodes of all pickles of a file: compressed or not, joblib's arrays between them. Offsets are those of
 * the decompressed stream. Throws what cannot be decompressed; everything else is an entry.
 */
export async function* disassembleFile(
  source: Source,
  options: Pick<DisassembleOptions, 'judge' | 'limits' | 'signal'> = {},
): AsyncGenerator<DisassemblyEntry> {
  const { stream, compression } = await openStream(source, new ExpansionBudget());
  const raw = compression.length === 0;
  let offset = 0;
  do {
    const world = pythonWorld(joblibLibrary(nothingWrapped()));
    let end = stream.size;
    for await (const entry of disassemble(stream, { ...options, world, offset, raw })) {
      yield entry;
      if (entry.kind === 'end' && entry.depth === 0) end = entry.offset;
    }
    offset = end;
  } while (offset < stream.size);
}

/** A few words on the values that Python's libraries put into pickles, for listings. */
export function describePython(value: PyValue): string | undefined {
  if (value instanceof NdArray) return `${dtypeName(value.dtype)} array (${value.shape.join(' × ')})`;
  if (value instanceof Dtype) return `dtype ${dtypeName(value)}`;
  return undefined;
}
