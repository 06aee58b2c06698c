import { audit, unopened, type AuditReport, type Policy } from '@brine/core/audit';
import type { Source } from '@brine/core/bytes';
import { createHash } from 'node:crypto';
import { fileSource, type ReadRoom } from '../../source/file.js';
import { failureOf } from '../failure.js';
import type { Target } from './targets.js';

/** What holds for every file of a scan; plain data, so that workers can be given it. */
export interface ScanJob {
  readonly policy?: Policy;
  /** Whether a baseline is in use, which knows files by their hash. */
  readonly hashed: boolean;
}

/** What became of one file. */
export interface Scanned {
  readonly report: AuditReport;
  readonly sha256?: string;
}

/** Scans one file. A file in a folder that cannot be opened is incomplete; one that was named itself throws. */
export async function scanOne(target: Target, job: ScanJob, room: ReadRoom): Promise<Scanned> {
  if (target.closed !== undefined) return { report: await unopened(target.path, target.closed) };
  let source: Source | undefined;
  try {
    source = await fileSource(target.path, room);
    return await scanSource(source, job);
  } catch (error) {
    const { code, message } = failureOf(error);
    if (!target.inFolder || code === 'ABORTED' || code === 'INTERNAL') throw error;
    return { report: await unopened(target.path, message) };
  } finally {
    await source?.close?.();
  }
}

export async function scanSource(source: Source, { policy, hashed }: ScanJob): Promise<Scanned> {
  const report = await audit(source, policy === undefined ? {} : { policy });
  return hashed ? { report, sha256: await sha256Of(source) } : { report };
}

/** Bytes that are hashed at a time. */
const PIECE = 1 << 22;

async function sha256Of(source: Source): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < source.size; at += PIECE) hash.update(await source.read(at, Math.min(PIECE, source.size - at)));
  return hash.digest('hex');
}
