import type { AuditContext } from '../examiner.js';
import type { FindingDetails } from '../report.js';

/**
 * Credentials and the author's own paths that were left in a file's texts. They say nothing against loading it; they
 * should not be published. A secret is never repeated in a message.
 */
const secrets: readonly { readonly what: string; readonly test: RegExp }[] = [
  { what: 'an AWS access key', test: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { what: 'an AWS secret key', test: /aws_secret_access_key["'\s:=]{1,8}[A-Za-z0-9/+]{40}/i },
  { what: 'a GitHub token', test: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})/ },
  { what: 'a Hugging Face token', test: /\bhf_[A-Za-z0-9]{30,40}\b/ },
  { what: 'an OpenAI or Anthropic key', test: /\bsk-(?:proj-|svcacct-|ant-)?[A-Za-z0-9_-]{20,}/ },
  { what: 'a Google API key', test: /\bAIza[0-9A-Za-z_-]{35}/ },
  { what: 'a Slack token', test: /\bxox[abprs]-[0-9A-Za-z-]{10,}/ },
  { what: 'a private key', test: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/ },
  { what: 'a password in a URL', test: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"']{1,64}:[^\s/:@"']{3,64}@[\w.-]+/i },
  { what: 'a JSON web token', test: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/ },
];

const AUTHOR = /(?:\/home\/|\/Users\/|[A-Za-z]:\\{1,2}Users\\{1,2})[A-Za-z0-9_][\w. -]{0,31}[/\\][^\s"'<>|]{0,80}/g;

/** Any of these must occur for a secret to be there at all. */
const HINT = /AKIA|ASIA|aws_secret|gh[pousr]_|github_pat|hf_|sk-|AIza|xox|PRIVATE KEY|:\/\/|eyJ/i;

/** Longer texts are looked at in their beginning: metadata are short (CWE-400). */
const MAX_TEXT = 1 << 20;
const MAX_PATHS = 4;

/** Any of these must occur for there to be an author's path. */
const HOME = /home|Users/;

/** Is a closer look at a text worth it? Most are names of columns and parameters. */
export function mayTell(text: string): boolean {
  return HINT.test(text) || HOME.test(text);
}

/** Notes secrets and paths in a text. `where` is what messages call it. */
export function noteTexts(text: string, context: AuditContext, where: string, details?: FindingDetails): void {
  const part = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text;
  if (HINT.test(part)) {
    for (const { what, test } of secrets) {
      const found = test.exec(part);
      if (found !== null)
        context.report(
          'secret',
          `${where} holds what looks like ${what}: ${found[0].slice(0, 4)}… (${found[0].length} characters)`,
          details,
        );
    }
  }
  if (!HOME.test(part)) return;
  const paths = new Set(Array.from(part.matchAll(AUTHOR), ([path]) => path));
  if (paths.size > 0)
    context.report(
      'author-path',
      `${where} holds paths of whoever made it: ${[...paths].slice(0, MAX_PATHS).join(', ')}`,
      details,
    );
}
