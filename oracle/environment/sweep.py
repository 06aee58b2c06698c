"""Which names a pickle can reach in one release of scikit-learn.

    python oracle/environment/sweep.py > names-1.3.2.json      in a virtualenv of that release

Walks every module of scikit-learn (tests aside) and lists the classes and functions that are found there, those too
that a module only passes on: `pickle` resolves a name by importing its module and asking for the attribute. A module
that warns when it is imported is listed as deprecated. Runs on Python 3.6 and later.
"""

import importlib
import json
import pkgutil
import sys
import warnings

import sklearn


def is_deprecation(caught):
    return any(issubclass(w.category, (FutureWarning, DeprecationWarning)) and "sklearn" in str(w.message) for w in caught)


def main():
    found, deprecated = {}, []
    names = ["sklearn"] + [m.name for m in pkgutil.walk_packages(sklearn.__path__, "sklearn.", onerror=lambda _: None)]
    for name in names:
        if ".tests" in name or ".conftest" in name or "_build_utils" in name or name.endswith(".setup"):
            continue
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                module = importlib.import_module(name)
            except BaseException:
                continue
        if is_deprecation(caught):
            deprecated.append(name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            members = []
            for attribute in dir(module):
                if attribute.startswith("__") and not attribute.startswith("__pyx_unpickle"):
                    continue
                value = getattr(module, attribute, None)
                home = getattr(value, "__module__", None)
                own = isinstance(home, str) and (home.startswith("sklearn") or home in ("_loss", name.rsplit(".", 1)[-1]))
                if own and callable(value):
                    # A star marks what is made here: that is the module which pickles name.
                    made_here = home == name or not home.startswith("sklearn.")
                    members.append(("*" if made_here else "") + attribute)
        found[name] = sorted(members)
    json.dump({"version": sklearn.__version__, "names": found, "deprecated": sorted(deprecated)}, sys.stdout)


main()
