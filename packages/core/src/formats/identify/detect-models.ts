import { latin1 } from '../../bytes/utf8.js';
import { BrineError } from '../../errors.js';
import { at, printable, signature, uint64 } from './signature.js';
import type { Detector, Head, Match } from './identity.js';

/** Formats of models that are neither archives, pickles nor protobuf. */

const HDF5 = '\x89HDF\r\n\x1a\n';

export const hdf5: Detector = {
  format: 'hdf5',
  test: async (head): Promise<Match | undefined> => {
    // A user block of 512·2^n bytes may come first.
    for (let offset = 0; offset + 8 <= head.size && offset <= 2 ** 24; offset = offset === 0 ? 512 : 2 * offset) {
      let found = at(head, offset, HDF5);
      if (offset + 8 > head.bytes.length) {
        if (head.source === undefined) break;
        found = latin1(await head.source.read(offset, 8)) === HDF5;
      }
      if (!found) continue;
      const keras = /model_config|keras_version|layer_names/.test(head.text);
      return {
        confidence: 'certain',
        why: `the HDF5 signature at byte ${offset}${keras ? ', with Keras’s attributes' : ''}`,
        ...(keras ? { variant: 'keras' } : {}),
      };
    }
    return undefined;
  },
};

export const safetensors: Detector = {
  format: 'safetensors',
  test: (head): Match | undefined => {
    const length = uint64(head, 0);
    if (!(length >= 2) || head.text[8] !== '{' || !/^\{\s*("|\})/.test(head.text.slice(8, 64))) return undefined;
    if (length <= head.size - 8) {
      return { confidence: 'certain', why: `a header of ${length} bytes of JSON, announced in the first 8` };
    }
    if (!head.text.includes('"data_offsets"')) return undefined;
    const problem = new BrineError('TRUNCATED', `a safetensors header of ${length} bytes in a file of ${head.size}`, {
      file: head.name,
    });
    return { confidence: 'likely', why: 'it begins as safetensors do', problem };
  },
};

const R_XDR = /^X\n\0\0\0[\x01-\x0f]/;
const R_ASCII = /^A\n[1-9]\n\d+\n/;
const R_BINARY = /^B\n[\x01-\x0f]\0\0\0/;

export const rds: Detector = {
  format: 'rds',
  test: ({ text }): Match | undefined =>
    R_XDR.test(text) || R_ASCII.test(text) || R_BINARY.test(text)
      ? { confidence: 'certain', why: `R’s serialisation mark ${text[0]}, a newline and a version` }
      : undefined,
};

export const java: Detector = {
  format: 'java',
  test: (head): Match | undefined => {
    if (!at(head, 0, '\xac\xed\0\x05')) return undefined;
    const weka = /weka\.[a-z]+\.[\w.]+/.exec(head.text)?.[0];
    const why = 'it begins with Java’s serialisation mark ac ed 00 05';
    return weka === undefined
      ? { confidence: 'certain', why }
      : { format: 'weka', confidence: 'certain', why: `${why}, and names ${weka}` };
  },
};

const XGBOOST_LEGACY_HEADER = 136;
const XGBOOST_NAME_MAX = 64;
const XGBOOST_BOOSTER = /^(gbtree|gblinear|dart)$/;

/** A text with its length before it, as dmlc streams write it; undefined where there is none. */
function dmlcText(head: Head, offset: number): { text: string; end: number } | undefined {
  const length = uint64(head, offset);
  if (!(length >= 1 && length <= XGBOOST_NAME_MAX) || offset + 8 + length > head.bytes.length) return undefined;
  return { text: head.text.slice(offset + 8, offset + 8 + length), end: offset + 8 + length };
}

export const xgboostLegacy: Detector = {
  format: 'xgboost',
  test: (head): Match | undefined => {
    const start = at(head, 0, 'binf') ? 4 : 0;
    const objective = dmlcText(head, start + XGBOOST_LEGACY_HEADER);
    const booster = objective === undefined ? undefined : dmlcText(head, objective.end);
    if (objective === undefined || booster === undefined || !XGBOOST_BOOSTER.test(booster.text)) return undefined;
    return {
      variant: 'binary',
      confidence: 'certain',
      why: `XGBoost’s old binary form: objective ${objective.text}, booster ${booster.text}`,
    };
  },
};

/** UBJSON: an object whose first key, of 64-bit length 7, is `learner`. */
export const xgboostUbj = signature('xgboost', '{L\0\0\0\0\0\0\0\x07learner', {
  variant: 'ubj',
  why: 'UBJSON whose first key is learner',
});

export const xgboostBs64 = signature('xgboost', 'bs64\t', { variant: 'base64' });

export const lightgbm: Detector = {
  format: 'lightgbm',
  test: ({ text }): Match | undefined => {
    if (/^tree\r?\n(version|num_class|num_tree_per_iteration|label_index|max_feature_idx)=/.test(text)) {
      return { variant: 'text', confidence: 'certain', why: 'its first lines are “tree” and a setting of LightGBM’s' };
    }
    return undefined;
  },
};

const NOT_A_MODEL: readonly { format: 'spss' | 'idl'; texts: readonly string[]; advice: string }[] = [
  {
    format: 'spss',
    texts: ['$FL2', '$FL3', '\x5b\xc6\xd3\xf2', '\x5b\xc6\xd3\xf3'],
    advice:
      'this .sav is an SPSS data file: a table, not a model (pandas.read_spss or pyreadstat read it; save it as CSV to use it as input)',
  },
  {
    format: 'idl',
    texts: ['SR\0\x04', 'SR\0\x06'],
    advice: 'this .sav is an IDL save file, not a model (scipy.io.readsav reads it)',
  },
];

export const savs: readonly Detector[] = NOT_A_MODEL.map(({ format, texts, advice }) => ({
  format,
  test: (head): Match | undefined => {
    const found = texts.find((text) => at(head, 0, text));
    if (found === undefined) return undefined;
    const ebcdic = found.startsWith('\x5b\xc6');
    return {
      confidence: 'certain',
      why: `it begins with ${ebcdic ? '$FL in EBCDIC' : printable(found)}`,
      problem: new BrineError('NOT_A_MODEL', advice, { file: head.name }),
      ...(ebcdic ? { variant: 'EBCDIC' } : {}),
    };
  },
}));
