"""What the installed skops answers to `get_untrusted_types` for every fixture: null where it refuses the file.

    python oracle/skops/untrusted.py fixtures/skops
"""
import glob
import json
import os
import sys

import skops.io as sio

answers = {}
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.skops"))):
    try:
        answers[os.path.basename(path)] = sio.get_untrusted_types(file=path)
    except (TypeError, ValueError, AttributeError):
        answers[os.path.basename(path)] = None
with open(os.path.join(sys.argv[1], "untrusted.json"), "w") as f:
    json.dump(answers, f, indent=1)
    f.write("\n")
