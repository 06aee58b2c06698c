import type { Confidence, Detector, Format, Head, Match } from './identity.js';

/** Whether `text` (characters of one byte each) stands at `offset` of the head. */
export function at(head: Head, offset: number, text: string): boolean {
  const { bytes } = head;
  if (offset + text.length > bytes.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** A detector by the bytes a format begins with. */
export function signature(
  format: Format,
  texts: string | readonly string[],
  options: { offset?: number; variant?: string; confidence?: Confidence; why?: string } = {},
): Detector {
  const { offset = 0, variant, confidence = 'certain', why } = options;
  return {
    format,
    test: (head): Match | undefined => {
      const found = (typeof texts === 'string' ? [texts] : texts).find((text) => at(head, offset, text));
      if (found === undefined) return undefined;
      const place = offset === 0 ? 'it begins with' : `at byte ${offset} stands`;
      return {
        confidence,
        why: why ?? `${place} ${printable(found)}`,
        ...(variant === undefined ? {} : { variant }),
      };
    },
  };
}

/** A signature as people write it: as text where it is, else in hexadecimal. */
export function printable(text: string): string {
  if (/^[\x20-\x7e]+$/.test(text)) return `“${text}”`;
  return Array.from(text, (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
}

/** A little- or big-endian unsigned number of 8 bytes; NaN where the head is too short. */
export function uint64(head: Head, offset: number, littleEndian = true): number {
  const { bytes } = head;
  if (offset + 8 > bytes.length) return NaN;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Number(view.getBigUint64(offset, littleEndian));
}
