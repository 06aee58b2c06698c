import type { BundleOptions } from '../bundle.js';
import { several } from './arguments.js';
import type { Define } from './definition.js';

const EXAMPLES = `
Examples:
  brine bundle vectorizer.pkl model.pkl -o pipeline.joblib
  brine bundle feature_columns.pkl scaler.pkl model.pkl label_encoder.pkl -o pipeline.skops
  brine bundle models/ -o pipeline.joblib                a folder, in the order that its files tell
  brine bundle models/ -o pipeline.joblib --dry-run      shows the order, and writes nothing`;

export const bundle: Define = (program, io, done) => {
  program
    .command('bundle')
    .description('files that belong together, written as one scikit-learn pipeline')
    .argument('<files...>', 'transformers, a model, and beside them column names or a label encoder; or one folder')
    .option('-o, --output <file>', 'where to write it; its extension says the format')
    .option('--to <format>', 'the format, where the extension does not say it')
    .option('--given-order', 'apply the files in the order given, whatever they tell')
    .option('--dry-run', 'shows what would be written, and writes nothing')
    .option('--compress <how>', 'none, zlib, gzip, lz4 or xz, and a level as in zlib:6')
    .option('--keep-unknown <name>', 'a class to carry over though nobody knows it; again for more', several, [])
    .option('--allow <verdict>', 'a verdict on the files that shall not stand in the way', several, [])
    .option('--force', 'overwrites the output')
    .option('--json', 'what happened as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (files: string[], options: BundleOptions) => {
      done(await (await import('../bundle.js')).bundleCommand(files, options, io));
    });
};
