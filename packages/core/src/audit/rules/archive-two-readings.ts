import { rule } from './rule.js';
import { pickle, zip } from './sample.js';

/** An archive whose local header names a method (at byte 8) that its directory does not. */
function contradicting(): Uint8Array {
  const bytes = zip({ 'model.pkl': pickle('N') });
  bytes[8] = 8;
  return bytes;
}

export default rule({
  id: 'archive-two-readings',
  title: 'two programs would find two different archives in it',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'A zip archive describes each member twice, and its directory once or twice. Here the descriptions contradict each other in a name, a method or an encryption flag, or a second directory follows the first. No archiver writes such files; people do, so that a scanner sees one thing and the loader another.',
  cwe: 'CWE-436',
  advisories: ['CVE-2025-1944', 'CVE-2025-1945', 'CVE-2025-10156'],
  advice: 'Do not load it.',
  bad: { 'a method that differs': contradicting },
  good: { 'an archive': () => zip({ 'model.pkl': pickle('N') }) },
});
