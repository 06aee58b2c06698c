import { formatNames } from '../../formats/identify/index.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { at, isObject, objectsIn, readJson, textOf, type JsonValue } from './json-value.js';
import { readKerasConfig } from './keras-config.js';
import { checkPath, quoted } from './paths.js';
import { noteTexts } from './secrets.js';
import { noteTarget } from './targets.js';
import { checkTemplate } from './templates.js';

/**
 * JSON beside and instead of models: Keras's architectures, TensorFlow.js, tokenizers and configs of transformers. Data,
 * unless a program makes objects of what they name.
 */
export const examiner: Examiner = {
  formats: ['json', 'tfjs'],
  async examine(source, context) {
    const { format, why } = context.identity;
    const root = readJson(await textOf(source), 'it', context);
    judge(root, context);
    if (format === 'json' && context.members.length === 0)
      context.report('not-a-model', `this is ${formatNames[format]}: ${why}`);
  },
};

/** Where transformers looks for the name of an implementation, or of a repository that has one. */
const attention = ['_attn_implementation_internal', '_attn_implementation', 'attn_implementation'];

function judge(root: JsonValue, context: AuditContext): void {
  const config = isObject(root) && (root.has('class_name') || root.has('modelTopology') || root.has('config'));
  if (config && [...objectsIn(root)].some(({ object }) => typeof object.get('class_name') === 'string'))
    readKerasConfig(root, context, '');
  for (const { object, path } of objectsIn(root)) {
    for (const [key, value] of object) {
      if (typeof value !== 'string') continue;
      if (value.length > 8) noteTexts(value, context, quoted(key));
      if (key === 'chat_template' || value.includes('{%')) checkTemplate(value, `${path}["${key}"]`, context);
    }
    const target = object.get('_target_');
    if (typeof target === 'string') noteTarget(target, 'Hydra', context);
    for (const key of attention) {
      const kernel = object.get(key);
      if (typeof kernel === 'string' && kernel.includes('/'))
        context.report(
          'carried-source',
          `it takes its attention from the repository ${quoted(kernel)}, whose code transformers before 5.3 fetches and runs`,
          { path, advisory: 'CVE-2026-4372' },
        );
    }
    const mapped = object.get('auto_map');
    if (isObject(mapped))
      context.report(
        'carried-source',
        'it maps classes to Python modules beside it, which are imported where remote code is trusted',
        { path },
      );
    const paths = at(object, 'paths');
    if (Array.isArray(paths))
      for (const each of paths) if (typeof each === 'string') checkPath(each, context, 'the weights file');
  }
}
