import { loadedPieces } from '../bytes/compress.js';
import { pickleFilePieces } from '../formats/pickle/write.js';
import type { Prepared, Subject } from './target.js';
import { sourceChanges } from './changes.js';

/** What `pickle.load` reads. */
export function prepare(subject: Subject): Promise<Prepared> {
  const { value, options, vet } = subject;
  const protocol = options.protocol ?? protocolOf(subject);
  const compress = options.compress === 'none' ? undefined : options.compress;
  const changes = sourceChanges(subject, `a pickle of protocol ${protocol}`);
  if (compress) {
    const opener = compress === 'gzip' ? 'gzip.open or joblib.load' : 'joblib.load';
    changes.push(`compressed as a whole (${compress}): ${opener} reads it, pickle.load alone does not`);
  }
  const pieces = pickleFilePieces(value, { protocol, vet, ...(options.numpy ? { numpy: options.numpy } : {}) });
  return Promise.resolve({
    changes,
    lost: [],
    compress,
    check: 'same',
    chunks: () => loadedPieces(pieces),
  });
}

/** As the file was written, where that is a protocol of binary opcodes; 4 otherwise, which every Python 3 reads. */
function protocolOf({ saved }: Subject): number {
  const read = saved?.artifact.format === 'pickle' ? saved.artifact.protocol : undefined;
  return read !== undefined && read >= 2 && read <= 5 ? read : 4;
}
