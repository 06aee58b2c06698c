import { joinPieces, picklePieces, type Piece } from '../../pickle/write.js';
import type { PyGlobal, PyValue } from '../../pickle/values.js';
import { pythonReducer } from '../../python/reduce/index.js';

export interface PickleFileWriteOptions {
  /** 2 to 5; 4 unless said otherwise, which every Python since 3.4 reads. */
  readonly protocol?: number;
  /** 1 or 2 for that numpy alone; names that both know otherwise. */
  readonly numpy?: 1 | 2;
  /** Told every name before anything is written; throws to refuse it. */
  readonly vet?: (name: PyGlobal) => void;
}

/**
 * What `pickle.dump` writes of a value, in pieces; arrays that have not been read stay lazy. Python's
 * `pickle.load` gives an equal object, and `readPickleFile` the same value.
 *
 * Throws UNSUPPORTED for what a pickle of that protocol cannot say, and what `vet` throws.
 */
export function pickleFilePieces(value: PyValue, options: PickleFileWriteOptions = {}): Generator<Piece, void> {
  return picklePieces(value, { ...options, reducer: pythonReducer(options) });
}

/** The same in one array: for values whose arrays have all been read. */
export function writePickleFile(value: PyValue, options: PickleFileWriteOptions = {}): Uint8Array {
  return joinPieces([...pickleFilePieces(value, options)]);
}
