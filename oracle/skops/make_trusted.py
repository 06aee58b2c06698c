"""Writes packages/core/src/formats/skops/trusted.ts: the names that skops trusts by default, as the installed
skops, scikit-learn, numpy and scipy give them.

    python oracle/skops/make_trusted.py > packages/core/src/formats/skops/trusted.ts
"""

import collections
import warnings

import numpy
import scipy
import sklearn
import skops
from skops.io import _sklearn, _trusted_types as trusted
from skops.io._utils import get_type_name

warnings.simplefilter("ignore")


def table(name, doc, names):
    modules = collections.defaultdict(set)
    for full in names:
        module, _, last = full.rpartition(".")
        modules[module].add(last)
    print(f"\n/** {doc} */")
    print(f"export const {name} = names({{")
    for module in sorted(modules):
        print(f"  '{module}': '{' '.join(sorted(modules[module]))}',")
    print("});")


print(f"""/**
 * What skops trusts without being told to, as skops {skops.__version__} with scikit-learn {sklearn.__version__}, numpy {numpy.__version__} and
 * scipy {scipy.__version__} answers. Written by oracle/skops/make_trusted.py.
 */

/** Module → names, as a set of full names. */
function names(modules: Readonly<Record<string, string>>): ReadonlySet<string> {{
  return new Set(Object.entries(modules).flatMap(([module, list]) => list.split(' ').map((name) => `${{module}}.${{name}}`)));
}}""")

table("primitives", "`PRIMITIVE_TYPE_NAMES`", trusted.PRIMITIVE_TYPE_NAMES)
table("containers", "`CONTAINER_TYPE_NAMES`", trusted.CONTAINER_TYPE_NAMES)
table("dtypes", "`NUMPY_DTYPE_TYPE_NAMES`", trusted.NUMPY_DTYPE_TYPE_NAMES)
table("bitGenerators", "`NUMPY_RANDOM_BIT_GENERATOR_TYPE_NAMES`", trusted.NUMPY_RANDOM_BIT_GENERATOR_TYPE_NAMES)
table("losses", "`ALLOWED_LOSSES`", [get_type_name(t) for t in _sklearn.ALLOWED_LOSSES])
table("scipyUfuncs", "`SCIPY_UFUNC_TYPE_NAMES`", trusted.SCIPY_UFUNC_TYPE_NAMES)
table("numpyUfuncs", "`NUMPY_UFUNC_TYPE_NAMES`", trusted.NUMPY_UFUNC_TYPE_NAMES)
table(
    "sklearnTypes",
    "`SKLEARN_ESTIMATOR_TYPE_NAMES` and `SKLEARN_INTERNAL_TYPE_NAMES`",
    trusted.SKLEARN_ESTIMATOR_TYPE_NAMES + trusted.SKLEARN_INTERNAL_TYPE_NAMES,
)
