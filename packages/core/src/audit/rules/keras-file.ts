import { rule } from './rule.js';
import { utf8, zip } from './sample.js';

const keras = (vocabulary: unknown): Uint8Array =>
  zip({
    'config.json': utf8(
      JSON.stringify({
        module: 'keras.layers',
        class_name: 'StringLookup',
        config: { vocabulary },
        registered_name: null,
      }),
    ),
    'metadata.json': utf8('{}'),
    'model.weights.h5': utf8(''),
  });

export default rule({
  id: 'keras-file',
  title: 'a layer reads a file of its own choosing',
  severity: 'high',
  verdict: 'dangerous',
  meaning:
    'A lookup layer’s vocabulary is given as a path. Loading the model reads that file, from this machine or over the network, into the model.',
  cwe: 'CWE-73',
  advisories: ['CVE-2025-12058'],
  advice: 'Do not load it. Keras itself saves vocabularies inside the archive.',
  bad: { 'a vocabulary by its path': () => keras('/etc/passwd') },
  good: { 'a vocabulary': () => keras(['a', 'b']) },
});
