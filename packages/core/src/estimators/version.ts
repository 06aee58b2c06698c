/** A scikit-learn version, as `_sklearn_version` in a file says it. */
export class Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly text: string;

  constructor(text: string) {
    const [, major = '0', minor = '0', patch = '0'] = /^(\d+)\.(\d+)(?:\.(\d+))?/.exec(text) ?? [];
    this.text = text;
    this.major = Number(major);
    this.minor = Number(minor);
    this.patch = Number(patch);
  }

  /** True for this version or a later one: `atLeast(1, 3)`. */
  atLeast(major: number, minor: number, patch = 0): boolean {
    return (this.major - major || this.minor - minor || this.patch - patch) >= 0;
  }

  before(major: number, minor: number, patch = 0): boolean {
    return !this.atLeast(major, minor, patch);
  }
}

/** Files without a version were written before 0.18, which began to record it. */
export const UNRECORDED = new Version('0.17');
