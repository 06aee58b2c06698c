import { skopsFile } from '../formats/skops/write/index.js';
import { BrineError } from '../errors.js';
import { sourceChanges } from './changes.js';
import { sameBytes } from './same.js';
import type { Prepared, Subject } from './target.js';

/** 3 takes a quarter longer for a twentieth less, 6 three times as long for an eighth less. */
const LEVEL = 2;

/** What `skops.io.load` reads. */
export async function prepare(subject: Subject): Promise<Prepared> {
  const { value, options, vet } = subject;
  const { protocol = 2, compress } = options;
  if (compress !== undefined && !['none', 'zlib', 'gzip'].includes(compress)) {
    throw new BrineError('BAD_ARGUMENT', `skops files are deflated inside (--compress zlib) or not, never ${compress}`);
  }
  const level = compress === 'none' ? undefined : (options.level ?? LEVEL);
  const same = { protocol, numpy: options.numpy ?? numpyOf(subject), level };
  const ahead = options.ahead !== false;
  // Who reads the output back loads this: it can come while other threads pack.
  if (ahead) import('../model/skops.js').catch(() => undefined);
  const file = await skopsFile(value, { ...same, ahead, vet });
  return {
    changes: sourceChanges(subject, `a skops file of protocol ${protocol}`),
    lost: file.lost,
    check: 'again',
    chunks: file.chunks,
    compare: file.compare,
    again: async (back) => sameBytes(file.contents(), (await skopsFile(back, same)).contents()),
  };
}

/** The numpy that wrote the input, as far as its names tell: numpy 1 knows no `numpy._core`. */
function numpyOf({ saved }: Subject): 1 | 2 {
  const artifact = saved?.artifact;
  if (artifact?.format === 'skops') return artifact.names.some((n) => n.fullName === 'numpy.bool_') ? 1 : 2;
  return artifact?.names.some((n) => n.module === 'numpy.core.multiarray') ? 1 : 2;
}
