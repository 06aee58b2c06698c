import type { Source } from '../bytes/source.js';
import type { Identity } from '../formats/identify/index.js';
import { readSkopsFile } from '../formats/skops/index.js';
import type { Artifact } from './artifact.js';

/** Reads a skops file into the same artifact that a pickle of its object gives. */
export async function readSkops(source: Source, identity: Identity, trusted?: readonly string[]): Promise<Artifact> {
  const { value, protocol, names, notes, lazy } = await readSkopsFile(source, {
    ...(identity.archive && { archive: identity.archive }),
    ...(trusted && { trusted }),
  });
  return {
    format: 'skops',
    file: source.name,
    size: source.size,
    sources: [source],
    value,
    more: [],
    protocol,
    compression: identity.compression,
    parts: [],
    names,
    notes,
    lazy,
  };
}
