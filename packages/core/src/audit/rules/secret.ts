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
  id: 'secret',
  title: 'it holds what looks like a key, token or password',
  severity: 'info',
  verdict: 'information',
  meaning:
    'A text in the file has the form of a credential. It does no harm to whoever loads the file; it may to whoever wrote it, since everybody who has the file can use it. The secret itself is not repeated here.',
  cwe: 'CWE-312',
  advice: 'If the file is yours: revoke the credential, and save the model again without it.',
  bad: {
    'a key in a pickle': () => pickle(`(${text('aws')}${text(`AKIA${'ABCD2345'.repeat(2)}`)}d`),
    'a token': () => model({ token: `hf_${'aB3'.repeat(11)}x` }),
  },
  good: {
    'an ordinary note': () => model({ note: 'hf_hub model' }),
    'a name like a key': () => pickle(text('AKIA-keys')),
  },
});
