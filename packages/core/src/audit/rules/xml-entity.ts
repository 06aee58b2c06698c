import { rule } from './rule.js';
import { utf8 } from './sample.js';

const pmml = (before: string): Uint8Array =>
  utf8(`<?xml version="1.0"?>\n${before}<PMML version="4.4"><Header/></PMML>\n`);

export default rule({
  id: 'xml-entity',
  title: 'its XML takes in another document from outside',
  severity: 'high',
  verdict: 'dangerous',
  meaning:
    'The document type, a style sheet or an include names a file or an address. XML parsers that follow it read files of this machine, or open connections, on behalf of whoever wrote the file.',
  cwe: 'CWE-611',
  advice: 'Do not load it with a parser that resolves external entities.',
  bad: { 'a file as an entity': () => pmml('<!DOCTYPE PMML [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n') },
  good: { 'no document type': () => pmml('<!-- SYSTEM "file:///etc/passwd" -->\n') },
});
