import { rule } from './rule.js';
import { utf8, zip } from './sample.js';

const keras = (layer: object): Uint8Array =>
  zip({
    'config.json': utf8(JSON.stringify({ module: 'keras', class_name: 'Sequential', config: { layers: [layer] } })),
    'metadata.json': utf8('{}'),
    'model.weights.h5': utf8(''),
  });

export default rule({
  id: 'keras-lambda',
  title: 'it has a Lambda layer: Python code that runs when the model is loaded or used',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'A Lambda layer holds the bytecode of a Python function, or names one. Keras calls it while it puts the model together and whenever it answers. Keras 3 refuses such layers unless safe mode is off; HDF5 files and older versions run them.',
  cwe: 'CWE-94',
  advisories: ['CVE-2024-3660', 'CVE-2025-9905'],
  advice: 'Do not load it. Ask for a model in which the layer is replaced by Keras’s own operations.',
  bad: {
    'a lambda': () =>
      keras({
        module: 'keras.layers',
        class_name: 'Lambda',
        config: { function: { class_name: '__lambda__', config: { code: '4wE=' } } },
      }),
  },
  good: {
    'a dense layer': () => keras({ module: 'keras.layers', class_name: 'Dense', config: { units: 2, name: 'lambda' } }),
  },
});
