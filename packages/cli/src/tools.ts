/**
 * What models are compared, converted, migrated, bundled, judged and drawn with, for Node. Apart from `brine`, so that a
 * program which only asks a model starts in half the time.
 *
 *     import { open } from 'brine';
 *     import { convert, save, targetNamed } from 'brine/tools';
 *     await save(await convert(await open('model.pkl'), targetNamed('skops')), 'model.skops');
 */
export * from '@brine/core/tools';
export { save, type SaveOptions } from './save.js';
