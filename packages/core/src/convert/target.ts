import type { Chunks, Encoding } from '../bytes/compress.js';
import type { Source } from '../bytes/source.js';
import type { Model } from '../model/model.js';
import type { SavedModel } from '../model/saved.js';
import type { PyGlobal, PyValue } from '../pickle/values.js';

/** What may be said about the output. What does not concern a target, its writer refuses or leaves alone. */
export interface TargetOptions {
  /** Of pickles; as the input's where that can be written, else 4. Of skops: its protocol, 2 unless told. */
  readonly protocol?: number | undefined;
  /** 1 or 2 for the names of that numpy alone. */
  readonly numpy?: 1 | 2 | undefined;
  /** Around the whole file, or inside of it where the format has that. */
  readonly compress?: Encoding | 'none' | undefined;
  readonly level?: number | undefined;
  /** Large arrays go into files of their own beside the output (joblib). */
  readonly split?: SplitOptions | undefined;
  /** False where the output will not be asked for: nothing of it is then packed while it is planned. */
  readonly ahead?: boolean | undefined;
  /** What belongs to one target alone, by its own names. */
  readonly own?: Readonly<Record<string, unknown>> | undefined;
}

/** How arrays are taken out into files of their own. */
export interface SplitOptions {
  /** The output's own name, without its folder: the files beside it are named after it. */
  readonly name: string;
  /** Arrays of fewer bytes stay inside; 64 KiB unless told. */
  readonly least?: number | undefined;
}

/** A file beside the output that belongs to it. */
export interface OutputPart {
  /** Without a folder: it lies beside the output. */
  readonly name: string;
  /** May be asked for once. */
  chunks(): Chunks;
}

/** What is to be written. */
export interface Subject {
  /** The model as it was opened; a graph for files that hold one. */
  readonly model: Model;
  /** The same, where it is an object that Python saved. */
  readonly saved: SavedModel | undefined;
  /** The value to write: the picked part, without what `lean` leaves out. */
  readonly value: PyValue;
  readonly options: TargetOptions;
  /** To be told every name that Python would import on loading the output: those that nobody vouches for are refused. */
  readonly vet: (name: PyGlobal) => void;
}

/** An output that can be written. */
export interface Prepared {
  /** What is different in the output, in sentences. */
  readonly changes: readonly string[];
  /** What the output does not hold, in sentences. */
  readonly lost: readonly string[];
  /** Around the whole output; undefined for none. */
  readonly compress?: Encoding | undefined;
  /** The output before that compression. May be asked for once. */
  chunks(): Chunks;
  /** Files beside it, which it needs. */
  readonly parts?: readonly OutputPart[];
  /**
   * `same`: what is read back must be the very object that was written. `again`: it must be written in the same way
   * again, since the format makes some objects in another one. `answers`: only its answers can be compared. `nothing`:
   * it is no model any more. `measured`: it answers otherwise, and `lost` says by how much.
   */
  readonly check: 'same' | 'again' | 'answers' | 'measured' | 'nothing';
  /**
   * Begins to hold parts of the output against what was written. Who reads `output` from then on is given what was written
   * in their place, so that nothing is shown until the comparison has come to its end.
   */
  compare?(output: Source): Promise<Comparison>;
  /** For `again`: true if `value`, which was read back, would become the same file. */
  again?(value: PyValue): Promise<boolean>;
}

/** A comparison that goes on beside other work. */
export interface Comparison {
  /** Waits until it has come a little further. */
  turn(): Promise<void>;
  /** Whether all is the same. */
  all(): Promise<boolean>;
}

/** One format that models are converted to. */
export interface Target {
  /** For `--to`. */
  readonly name: string;
  /** Without the dot; the first is the usual one. */
  readonly extensions: readonly string[];
  /** What it is good for, in a clause. */
  readonly what: string;
  /** Throws UNSUPPORTED for what this format cannot hold. */
  prepare(subject: Subject): Promise<Prepared>;
}
