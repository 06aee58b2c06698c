import { rule } from './rule.js';
import { pickle, text, utf8 } from './sample.js';

const model = (metadata: Readonly<Record<string, string>>): Uint8Array => {
  const header = JSON.stringify({ __metadata__: metadata, w: { dtype: 'U8', shape: [1], data_offsets: [0, 1] } });
  const bytes = new Uint8Array(8 + header.length + 1);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(utf8(header), 8);
  return bytes;
};

export default rule({
  id: 'author-path',
  title: 'it holds paths of whoever made it',
  severity: 'info',
  verdict: 'information',
  meaning: 'A text in the file names a folder of its author’s own, and with it mostly a user name.',
  cwe: 'CWE-200',
  advice: 'Nothing for whoever loads it. Authors may want to save it from another folder.',
  bad: {
    'a home in a pickle': () => pickle(text('/home/jane/projects/churn/model.pkl')),
    'a home': () => model({ source: '/home/jane/projects/churn/train.py' }),
  },
  good: { 'a relative path': () => model({ source: 'projects/churn/train.py' }) },
});
