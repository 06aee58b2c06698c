import { SliceSource } from '../../bytes/slice.js';
import { attributeTexts, openHdf5, walkHdf5, type Hdf5File, type Hdf5Object } from '../../formats/hdf5/index.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { readJson } from './json-value.js';
import { readKerasConfig } from './keras-config.js';
import { quoted } from './paths.js';
import { noteTexts } from './secrets.js';

/** Filters that are part of HDF5, and those that h5py and hdf5plugin bring; others are loaded as plugins. */
const filters = new Set([0, 1, 2, 3, 4, 5, 6, 32000, 32001, 32004, 32008, 32013, 32015, 32017, 32026]);

/** Attributes that hold Keras’s configs. */
const CONFIGS = new Set(['model_config', 'training_config', 'optimizer_config', 'layer_config', 'config']);

/**
 * HDF5 files, Keras's among them: every object that links reach is looked at. Data are numbers; what lies in other files
 * is told, and configs are walked whole.
 */
export const examiner: Examiner = {
  formats: ['hdf5'],
  async examine(source, context) {
    const file = await openHdf5(source);
    if (file.userBlock > 0) await userBlock(file, context);
    if (Number.isFinite(file.end) && file.end > source.size)
      context.incomplete(`it announces ${file.end} bytes and has ${source.size}: it was cut short`);
    const damaged = (path: string, error: Error): void => {
      context.within(path).failed(error);
    };
    for await (const { path, object } of walkHdf5(file, damaged)) {
      context.budget.check();
      await examineObject(file, path, object, context);
    }
  },
};

async function examineObject(file: Hdf5File, path: string, object: Hdf5Object, context: AuditContext): Promise<void> {
  const details = { path };
  for (const { name, kind, file: other, target } of object.links) {
    if (kind === 'external')
      context.report(
        'outside-file',
        `the link ${quoted(name)} leads into another file: ${quoted(`${other ?? ''}:${target ?? ''}`)}`,
        details,
      );
    if (kind === 'user')
      context.report('outside-file', `the link ${quoted(name)} is of a kind that a program must register`, details);
  }
  for (const other of object.externalFiles)
    context.report('outside-file', `the data of ${quoted(path)} are taken from the file ${quoted(other)}`, details);
  if (object.storage === 'virtual')
    context.report(
      'outside-file',
      `the data of ${quoted(path)} are pieced together from other datasets, which may be in other files`,
      details,
    );
  for (const { id, name } of object.filters) {
    if (!filters.has(id))
      context.report(
        'native-plugin',
        `the data of ${quoted(path)} pass through filter ${id} (${quoted(name)}), a library that HDF5 loads`,
        details,
      );
  }
  const { data } = object;
  if (data !== undefined && !file.holds(data.address, data.length))
    context.incomplete(`the data of ${quoted(path)} lie beyond the end of the file`, details);
  for (const attribute of object.attributes) {
    const what = `${path === '/' ? '' : path}@${attribute.name}`;
    try {
      for (const text of (await attributeTexts(file, attribute)) ?? []) {
        noteTexts(text, context, what);
        if (CONFIGS.has(attribute.name) && text.trimStart().startsWith('{'))
          readKerasConfig(readJson(text, what, context), context, what);
      }
    } catch (error) {
      context.failed(error);
    }
  }
}

/** What stands before HDF5's own bytes, which it does not read. */
async function userBlock(file: Hdf5File, context: AuditContext): Promise<void> {
  const block = new SliceSource(file.source, 0, file.userBlock);
  const bytes = await block.read(0, Math.min(block.size, 65536));
  if (bytes.every((byte) => byte === 0)) return;
  context.report('archive-hidden-data', `${file.userBlock} bytes before the HDF5 data are no part of them`, {
    offset: 0,
  });
  await context.nested(block, '(user block)');
}
