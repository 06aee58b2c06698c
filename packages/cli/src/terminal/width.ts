const ESCAPES = /\u001b\[[\d;]*m/g;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const MARK = /[\p{M}\u200b-\u200d\ufe0f]/u;

/** How many columns of a terminal a text takes: ideographs and emoji two, combining marks and colours none. */
export function textWidth(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text.replace(ESCAPES, '')) width += MARK.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

/** A text cut to a width, its end replaced by `…`. Colours are lost where it is cut. */
export function fit(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return '';
  let out = '';
  let taken = 0;
  for (const char of text.replace(ESCAPES, '')) {
    taken += textWidth(char);
    if (taken > width - 1) break;
    out += char;
  }
  return `${out}…`;
}

/** Text from a file made harmless for a terminal: control characters become `\u001b` and the like (CWE-150). */
export function safe(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (c) => {
    if (c === '\n') return '\\n';
    if (c === '\t') return '\\t';
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
