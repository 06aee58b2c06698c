import type { Subject } from './target.js';

/** What writing an object anew changes, whatever it is written as. */
export function sourceChanges({ saved, model }: Subject, becomes: string): string[] {
  const changes: string[] = [];
  const artifact = saved?.artifact;
  const was = artifact ? formatText(artifact.format, artifact.protocol, artifact.compression) : model.format;
  changes.push(`${was} becomes ${becomes}`);
  if (!artifact) return changes;
  const { parts, more, protocol, names } = artifact;
  if (parts.length > 0) changes.push(`${parts.length} files beside it (${parts[0]} …) become part of it`);
  if (more.length > 0) changes.push(`only the first of ${more.length + 1} objects in the file is written`);
  if (names.some((name) => name.spelled) || (artifact.format !== 'skops' && protocol !== undefined && protocol < 2)) {
    changes.push('names and text of Python 2 become those of Python 3');
  }
  return changes;
}

function formatText(format: string, protocol: number | undefined, compression: readonly string[]): string {
  const of = protocol === undefined ? '' : ` of protocol ${protocol}`;
  const packed = compression.length === 0 ? '' : `, compressed (${compression.join(', ')})`;
  return `a ${format} file${of}${packed}`;
}
