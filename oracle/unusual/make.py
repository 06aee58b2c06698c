"""Models of every estimator in ways that are unusual, and what the library that saved them answers.

    python oracle/unusual/make.py FOLDER [--only TEXT] [--seed N]

In a virtualenv of any scikit-learn from 0.18 on. FOLDER gets cases in the form of fixtures/README.md, to be asked by
tools that read those. Recipes that the version does not know, or refuses, are left out and counted; `--verbose` says why.
"""

import argparse
import collections
import random
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import sklearn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "fixtures"))
import cases  # noqa: E402
import combined  # noqa: E402
import linear  # noqa: E402
import prepared  # noqa: E402
import spaces  # noqa: E402
import trees  # noqa: E402
from kinds import Data  # noqa: E402

warnings.filterwarnings("ignore")
METHODS = cases.METHODS + cases.MORE_METHODS


def ways(python):
    """How it may be saved: every protocol and compressor that this Python has."""
    return ["pickle2", "pickle3", "pickle4", "joblib"] * 2 + ["joblib:" + c for c in ("zlib", "gzip", "bz2", "xz", "lzma")] + ["pickle5"] * 2 * (python >= (3, 8))


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--only", default="")
    arguments.add_argument("--seed", type=int)
    arguments.add_argument("--verbose", action="store_true")
    options = arguments.parse_args()
    release = [int(part) for part in sklearn.__version__.split(".")[:2]]
    seed = options.seed if options.seed is not None else 100 * release[0] + release[1]
    if options.folder.exists() and not options.only:
        shutil.rmtree(str(options.folder))
    out = cases.Fixtures(options.folder)
    known = ways(sys.version_info)
    left = collections.Counter()
    for chapter in (linear, trees, spaces, prepared, combined):
        found = []
        for make in chapter.CHAPTERS:
            try:
                make(Data(seed), lambda name, fit, inputs, **more: found.append((name, fit, inputs, more)))
            except ImportError as error:
                left[make.__name__ + ": " + str(error)] += 1
        for name, fit, inputs, more in found:
            if options.only not in name:
                continue
            dice = random.Random("{} {}".format(name, seed))
            np.random.seed(dice.randrange(2**31))
            try:
                model = fit()
                out.add(name, model, inputs, dice.choice(known), methods=METHODS, **more)
            except Exception as error:  # what this version does not have, or refuses
                left[name] += 1
                if options.verbose:
                    print("left out", name, type(error).__name__, cases.first_line(error))
                if (options.folder / name).exists():
                    shutil.rmtree(str(options.folder / name))
    if options.verbose:
        for line in out.refused:
            print("not answered", line)
    print("{} cases in {}; {} recipes left out".format(out.written, options.folder, sum(left.values())))


if __name__ == "__main__":
    main()
