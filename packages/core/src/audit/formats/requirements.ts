/** The packages that text files beside a model ask for: pip's requirements, conda's and MLflow's environments. */
export interface Requirements {
  /** As written: `scikit-learn==1.4.2`. */
  readonly packages: readonly string[];
  /** Lines that install from elsewhere than the index that whoever installs has set. */
  readonly elsewhere: readonly string[];
}

/** Longer lists are cut (CWE-400). */
const MAX_LINES = 2000;

const ELSEWHERE =
  /^(?:-e\b|--editable|-i\b|--index-url|--extra-index-url|-f\b|--find-links|--trusted-host|(?:git|hg|svn|bzr)\+|https?:|file:|\.{0,2}[\\/])|\s@\s+\S+:/;
/** A name as PyPI and conda allow it, perhaps with extras and versions. */
const PACKAGE = /^[A-Za-z0-9][\w.-]*(\[[\w,\s.-]*\])?\s*([=<>!~].*)?$/;

/** Reads `requirements.txt`, `conda.yaml` and `python_env.yaml` alike: each has a package a line. */
export function requirementsOf(text: string): Requirements {
  const packages = new Set<string>();
  const elsewhere = new Set<string>();
  for (const raw of text.split(/\r?\n/).slice(0, MAX_LINES)) {
    const line = raw
      .replace(/(^|\s)#.*$/, '')
      .replace(/^\s*-\s+(?=\S)/, '')
      .trim()
      .replace(/^["']|["']$/g, '');
    if (ELSEWHERE.test(line)) elsewhere.add(line);
    // Keys of YAML end in a colon; channels are single words, as packages without a version are.
    else if (PACKAGE.test(line) && /[=<>~]/.test(line)) packages.add(line.replace(/\s+/g, ''));
  }
  return { packages: [...packages], elsewhere: [...elsewhere] };
}
