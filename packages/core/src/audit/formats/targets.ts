import type { AuditContext } from '../examiner.js';
import { detailsOf } from '../names.js';

/** `_target_: os.system`, in YAML and JSON: Hydra's instantiate() imports and calls it (CVE-2025-23304). */
const TARGET = /["']?_target_["']?[ \t]*[:=][ \t]*["']?([A-Za-z_][\w.]{0,300})/g;
/** `!!python/object/apply:os.system`: PyYAML's unsafe loaders do (CVE-2017-18342, CVE-2020-14343). */
const TAG =
  /(?:!!|tag:yaml\.org,2002:)python\/(?:object\/apply|object\/new|object|name|module):([A-Za-z_][\w.]{0,300})/g;

/** Targets of one text that are told (CWE-400). */
const MAX_TARGETS = 100;

/** Notes what programs that make objects of a configuration would import and call. */
export function noteTargets(text: string, context: AuditContext): void {
  const found = new Map<string, string>();
  for (const [pattern, who] of [
    [TARGET, 'Hydra'],
    [TAG, 'an unsafe YAML loader'],
  ] as const)
    for (const [, name] of text.matchAll(pattern))
      if (found.size < MAX_TARGETS && name !== undefined) found.set(name, who);
  for (const [full, who] of found) noteTarget(full, who, context);
}

export function noteTarget(full: string, who: string, context: AuditContext): void {
  const dot = full.lastIndexOf('.');
  const judgement = context.judge(dot < 0 ? 'builtins' : full.slice(0, dot), full.slice(dot + 1));
  const { kind, does } = judgement;
  const details = {
    name: full,
    ...detailsOf(judgement),
    does: `A program that makes objects of this configuration (${who}) imports ${full} and calls it with what stands beside it.`,
  };
  if (kind === 'dangerous')
    context.report('dangerous-name', `a text in it has ${who} call ${full}, which ${does ?? ''}`, details);
  else if (kind === 'unknown')
    context.report(
      'unknown-name',
      `a text in it has ${who} call ${full}, which is on no list of names known to be harmless`,
      details,
    );
}
