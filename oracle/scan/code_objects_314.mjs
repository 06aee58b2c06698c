// Runs code_objects.py in CPython 3.14, as Pyodide has it (`npm install pyodide@314.0.7` in any folder):
//
//     node oracle/scan/code_objects_314.mjs FOLDER_WITH_PYODIDE vector > vector-3.14.json     (or table)
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [folder, what] = process.argv.slice(2);
const { loadPyodide } = createRequire(`${folder}/`)('pyodide');
const python = await loadPyodide();
python.globals.set('SOURCE', readFileSync(new URL('code_objects.py', import.meta.url), 'utf8'));
python.globals.set('WHAT', what);
process.stdout.write(
  python.runPython(`
import contextlib, io, sys
sys.argv = ['code_objects.py', WHAT]
with contextlib.redirect_stdout(io.StringIO()) as printed:
    exec(compile(SOURCE, '/oracle/scan/code_objects.py', 'exec'), {'__name__': '__main__', '__file__': '/oracle/scan/code_objects.py'})
printed.getvalue()
`),
);
