import { SliceSource } from '../../bytes/slice.js';
import type { Source } from '../../bytes/source.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { textOf } from './json-value.js';
import { checkPath, quoted } from './paths.js';
import { requirementsOf } from './requirements.js';
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
    await environment(source, text, context);
  },
};

/** What lies beside an MLmodel, by MLflow's own names. */
const BESIDE = ['requirements.txt', 'conda.yaml', 'python_env.yaml'];
/** A list of packages is short (CWE-400). */
const MAX_LIST = 1 << 20;
/** Packages that a message names. */
const NAMED = 12;

/** Tells what loads the model, and the packages that the files beside it would have installed. */
async function environment(source: Source, text: string, context: AuditContext): Promise<void> {
  const loader = /^\s*loader_module:[ \t]*["']?([\w.]+)/m.exec(text)?.[1];
  const python = /^\s*python_version:[ \t]*["']?([\d.]+)/m.exec(text)?.[1];
  const packages = new Set<string>();
  for (const name of BESIDE) {
    const beside = await source.sibling?.(name);
    if (beside === undefined) continue;
    const content = await textOf(new SliceSource(beside, 0, Math.min(beside.size, MAX_LIST)));
    await beside.close?.();
    noteTexts(content, context, name);
    const asked = requirementsOf(content);
    for (const each of asked.packages) packages.add(each);
    for (const each of asked.elsewhere)
      context.report(
        'outside-reference',
        `${name} beside it has something installed from elsewhere than the package index: ${quoted(each)}`,
      );
  }
  if (loader === undefined && packages.size === 0) return;
  const list = [...packages];
  const more = list.length > NAMED ? ` and ${list.length - NAMED} more` : '';
  const by = loader === undefined ? '' : ` by ${loader}`;
  const under = python === undefined ? '' : ` under Python ${python}`;
  const needs = list.length === 0 ? '' : `, with ${list.slice(0, NAMED).join(', ')}${more}`;
  context.report('needs-packages', `it is loaded${by}${under}${needs}`);
}
