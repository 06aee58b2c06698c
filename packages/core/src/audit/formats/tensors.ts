import { readGgufHeader } from '../../formats/gguf/header.js';
import { readSafetensorsHeader } from '../../formats/safetensors/header.js';
import type { Examiner } from '../examiner.js';
import { quoted } from './paths.js';
import { noteTexts } from './secrets.js';
import { noteTargets } from './targets.js';
import { checkTemplate } from './templates.js';

/** Files of tensors with a header before them: safetensors and GGUF. The tensors are numbers. */
export const examiner: Examiner = {
  formats: ['safetensors', 'gguf'],
  async examine(source, context) {
    if (context.identity.format === 'safetensors') {
      const { metadata } = await readSafetensorsHeader(source);
      for (const [key, value] of metadata) {
        noteTexts(value, context, `the metadata ${quoted(key)}`);
        noteTargets(value, context);
      }
      return;
    }
    const { metadata, tensors, dataOffset } = await readGgufHeader(source);
    for (const [key, value] of metadata) {
      for (const text of typeof value === 'string' ? [value] : []) {
        noteTexts(text, context, `the metadata ${quoted(key)}`);
        if (/(^|[._])(chat_)?template/.test(key) || text.includes('{%')) checkTemplate(text, key, context);
      }
    }
    for (const { name, type, offset, length } of tensors) {
      if (length === undefined)
        context.incomplete(`the tensor ${quoted(name)} is of type ${type}, whose size is not known here`);
      else if (dataOffset + offset + length > source.size)
        context.incomplete(
          `the tensor ${quoted(name)} reaches to byte ${dataOffset + offset + length} of ${source.size}: the file was cut short`,
        );
    }
  },
};
