import { rule } from './rule.js';
import { pickle, zip } from './sample.js';

/** An archive whose local header tells another CRC-32 (at byte 14). */
function contradicting(): Uint8Array {
  const bytes = zip({ 'model.pkl': pickle('N') });
  bytes[14] ^= 1;
  return bytes;
}

export default rule({
  id: 'archive-mismatch',
  title: 'the headers of a zip member do not agree',
  severity: 'high',
  verdict: 'incomplete',
  meaning:
    'The two headers of a member tell different sizes or checksums. Programs that believe one of them read something else than those that believe the other, or nothing. Every reading that could be had was examined.',
  cwe: 'CWE-345',
  advisories: ['CVE-2025-10156'],
  advice: 'Get a fresh copy; if that is the same, do not load it.',
  bad: { 'a checksum that differs': contradicting },
  good: { 'an archive': () => zip({ 'model.pkl': pickle('N') }) },
});
