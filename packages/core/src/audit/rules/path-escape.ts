import { rule } from './rule.js';
import { pickle, tar, utf8, zip } from './sample.js';

export default rule({
  id: 'path-escape',
  title: 'a name in it is a path that leads outside',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'A member, link or layer is named so that a program which makes a path of the name writes or reads outside of the folder it was given: “..”, an absolute path, a drive. That is how archives overwrite start-up scripts and keys.',
  cwe: 'CWE-22',
  advisories: ['CVE-2024-5187', 'CVE-2025-12479'],
  advice: 'Do not unpack it, and do not load it.',
  bad: {
    'a zip member': () => zip({ '../../.bashrc': utf8('id\n') }),
    'a tar member': () => tar({ '/etc/cron.d/x': utf8('id\n') }),
    'a link': () => tar({ model: { link: '/etc/passwd' } }),
  },
  good: { 'a folder': () => zip({ 'models/..a/model.pkl': pickle('N') }) },
});
