import { rule } from './rule.js';
import { pickle, tar } from './sample.js';

export default rule({
  id: 'archive-link',
  title: 'a member of the archive is a link or a device',
  severity: 'low',
  verdict: 'unknown',
  meaning:
    'The member is no file but a link to another member, or a device. Unpacking makes the link; whatever is written through it later goes where it points.',
  cwe: 'CWE-59',
  advice: 'Unpack it with a program that does not follow links, or ask for an archive without them.',
  bad: { 'a link within': () => tar({ 'a.pkl': pickle('N'), 'latest.pkl': { link: 'a.pkl' } }) },
  good: { 'two files': () => tar({ 'a.pkl': pickle('N'), 'b.pkl': pickle('N') }) },
});
