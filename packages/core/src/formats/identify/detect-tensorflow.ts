import { isCheckpointIndex } from '../savedmodel/mark.js';
import type { Detector, Match } from './identity.js';

/** What lies beside a SavedModel: the index of its variables, a fingerprint, Keras 2's metadata. */

const LARGEST_FINGERPRINT = 256;

export const tfCheckpoint: Detector = {
  format: 'tf-checkpoint',
  test: async ({ source }): Promise<Match | undefined> => {
    if (source === undefined || source.size < 48) return undefined;
    if (!isCheckpointIndex(await source.read(source.size - 8, 8))) return undefined;
    return { confidence: 'certain', why: 'it ends with the mark of a string table, 57 fb 80 8b 24 75 47 db' };
  },
};

/** A checkpoint’s data are bare numbers: only the index beside them tells what they are. */
export const tfData: Detector = {
  format: 'tf-data',
  test: async ({ name, source }): Promise<Match | undefined> => {
    const stem = /([^/\\]+)\.data-\d{5}-of-\d{5}$/.exec(name)?.[1];
    const index = stem === undefined ? undefined : await source?.sibling?.(`${stem}.index`);
    if (index === undefined || index.size < 48) return undefined;
    const isIndex = isCheckpointIndex(await index.read(index.size - 8, 8));
    await index.close?.();
    return isIndex ? { confidence: 'likely', why: `the numbers that ${stem ?? ''}.index beside it lists` } : undefined;
  },
};

/** FingerprintDef: five numbers of 64 bits and a version, all of it. */
export const tfFingerprint: Detector = {
  format: 'tf-fingerprint',
  test: ({ bytes, size }): Match | undefined => {
    if (size !== bytes.length || size < 20 || size > LARGEST_FINGERPRINT || bytes[0] !== 0x08) return undefined;
    let at = 0;
    let numbers = 0;
    while (at < size) {
      const key = bytes[at++];
      if ((key & 7) === 0 && key >> 3 <= 5) {
        const start = at;
        while (at < size && at - start < 10 && bytes[at] >= 128) at++;
        at++;
        numbers++;
      } else if (key === 0x32 || key === 0x3a) at += 1 + bytes[at];
      else return undefined;
    }
    if (at !== size || numbers < 4) return undefined;
    return { confidence: 'likely', why: `a protobuf of ${numbers} numbers and a version, as fingerprint.pb is` };
  },
};

export const kerasMetadata: Detector = {
  format: 'keras-metadata',
  test: ({ text }): Match | undefined =>
    text.startsWith('\n') && /^[\s\S]{1,400}"?_tf_keras_\w+/.test(text)
      ? { confidence: 'certain', why: 'a protobuf whose first node is of a kind _tf_keras_…' }
      : undefined,
};
