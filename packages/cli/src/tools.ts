/**
 * What models are compared, converted, migrated, bundled, judged and drawn with, for Node. Apart from `brine`, so that a
 * program which only asks a model starts in half the time.
 *
 *     import { open } from 'brine';
 *     import { convert, targetNamed } from 'brine/tools';
 */
export * from '@brine/core/tools';
