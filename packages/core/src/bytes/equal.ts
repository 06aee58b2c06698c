let platformEqual: ((a: Uint8Array, b: Uint8Array) => boolean) | undefined;

/** Lets `equalBytes` use the platform's comparison of arrays of the same length, which is several times faster. */
export function setPlatformEqual(equal: (a: Uint8Array, b: Uint8Array) => boolean): void {
  platformEqual = equal;
}

/** Below this many bytes a call into the platform costs more than it saves. */
const SHORT = 64;

/** Whether two arrays hold the same bytes. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  const { length } = a;
  if (length !== b.length) return false;
  if (platformEqual && length > SHORT) return platformEqual(a, b);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
