import type { AuditContext } from '../examiner.js';

/** A name as messages show it: never longer than a line. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 120 ? `${name.slice(0, 117)}…` : name);
}

/** Why a name, taken for a path, leads out of the folder it belongs into; undefined where it does not. */
export function escapes(name: string): string | undefined {
  if (/^[\\/]/.test(name)) return 'is absolute';
  if (/^[A-Za-z]:/.test(name)) return 'names a drive';
  if (/^~/.test(name)) return 'begins at somebody’s home';
  if (name.split(/[\\/]/).includes('..')) return 'climbs out of its folder';
  if (name.includes('\0')) return 'holds a NUL, at which programs differ';
  return undefined;
}

/** Reports a member whose name is a way out of the folder that an archive is unpacked into (CWE-22). */
export function checkPath(name: string, context: AuditContext, what = 'the member'): void {
  const why = escapes(name);
  if (why !== undefined)
    context.report('path-escape', `${what} ${quoted(name)} ${why}: whoever unpacks it writes elsewhere`);
}

/** Reports a link, and where it leads if that is outside (CWE-59). */
export function checkLink(name: string, target: string, context: AuditContext): void {
  const folder = name.split('/').slice(0, -1);
  let depth = folder.length;
  let outside = escapes(target) !== undefined && !target.startsWith('..');
  for (const part of target.split(/[\\/]/)) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) outside = true;
  }
  if (outside)
    context.report('path-escape', `the member ${quoted(name)} is a link to ${quoted(target)}, outside of the archive`);
  else context.report('archive-link', `the member ${quoted(name)} is a link to ${quoted(target)}`);
}
