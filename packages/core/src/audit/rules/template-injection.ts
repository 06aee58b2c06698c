import { rule } from './rule.js';
import { utf8 } from './sample.js';

const tokenizer = (template: string): Uint8Array =>
  utf8(JSON.stringify({ tokenizer_class: 'X', chat_template: template }));

export default rule({
  id: 'template-injection',
  title: 'its chat template reaches into Python',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'Chat templates are small Jinja programs that a server renders for every request. This one uses attributes that lead from any object to Python’s own functions; rendered without a sandbox it runs any code.',
  cwe: 'CWE-1336',
  advisories: ['CVE-2024-34359'],
  advice: 'Do not serve it. Replace the template by one of your own.',
  bad: {
    'globals of a function': () => tokenizer("{{ cycler.__init__.__globals__.os.popen('id').read() }}"),
  },
  good: {
    'messages in a loop': () =>
      tokenizer("{% for m in messages %}{{ '<|' + m['role'] + '|>' + m['content'] }}{% endfor %}__init__"),
  },
});
