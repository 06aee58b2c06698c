import { rule } from './rule.js';
import { pickle, zip } from './sample.js';

/** An archive of two members, the second of which takes the first one's name. */
function twice(): Uint8Array {
  const bytes = zip({ 'a.pkl': pickle('N'), 'b.pkl': pickle('K\x01') });
  for (let i = 0; i + 5 <= bytes.length; i++) {
    if (String.fromCharCode(...bytes.subarray(i, i + 5)) === 'b.pkl') bytes[i] = 0x61;
  }
  return bytes;
}

export default rule({
  id: 'archive-two-members',
  title: 'two members of the archive have the same name',
  severity: 'medium',
  verdict: 'unknown',
  meaning:
    'Python takes the last member of a name, other programs the first. Both were examined; which one is loaded depends on the program.',
  cwe: 'CWE-694',
  advice: 'Ask whoever made it why, or unpack it and look at both.',
  bad: { 'a name twice': twice },
  good: { 'two names': () => zip({ 'a.pkl': pickle('N'), 'b.pkl': pickle('N') }) },
});
