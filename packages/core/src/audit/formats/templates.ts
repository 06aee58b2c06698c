import type { AuditContext } from '../examiner.js';
import { quoted } from './paths.js';

/**
 * Chat templates are programs in Jinja. Rendered without a sandbox, attributes of any object lead to Python's own
 * functions (CVE-2024-34359). Templates of models loop over messages; none needs a name with two underscores.
 */
const reaching =
  /__\w+__|\|\s*attr\s*\(|\b(cycler|joiner|lipsum|namespace)\s*\.\s*__|\b(popen|subprocess|os\.system|importlib|builtins|globals\(\)|getattr|mro\(\))|\[\s*["']__|request\.application|\\x5f/i;

/** `where` is the key under which the template stands. */
export function checkTemplate(template: string, where: string, context: AuditContext): void {
  const code = [...template.matchAll(/\{[{%]([\s\S]*?)[}%]\}/g)].map(([, inner]) => inner ?? '');
  const found = code.find((part) => reaching.test(part));
  if (found !== undefined)
    context.report('template-injection', `its template ${quoted(where)} reaches into Python: ${quoted(found.trim())}`, {
      path: where,
    });
}
