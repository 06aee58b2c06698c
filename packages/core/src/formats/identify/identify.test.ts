import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BufferSource } from '../../bytes/source.js';
import { identify } from './identify.js';

const folder = new URL('../../../../../fixtures/identify/', import.meta.url);
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)));

/** File, format, variant, compression, confidence, code of the problem. Made by oracle/make_identify.py. */
const table: readonly (readonly [string, string, string, string, string, string])[] = [
  ['array.npy', 'npy', '', '', 'certain', ''],
  ['arrays.h5', 'hdf5', '', '', 'certain', ''],
  ['arrays.npz', 'npz', '', '', 'certain', ''],
  ['ascii.rds', 'rds', '', '', 'certain', ''],
  ['block.h5', 'hdf5', '', '', 'certain', ''],
  ['bz2.RData', 'rdata', '', 'bz2', 'certain', ''],
  ['cut.joblib.gz', 'pickle', 'protocol 4', 'gzip', 'likely', 'TRUNCATED'],
  ['cut.npz', 'zip', '', '', 'certain', 'TRUNCATED'],
  ['cut.onnx', 'onnx', '', '', 'likely', 'TRUNCATED'],
  ['cut.safetensors', 'safetensors', '', '', 'likely', 'TRUNCATED'],
  ['damaged.joblib.xz', 'pickle', 'protocol 4', 'xz', 'likely', 'CORRUPT'],
  ['data.db', 'sqlite', '', '', 'certain', 'NOT_A_MODEL'],
  ['data.json', 'json', '', '', 'likely', 'NOT_A_MODEL'],
  ['deflated.skops', 'skops', '', '', 'certain', ''],
  ['denied.onnx', 'xml', '', '', 'certain', 'NOT_A_MODEL'],
  ['ebcdic.sav', 'spss', 'EBCDIC', '', 'certain', 'NOT_A_MODEL'],
  ['empty.pkl', 'empty', '', '', 'certain', 'EMPTY'],
  ['empty.pkl.gz', 'empty', '', 'gzip', 'certain', 'EMPTY'],
  ['frozen.pb', 'graphdef', '', '', 'likely', ''],
  ['idl.sav', 'idl', '', '', 'certain', 'NOT_A_MODEL'],
  ['image.pkl', 'image', '', '', 'certain', 'NOT_A_MODEL'],
  ['keras.h5', 'hdf5', 'keras', '', 'certain', ''],
  ['libmodel.so', 'program', '', '', 'certain', 'NOT_A_MODEL'],
  ['lightgbm.json', 'lightgbm', 'json', '', 'certain', ''],
  ['lightgbm.txt', 'lightgbm', 'text', '', 'certain', ''],
  ['list.pkl', 'pickle', 'protocol 0', '', 'certain', ''],
  ['list.ser', 'java', '', '', 'certain', ''],
  ['login.pkl', 'html', '', '', 'certain', 'NOT_A_MODEL'],
  ['model.7z', '7z', '', '', 'certain', 'NOT_A_MODEL'],
  ['model.RData', 'rdata', '', 'gzip', 'certain', ''],
  ['model.cbm', 'catboost', 'cbm', '', 'certain', ''],
  ['model.dll', 'program', '', '', 'certain', 'NOT_A_MODEL'],
  ['model.gguf', 'gguf', '', '', 'certain', ''],
  ['model.joblib', 'joblib', 'protocol 4', '', 'certain', ''],
  ['model.joblib.bz2', 'joblib', 'protocol 4', 'bz2', 'certain', ''],
  ['model.joblib.gz', 'joblib', 'protocol 4', 'gzip', 'certain', ''],
  ['model.joblib.lz4', 'joblib', 'protocol 4', 'lz4', 'certain', ''],
  ['model.joblib.lzma', 'joblib', 'protocol 4', 'lzma', 'certain', ''],
  ['model.joblib.xz', 'joblib', 'protocol 4', 'xz', 'certain', ''],
  ['model.joblib.z', 'joblib', 'protocol 4', 'zlib', 'certain', ''],
  ['model.keras', 'keras', '', '', 'certain', ''],
  ['model.mlmodel', 'coreml', '', '', 'likely', ''],
  ['model.mlpackage.zip', 'mlpackage', '', '', 'certain', ''],
  ['model.onnx', 'onnx', '', '', 'certain', ''],
  ['model.pkl.zst', 'pickle', 'protocol 4', 'zstd', 'certain', ''],
  ['model.pmml', 'pmml', '', '', 'certain', ''],
  ['model.pt2', 'pt2', '', '', 'certain', ''],
  ['model.rds', 'rds', '', 'gzip', 'certain', ''],
  ['model.safetensors', 'safetensors', '', '', 'certain', ''],
  ['model.skops', 'skops', '', '', 'certain', ''],
  ['model.tar', 'tar', '', '', 'certain', ''],
  ['model.tar.gz', 'tar', '', 'gzip', 'certain', ''],
  ['model.tflite', 'tflite', '', '', 'certain', ''],
  ['new.pt', 'torch', '', '', 'certain', ''],
  ['none.pkl', 'pickle', 'protocol 0', '', 'likely', ''],
  ['notes.pkl', 'text', '', '', 'guess', 'NOT_A_MODEL'],
  ['old-torch.tar', 'torch-tar', '', '', 'certain', ''],
  ['old.joblib', 'joblib', 'protocol 2', 'zf', 'certain', ''],
  ['other.xml', 'xml', '', '', 'certain', 'NOT_A_MODEL'],
  ['page.joblib', 'html', '', '', 'certain', 'NOT_A_MODEL'],
  ['paper.pdf', 'pdf', '', '', 'certain', 'NOT_A_MODEL'],
  ['plain.joblib', 'joblib', 'protocol 4', 'zlib', 'certain', ''],
  ['plain.rds', 'rds', '', '', 'certain', ''],
  ['pointer.pkl', 'git-lfs', '', '', 'certain', 'NOT_A_MODEL'],
  ['protocol0.pkl', 'pickle', 'protocol 0', '', 'certain', ''],
  ['protocol1.pkl', 'pickle', 'protocol 1', '', 'certain', ''],
  ['protocol2.pkl', 'pickle', 'protocol 2', '', 'certain', ''],
  ['protocol3.pkl', 'pickle', 'protocol 3', '', 'certain', ''],
  ['protocol4.pkl', 'pickle', 'protocol 4', '', 'certain', ''],
  ['protocol5.pkl', 'pickle', 'protocol 5', '', 'certain', ''],
  ['quoted.csv', 'csv', '', '', 'likely', 'NOT_A_MODEL'],
  ['rows.jsonl', 'jsonl', '', '', 'likely', 'NOT_A_MODEL'],
  ['saved_model.pb', 'savedmodel', '', '', 'likely', ''],
  ['script.pt', 'torchscript', '', '', 'certain', ''],
  ['script.sh', 'zip', '', '', 'likely', ''],
  ['sparse.npz', 'npz', 'scipy.sparse', '', 'certain', ''],
  ['spss.sav', 'spss', '', '', 'certain', 'NOT_A_MODEL'],
  ['strange.bin', 'unknown', '', '', 'guess', 'UNKNOWN_FORMAT'],
  ['table.arrows', 'arrow', 'stream', '', 'likely', 'NOT_A_MODEL'],
  ['table.csv', 'csv', '', '', 'likely', 'NOT_A_MODEL'],
  ['table.feather', 'arrow', '', '', 'certain', 'NOT_A_MODEL'],
  ['table.parquet', 'parquet', '', '', 'certain', 'NOT_A_MODEL'],
  ['table.tsv', 'csv', 'tsv', '', 'likely', 'NOT_A_MODEL'],
  ['table.xlsx', 'xlsx', '', '', 'certain', ''],
  ['torch-legacy.pt', 'torch-legacy', '', '', 'certain', ''],
  ['twice.pkl.gz', 'pickle', 'protocol 4', 'gzip+zlib', 'certain', ''],
  ['two.zip', 'zip', '', '', 'certain', ''],
  ['vectorizer.ubj', 'pickle', 'protocol 3', '', 'certain', ''],
  ['weka.model', 'weka', '', '', 'certain', ''],
  ['wide.csv', 'csv', '', '', 'likely', 'NOT_A_MODEL'],
  ['words.pkl', 'pickle', 'protocol 1', '', 'certain', ''],
  ['xgboost-binf.model', 'xgboost', 'binary', '', 'certain', ''],
  ['xgboost-dump.json', 'xgboost-dump', 'json', '', 'certain', 'NOT_A_MODEL'],
  ['xgboost-dump.txt', 'xgboost-dump', 'text', '', 'certain', 'NOT_A_MODEL'],
  ['xgboost.json', 'xgboost', 'json', '', 'certain', ''],
  ['xgboost.model', 'xgboost', 'binary', '', 'certain', ''],
  ['xgboost.ubj', 'xgboost', 'ubj', '', 'certain', ''],
  ['xz.rds', 'rds', '', 'xz', 'certain', ''],
  ['zeros.pkl', 'unknown', '', '', 'guess', 'CORRUPT'],
  ['zlib.sav', 'spss', '', '', 'certain', 'NOT_A_MODEL'],
];

describe('identify', () => {
  it('is tried on every file of the corpus', () => {
    expect(table.map(([file]) => file).sort()).toEqual(readdirSync(folder).sort());
  });

  it.each(table)('knows %s as %s', async (file, format, variant, compression, confidence, code) => {
    const found = await identify(new BufferSource(read(file), file));
    expect(found).toMatchObject({ format, confidence, compression: compression === '' ? [] : compression.split('+') });
    expect(found.variant ?? '').toBe(variant);
    expect(found.problem?.code ?? '').toBe(code);
    expect(found.why).not.toBe('');
  });

  it('does not need the name', async () => {
    for (const [file, format] of table) {
      const found = await identify(new BufferSource(read(file)));
      expect(found.format, file).toBe(format);
      expect(found.mismatch, file).toBeUndefined();
    }
  });

  it('says when the name promises something else', async () => {
    const found = await identify(new BufferSource(read('vectorizer.ubj'), 'models/vectorizer.ubj'));
    expect(found.mismatch).toBe('named .ubj, which promises an XGBoost model, but the content says: Python pickle');
    const kept = ['model.joblib', 'plain.joblib', 'model.joblib.gz', 'spss.sav', 'list.pkl', 'xgboost.json'];
    for (const file of kept) {
      expect((await identify(new BufferSource(read(file), file))).mismatch, file).toBeUndefined();
    }
  });

  it('says what to do about what is no model', async () => {
    const advice: [string, RegExp][] = [
      ['pointer.pkl', /git-LFS pointer: the file of 12345678 bytes .*“git lfs pull”/],
      ['login.pkl', /a web page titled "Sign in · Example", not a model; a page to sign in/],
      ['page.joblib', /a web page titled "model.joblib at main".*raw content/],
      ['denied.onnx', /Request has expired/],
      ['spss.sav', /SPSS data file: a table, not a model/],
      ['idl.sav', /IDL save file/],
      ['empty.pkl', /no content/],
      ['zeros.pkl', /5000 bytes are all zero/],
      ['cut.npz', /no directory at its end: the file was cut short/],
      ['cut.onnx', /announces 51 bytes at 16, but ends after 40/],
      ['strange.bin', /begins with 01 02 03/],
      ['xgboost-dump.json', /save_model instead of dump_model/],
    ];
    for (const [file, message] of advice) {
      expect((await identify(new BufferSource(read(file), file))).problem?.message, file).toMatch(message);
    }
  });

  it('does not take prose for an old pickle', async () => {
    const prose = [
      'a model',
      'cat\ndog\nmouse\n',
      'I12 is not a number\n',
      "S'text'\np0\n",
      '(1, 2, 3)',
      'Notes.\n',
      '}}}}}}}}}}}}}}}}}}}}',
      ')))))))))))))))))))))x',
    ];
    for (const text of prose) {
      const found = await identify(new BufferSource(new TextEncoder().encode(text)));
      expect(found.format, text).not.toBe('pickle');
    }
  });

  it('answers on cut and damaged files, too', async () => {
    let seed = 7;
    const next = (n: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return Math.floor((seed / 0x80000000) * n);
    };
    for (const [file] of table) {
      const whole = read(file);
      const step = Math.max(1, whole.length >> 6);
      for (let n = 0; n < whole.length; n += step) {
        expect((await identify(new BufferSource(whole.subarray(0, n)))).why).not.toBe('');
      }
      for (let round = 0; round < 20 && whole.length > 0; round++) {
        const bytes = whole.slice();
        for (let flips = 1 + next(4); flips > 0; flips--) bytes[next(Math.min(bytes.length, 600))] = next(256);
        expect((await identify(new BufferSource(bytes))).why).not.toBe('');
      }
    }
  });
});
