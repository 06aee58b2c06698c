import { NO_PYTHON, inOrder, type Break } from './break.js';

/** `pickle.load` meets a byte that no pickle begins with: what it begins. */
function wrongStart(id: string, keys: string, what: string, ...fix: string[]): Break {
  return { id: `starts-${id}`, stage: 'load', error: new RegExp(`invalid load key, '(?:${keys})'`), cause: what, fix };
}

const INFO = '`brine info FILE` says what it is';
const JOBLIB = 'load it with `joblib.load(FILE)`';
const PLAIN = '`brine convert FILE new.pkl` writes a plain pickle';

/** Of bytes that are not what their reader takes them for. */
export const bytesBreaks = inOrder([
  wrongStart(
    'lfs',
    'v',
    'It is a pointer of git-LFS (or another text), a few lines that stand for the file, and not the file.',
    '`git lfs install && git lfs pull` in the repository, or get the file itself',
    INFO,
  ),
  wrongStart(
    'page',
    '<|!',
    'It is a web page, mostly of a link that does not lead to the file itself, or asks to sign in.',
    'get the file by its direct link',
    INFO,
  ),
  wrongStart(
    'compressed',
    String.raw`x|\\x1f|B|\\xfd|\\x04|\]|Z`,
    'It is compressed, as joblib does it (zlib, gzip, bz2, xz, lz4): pickle.load does not undo that.',
    JOBLIB,
    PLAIN,
    INFO,
  ),
  wrongStart('zip', 'P', 'It is a zip archive: a skops, PyTorch, Keras or npz file.', INFO, NO_PYTHON),
  wrongStart('hdf5', String.raw`\\x89`, 'It is an HDF5 file, as Keras saves models.', INFO),
  wrongStart('npy', String.raw`\\x93`, 'It is an array that numpy saved.', 'load it with `numpy.load(FILE)`', INFO),
  wrongStart(
    'json',
    String.raw`\{`,
    'It is JSON: a model that its library saved as text, as XGBoost does.',
    INFO,
    NO_PYTHON,
  ),
  wrongStart(
    'onnx',
    String.raw`\\x08|\\n`,
    'It looks like ONNX, or something else in protocol buffers.',
    INFO,
    NO_PYTHON,
  ),
  {
    id: 'not-a-pickle',
    stage: 'load',
    error: /invalid load key, '(.+?)'|could not find MARK|unpickling stack underflow/,
    cause:
      'These bytes are no plain pickle: a joblib file given to pickle.load (numbers lie between its opcodes), a copy that went wrong, or another format with a misleading name.',
    fix: [INFO, JOBLIB, PLAIN],
  },
  {
    id: 'damaged-pickle',
    stage: 'load',
    error:
      /STACK_GLOBAL requires str|NEWOBJ(?:_EX)? class argument|persistent IDs in protocol 0|unregistered extension code|Memo value not found|memo key .*not found|buffer size must be a multiple of element size|_reconstruct: First argument|frame exhausted/i,
    cause:
      'The opcodes stop making sense: a joblib file given to pickle.load (numbers lie between its opcodes), or a file that was copied as text, edited or overwritten in part.',
    fix: [JOBLIB, INFO, '`brine dis FILE` shows how far it makes sense'],
  },
  {
    id: 'damaged-compression',
    stage: 'load',
    error:
      /Error -\d while decompressing|incorrect header check|Not a gzipped file|CRC check failed|Compressed data ended before|Corrupt input data|Invalid data stream|LZMAError|RuntimeError: LZ4F_/,
    cause: 'The compressed data is damaged or cut short, or compressed in another way than its name says.',
    fix: ['get the file again, and compare its size with the original’s', INFO],
  },
  {
    id: 'path-given',
    stage: 'load',
    error: /file must have '(?:read|readline|readinto)'/,
    cause: 'pickle.load takes an open file, and was given a path.',
    fix: ["`with open(FILE, 'rb') as f: model = pickle.load(f)`", JOBLIB],
  },
  {
    id: 'text-mode',
    stage: 'load',
    error:
      /a bytes-like object is required, not 'str'|'utf-?8' codec can't decode byte 0x80 in position 0|'charmap' codec can't decode|write\(\) argument must be str, not bytes/i,
    cause: 'The file was opened as text. Models are bytes: open(FILE) alone decodes them.',
    fix: ["`with open(FILE, 'rb') as f: model = pickle.load(f)`"],
  },
  {
    id: 'memory',
    stage: 'load',
    error: /^(?:numpy[\w.]*\.)?_?(?:Array)?MemoryError|Unable to allocate [\d.]+ \w+ for an array/m,
    cause: 'It needs more memory than there is; or the file is damaged and announces an array that it does not have.',
    fix: [
      "`joblib.load(FILE, mmap_mode='r')` leaves arrays in an uncompressed file",
      '`brine convert FILE new.joblib --lean` leaves out what prediction does not need',
      '`brine info FILE` says how large it is inside',
    ],
  },
]);
