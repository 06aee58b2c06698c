import { EXPANSION_LIMITS } from '../bytes/expansion.js';

const MiB = 1024 * 1024;

/**
 * What the audit of one file may cost, everything inside it included. Reaching a limit is a finding (`limit-reached`,
 * so the file is *incomplete*), neither an error nor a sign of an attack. A policy may change each.
 */
export interface AuditLimits {
  /** Archives, compressed streams and pickles within each other. CWE-674. */
  readonly depth: number;
  /** Members of all archives together, nested pickles included. CWE-400. */
  readonly members: number;
  /** Bytes that one member may expand to where it must be held in memory (not: gzip, zlib). CWE-409. */
  readonly member: number;
  /** Bytes that all of them may expand to. CWE-409. */
  readonly total: number;
  /** Bytes out for one byte in, of a member larger than `ratioExempt`, and of all together beyond `totalExempt`. CWE-409. */
  readonly ratio: number;
  readonly ratioExempt: number;
  readonly totalExempt: number;
  /**
   * Bytes of memory that the objects of a pickle may take, estimated, for each byte of the file, beyond `memoryExempt`. Saved
   * models take some 10, long lists of small tuples 20. CWE-770.
   */
  readonly memoryRatio: number;
  readonly memoryExempt: number;
  /** Opcodes of all pickles together. CWE-400. */
  readonly opcodes: number;
  /** Findings that are kept; of dangerous ones, twice as many. CWE-400. */
  readonly findings: number;
  /** Milliseconds of work on one file, and as many more for each MiB that is read. CWE-400. */
  readonly milliseconds: number;
  readonly millisecondsPerMiB: number;
}

export const AUDIT_LIMITS: AuditLimits = {
  depth: 5,
  members: 65_536,
  member: 256 * MiB,
  total: EXPANSION_LIMITS.total,
  ratio: EXPANSION_LIMITS.ratio,
  ratioExempt: 16 * MiB,
  totalExempt: 64 * MiB,
  memoryRatio: 24,
  memoryExempt: 64 * MiB,
  opcodes: 50_000_000,
  findings: 500,
  milliseconds: 30_000,
  millisecondsPerMiB: 1000,
};
