import type { Examiner } from '../examiner.js';
import { textOf } from './json-value.js';
import { checkPath, quoted } from './paths.js';
import { noteTexts } from './secrets.js';

/** MLflow’s own loaders; another module is imported by its name. */
const LOADERS = /^mlflow\.[a-z_]+(\.[a-z_]+)*$/;

/** MLflow’s `MLmodel`: which module loads the model, and what lies beside it. YAML, of which lines are enough. */
export const examiner: Examiner = {
  formats: ['mlflow'],
  async examine(source, context) {
    const text = await textOf(source);
    for (const [, key = '', value = ''] of text.matchAll(/^\s*([\w-]+):[ \t]*["']?([^\n"'#]+)/gm)) {
      const said = value.trim();
      if (key === 'loader_module' && !LOADERS.test(said)) {
        const dot = said.lastIndexOf('.');
        const judged = context.judge(
          dot < 0 ? said : said.slice(0, dot),
          dot < 0 ? '_load_pyfunc' : said.slice(dot + 1),
        );
        const isBad = judged.kind === 'dangerous' || context.judge(said, '_load_pyfunc').kind === 'dangerous';
        context.report(
          isBad ? 'dangerous-name' : 'unknown-name',
          `it is loaded by the module ${quoted(said)}, which is not MLflow’s`,
          { name: said },
        );
      }
      if (key === 'code' || key === 'code_paths')
        context.report('carried-source', `it brings Python modules along, in ${quoted(said)}`);
      if (/^(model_path|data|pickled_model|artifact_path|path|uri|model_code_path|env|conda|virtualenv)$/.test(key))
        checkPath(said, context, 'the path');
    }
    if (/!!python\//.test(text)) context.report('dangerous-name', 'its YAML asks for Python objects (!!python/…)');
    noteTexts(text, context, 'it');
  },
};
