import { latin1 } from '../../bytes/utf8.js';
import { opcodeOf, type Opcode } from '../../pickle/opcodes.js';
import type { Detector, Head, Match } from './identity.js';
import { at } from './signature.js';

/** The number PyTorch before 1.6 pickles first: LONG1 0x1950a86a20f9469cfc6c. */
const TORCH_MAGIC = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19';

/** Names that only joblib's pickler writes, with the module before. */
const JOBLIB = /^joblib\.numpy_pickle(?:_compat)?[\s\S]{1,12}?(NumpyArrayWrapper|ZNDArrayWrapper|NDArrayWrapper)/;
/** As many bytes as the longest of them has. */
const JOBLIB_LENGTH = 64;

/** How far into a file joblib's names are looked for; the first array of a model comes sooner. */
const JOBLIB_WITHIN = 1024 * 1024;

export const torchLegacy: Detector = {
  format: 'torch-legacy',
  test: (head) =>
    at(head, 0, TORCH_MAGIC)
      ? { confidence: 'certain', why: 'it begins with PyTorch’s pickled magic number' }
      : undefined,
};

/** Pickles of protocol 2 to 5, which say so; joblib files among them. */
export const pickle: Detector = {
  format: 'pickle',
  test: async (head): Promise<Match | undefined> => {
    const { bytes } = head;
    const protocol = bytes[1];
    if (bytes[0] !== 0x80 || !(protocol >= 2 && protocol <= 5)) return undefined;
    if (bytes.length > 2 && opcodeOf[bytes[2]] === undefined) return undefined;
    const variant = `protocol ${protocol}`;
    const found = await findJoblib(head);
    if (found !== undefined) {
      return { format: 'joblib', variant, confidence: 'certain', why: `a pickle that names joblib’s ${found}` };
    }
    const seen = head.source === undefined ? bytes.length : Math.min(head.size, JOBLIB_WITHIN);
    const whole = seen >= head.size;
    return {
      variant,
      confidence: whole ? 'certain' : 'likely',
      why: `it begins as a pickle of protocol ${protocol}${whole ? '' : `, and no joblib array is within the first ${seen} bytes`}`,
    };
  },
};

/** The name of the first of joblib's classes in the beginning of the file. */
async function findJoblib(head: Head): Promise<string | undefined> {
  const found = joblibIn(head.bytes);
  if (found !== undefined || head.source === undefined || head.size <= head.bytes.length) return found;
  return joblibIn(await head.source.read(0, Math.min(head.size, JOBLIB_WITHIN)));
}

/** The same for bytes, most of which may be arrays: only what begins as the name does becomes text. */
function joblibIn(bytes: Uint8Array): string | undefined {
  for (let i = bytes.indexOf(0x6a); i >= 0; i = bytes.indexOf(0x6a, i + 1)) {
    if (bytes[i + 1] !== 0x6f || bytes[i + 2] !== 0x62) continue;
    const found = JOBLIB.exec(latin1(bytes.subarray(i, i + JOBLIB_LENGTH)))?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Opcodes a beginning must have before it counts as a pickle: prose gets through three or four at most. */
const TRIAL_OPCODES = 12;
const TRIAL_ARGUMENTS = 3;

/** Pickles of protocol 0 and 1, which begin with their first opcode: tried, with the stack as a mere count. */
export const oldPickle: Detector = {
  format: 'pickle',
  test: (head): Match | undefined => {
    const trial = tryPickle(head.bytes, head.size > head.bytes.length);
    if (trial === undefined) return undefined;
    const joblib = joblibIn(head.bytes);
    return {
      variant: `protocol ${trial.protocol}`,
      confidence: trial.stopped && trial.opcodes > TRIAL_OPCODES ? 'certain' : 'likely',
      why: `its first ${trial.opcodes} opcodes are those of a pickle${trial.stopped ? ', up to its end' : ''}`,
      ...(joblib === undefined ? {} : { format: 'joblib' as const }),
    };
  },
};

interface Trial {
  readonly protocol: number;
  readonly opcodes: number;
  /** Whether it ends where the file does. */
  readonly stopped: boolean;
}

/** Walks opcodes as long as they make sense. Undefined where they do not. */
function tryPickle(bytes: Uint8Array, cut: boolean): Trial | undefined {
  /** Items above each mark, and below the first. */
  const counts = [0];
  let protocol = 0;
  let opcodes = 0;
  let withArgument = 0;
  // Rows of brackets are opcodes as well; without arguments among them they prove nothing.
  const enough = (): Trial | undefined =>
    opcodes >= TRIAL_OPCODES && withArgument >= TRIAL_ARGUMENTS ? { protocol, opcodes, stopped: false } : undefined;
  for (let ip = 0; ip < bytes.length;) {
    const opcode = opcodeOf[bytes[ip]];
    if (opcode === undefined || (opcode.protocol > 1 && opcodes === 0)) return undefined;
    const next = afterArgument(bytes, ip + 1, opcode);
    if (next === undefined || !apply(opcode, counts)) return undefined;
    if (next > bytes.length) break;
    protocol = Math.max(protocol, opcode.protocol);
    opcodes++;
    if (opcode.argument !== null) withArgument++;
    if (opcode.name === 'STOP') {
      // What follows a first pickle is another, or joblib's rest; a word that ends in a full stop is neither.
      return next === bytes.length && !cut ? { protocol, opcodes, stopped: true } : enough();
    }
    ip = next;
  }
  return enough();
}

/** What an opcode does to the counts; false where it finds too little. */
function apply(opcode: Opcode, counts: number[]): boolean {
  const { before, after, name } = opcode;
  if (name === 'POP' && counts.length > 1 && counts[counts.length - 1] === 0) {
    counts.pop();
    return true;
  }
  const slice = before.indexOf('slice');
  let take = before.length;
  if (slice >= 0) {
    if (counts.length < 2) return false;
    const above = counts.pop() ?? 0;
    // OBJ names what stands between mark and slice.
    const mark = before.indexOf('mark');
    if (above < slice - mark - 1) return false;
    take = mark;
  }
  const top = counts.length - 1;
  if (counts[top] < take) return false;
  counts[top] -= take;
  if (name === 'STOP') return counts.length === 1 && counts[0] === 0;
  if (name.endsWith('PUT') && counts[top] === 0) return false;
  for (const item of after) {
    if (item === 'mark') counts.push(0);
    else counts[counts.length - 1]++;
  }
  return true;
}

/** The longest line that an argument in text has: a number, a name; text and old numpy buffers are longer. */
const LINE_MAX = 4096;
const NAME = /^[A-Za-z_][\w.]*$/;

/** The offset after an opcode's argument, beyond the bytes where it is cut; undefined where it is none. */
function afterArgument(bytes: Uint8Array, start: number, opcode: Opcode): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const after = (size: number, length: () => number): number =>
    start + size > bytes.length ? bytes.length + 1 : start + size + length();
  const line = (from: number): string | undefined => {
    const end = bytes.indexOf(10, from);
    return end < 0 ? undefined : latin1(bytes.subarray(from, Math.min(end, from + LINE_MAX)));
  };
  const matching = (pattern: RegExp): number | undefined => {
    const text = line(start);
    if (text === undefined) return bytes.length - start > LINE_MAX ? undefined : bytes.length + 1;
    return pattern.test(text) ? start + text.length + 1 : undefined;
  };
  switch (opcode.argument) {
    case null:
      return start;
    case 'uint1':
      return after(1, () => 0);
    case 'uint2':
      return after(2, () => 0);
    case 'uint4':
    case 'int4':
      return after(4, () => 0);
    case 'uint8':
    case 'float8':
      return after(8, () => 0);
    case 'string1':
    case 'bytes1':
    case 'unicodestring1':
    case 'long1':
      return after(1, () => bytes[start]);
    case 'string4':
    case 'bytes4':
    case 'unicodestring4':
    case 'long4':
      return after(4, () => view.getUint32(start, true));
    case 'bytes8':
    case 'bytearray8':
    case 'unicodestring8':
      return after(8, () => Number(view.getBigUint64(start, true)));
    case 'decimalnl_short':
      return matching(/^-?\d+$/);
    case 'decimalnl_long':
      return matching(/^-?\d+L?$/);
    case 'floatnl':
      return matching(/^-?(\d|inf|nan)[\d.e+-]*$/i);
    case 'stringnl_noescape':
      return matching(/^[\x20-\x7e]*$/);
    case 'stringnl':
    case 'unicodestringnl': {
      const quoted = opcode.argument === 'stringnl';
      if (quoted && bytes[start] !== 0x27 && bytes[start] !== 0x22) return undefined;
      const end = bytes.indexOf(10, start);
      return end < 0 ? bytes.length + 1 : end + 1;
    }
    case 'stringnl_noescape_pair': {
      const module = line(start);
      const name = module === undefined ? undefined : line(start + module.length + 1);
      if (module === undefined || name === undefined) return undefined;
      return NAME.test(module) && NAME.test(name) ? start + module.length + name.length + 2 : undefined;
    }
  }
}
