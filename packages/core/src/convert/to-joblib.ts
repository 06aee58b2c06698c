import { loadedPieces } from '../bytes/compress.js';
import { joblibPieces } from '../formats/joblib/write.js';
import { BrineError } from '../errors.js';
import type { Prepared, Subject } from './target.js';
import { sourceChanges } from './changes.js';

/** What `joblib.load` reads, of every version since 0.10. */
export function prepare(subject: Subject): Promise<Prepared> {
  const { value, options, vet } = subject;
  if (options.protocol !== undefined && options.protocol !== 4) {
    throw new BrineError('BAD_ARGUMENT', `joblib files are written with protocol 4, not ${options.protocol}`);
  }
  const compress = options.compress === 'none' ? undefined : options.compress;
  const changes = sourceChanges(
    subject,
    compress ? `a joblib file, compressed (${compress})` : "a joblib file, whose arrays can be mapped (mmap_mode='r')",
  );
  const numpy = options.numpy ? { numpy: options.numpy } : {};
  const pieces = joblibPieces(value, { mappable: !compress, vet, ...numpy });
  return Promise.resolve({
    changes,
    lost: [],
    compress,
    check: 'same',
    chunks: () => loadedPieces(pieces),
  });
}
