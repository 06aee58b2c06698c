import type { Source } from '../../bytes/source.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { readJson, textOf } from './json-value.js';
import { readKerasConfig } from './keras-config.js';
import { noteTexts } from './secrets.js';
import { openArchive, visitMembers } from './zip-members.js';

/** Keras 3’s archives: the config is walked whole, weights and assets are examined as files of their own. */
export const examiner: Examiner = {
  formats: ['keras'],
  async examine(source, context) {
    const archive = await openArchive(source, context);
    if (archive === undefined) return;
    await visitMembers(source, archive, context, ({ name }) =>
      /(^|\/)(config|metadata)\.json$/.test(name) ? (content) => config(content, name, context) : undefined,
    );
  },
};

async function config(content: Source, name: string, context: AuditContext): Promise<void> {
  const inner = context.within(name);
  try {
    const text = await textOf(content);
    noteTexts(text, inner, name);
    readKerasConfig(readJson(text, name, inner), inner, '');
  } catch (error) {
    inner.failed(error);
  }
}
