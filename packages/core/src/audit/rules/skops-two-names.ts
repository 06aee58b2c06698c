import { rule } from './rule.js';
import { utf8, zip } from './sample.js';

const node = (loader: string, module: string, name: string, more: object): object => ({
  __class__: name,
  __module__: module,
  __loader__: loader,
  __id__: 1,
  ...more,
});

const skops = (root: object): Uint8Array =>
  zip({ 'schema.json': utf8(JSON.stringify({ ...root, protocol: 2, _skops_version: '0.16.0' })) });

const attributes = { attrs: node('TupleNode', 'builtins', 'tuple', { __id__: 2, content: [] }) };

export default rule({
  id: 'skops-two-names',
  title: 'a node of the skops file shows one name and makes another',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'skops asks its user to trust names before it loads a file. This node is written so that another object is made than the one that was asked about.',
  cwe: 'CWE-351',
  advisories: ['CVE-2025-54412', 'CVE-2025-54413', 'CVE-2025-54886', 'CVE-2024-37065'],
  advice: 'Do not load it.',
  bad: { 'an operator that calls': () => skops(node('OperatorFuncNode', 'operator', 'call', attributes)) },
  good: { 'an itemgetter': () => skops(node('JsonNode', 'builtins', 'str', { content: '"operator.call"' })) },
});
