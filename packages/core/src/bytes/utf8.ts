let platformAscii: ((bytes: Uint8Array) => string | undefined) | undefined;

/** Lets `utf8` take text that is nothing but ASCII from the platform; undefined for all other text. */
export function setPlatformAscii(ascii: (bytes: Uint8Array) => string | undefined): void {
  platformAscii = ascii;
}

/** Text from UTF-8; undefined where the bytes are none. */
export function utf8(bytes: Uint8Array): string | undefined {
  const ascii = platformAscii?.(bytes);
  if (ascii !== undefined) return ascii;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
