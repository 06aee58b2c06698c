const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

export type Colours = Readonly<Record<keyof typeof codes, (text: string) => string>>;

/** A stream as far as it matters here: whether a person looks at it, and how wide it is. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether to write escape sequences to a stream: a terminal that is not dumb. */
export function isTerminal(stream: { readonly isTTY?: boolean }, env: Environment = process.env): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/**
 * Functions that colour text where a stream shows colours, and leave it as it is elsewhere. NO_COLOR (no-color.org)
 * switches colours off, FORCE_COLOR on, whatever the stream.
 */
export function colours(stream: { readonly isTTY?: boolean }, env: Environment = process.env): Colours {
  const asked = (env['FORCE_COLOR'] ?? '') !== '' && env['FORCE_COLOR'] !== '0';
  const refused = (env['NO_COLOR'] ?? '') !== '';
  const on = !refused && (asked || isTerminal(stream, env));
  const entries = Object.entries(codes).map(([name, [start, end]]) => [
    name,
    on ? (text: string) => `\u001b[${start}m${text}\u001b[${end}m` : (text: string) => text,
  ]);
  return Object.fromEntries(entries) as Colours;
}
