/** What a model's own figures make worth trying in one column of a value. */
export class ColumnHints {
  /** Where something changes: values just below, at and just above are wanted. */
  readonly thresholds = new Set<number>();
  /** Values as they are. */
  readonly values = new Set<number>();
  readonly categories = new Set<string | number>();
  /** Words and phrases that a vocabulary knows. */
  readonly words = new Set<string>();
  /** Missing values mean something here. */
  missing = false;
  /** Text is analysed here, by a vocabulary or a hash. */
  text = false;

  add(other: ColumnHints): void {
    for (const t of other.thresholds) this.thresholds.add(t);
    for (const v of other.values) this.values.add(v);
    for (const c of other.categories) this.categories.add(c);
    for (const w of other.words) this.words.add(w);
    this.missing ||= other.missing;
    this.text ||= other.text;
  }

  get isEmpty(): boolean {
    return this.thresholds.size + this.values.size + this.categories.size + this.words.size === 0;
  }
}

/** Part of a row that the model keeps (a support vector, a training point): what is known of it, by column. */
export interface RowHint {
  /** Parts of one row have one number. */
  readonly id: number;
  readonly cells: ReadonlyMap<number, number>;
}

/** Columns for which hints are kept: wider values are text or pixels, and no column of them tells much (CWE-770). */
export const MAX_HINTED_COLUMNS = 4096;

/** What is worth trying in a value of a graph: its columns, and whole rows. */
export class Hints {
  readonly columns = new Map<number, ColumnHints>();
  readonly rows: RowHint[] = [];
  /** Samples of what a list of records, or of sets of labels, may hold. */
  readonly records: unknown[] = [];

  column(at: number): ColumnHints {
    const known = this.columns.get(at);
    if (known) return known;
    const made = new ColumnHints();
    if (this.columns.size < MAX_HINTED_COLUMNS) this.columns.set(at, made);
    return made;
  }

  /** Takes over another value's hints, its column c as `place(c)`, its numbers changed by `map`. */
  take(other: Hints, place: (c: number) => number | undefined, map: Mapping = unchanged): void {
    for (const [c, hints] of other.columns) {
      const at = place(c);
      if (at === undefined) continue;
      const mine = this.column(at);
      mine.missing ||= hints.missing;
      mine.text ||= hints.text;
      for (const word of hints.words) mine.words.add(word);
      for (const x of hints.thresholds) addFinite(mine.thresholds, map(x, c, true));
      for (const x of hints.values) addFinite(mine.values, map(x, c, false));
      for (const x of hints.categories)
        if (typeof x === 'string') mine.categories.add(x);
        else addFinite(mine.categories, map(x, c, false));
    }
    for (const { id, cells } of other.rows) {
      const moved = new Map<number, number>();
      for (const [c, x] of cells) {
        const at = place(c);
        const y = at === undefined ? undefined : map(x, c, false);
        if (at !== undefined && y !== undefined && Number.isFinite(y)) moved.set(at, y);
      }
      if (moved.size > 0) this.rows.push({ id, cells: moved });
    }
    this.records.push(...other.records);
  }
}

/** What x of column c was before the step; `exact` where it is a threshold that must be hit to the last bit. */
export type Mapping = (x: number, c: number, exact: boolean) => number | undefined;
const unchanged: Mapping = (x) => x;

function addFinite<T>(set: Set<T | number>, x: number | undefined): void {
  if (x !== undefined && Number.isFinite(x)) set.add(x);
}
