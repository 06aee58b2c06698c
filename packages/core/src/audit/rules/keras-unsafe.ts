import { rule } from './rule.js';
import { utf8, zip } from './sample.js';

const keras = (layer: object): Uint8Array =>
  zip({
    'config.json': utf8(JSON.stringify({ module: 'keras', class_name: 'Sequential', config: { layers: [layer] } })),
    'metadata.json': utf8('{}'),
    'model.weights.h5': utf8(''),
  });

export default rule({
  id: 'keras-unsafe',
  title: 'its config names a part of Keras that loads files or code',
  severity: 'critical',
  verdict: 'dangerous',
  meaning:
    'A config may name anything that Keras exports, and Keras exports more than layers: functions that download files, layers that load other models, switches for its own protection. Loading the model calls what is named.',
  cwe: 'CWE-502',
  advisories: ['CVE-2025-8747', 'CVE-2025-9906', 'CVE-2026-1462'],
  advice: 'Do not load it.',
  bad: {
    'a download': () =>
      keras({ module: 'keras.utils', class_name: 'function', config: 'get_file', registered_name: 'get_file' }),
    'another model': () => keras({ module: 'keras.layers', class_name: 'TFSMLayer', config: { filepath: '/mnt/x' } }),
  },
  good: { 'a dense layer': () => keras({ module: 'keras.layers', class_name: 'Dense', config: { units: 2 } }) },
});
