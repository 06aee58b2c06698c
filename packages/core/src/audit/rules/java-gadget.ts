import { rule } from './rule.js';
import { latin1 } from './sample.js';

const object = (name: string): Uint8Array =>
  latin1(`\xac\xed\0\x05sr\0${String.fromCharCode(name.length)}${name}\0\0\0\0\0\0\0\x01\x02\0\0xp`);

export default rule({
  id: 'java-gadget',
  title: 'it holds Java objects that run code while they are read',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'Reading a serialised Java object calls methods of its class. Objects of these classes, put together, run any command while the file is read; no model needs them.',
  cwe: 'CWE-502',
  advisories: ['CVE-2015-7501', 'CVE-2015-4852'],
  advice: 'Do not read it.',
  bad: { 'a transformer that calls': () => object('org.apache.commons.collections.functors.InvokerTransformer') },
  good: { 'a classifier': () => object('weka.classifiers.trees.J48') },
});
