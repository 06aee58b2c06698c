import { Option } from 'commander';
import { readAhead } from '../../source/ahead.js';
import type { ConvertCommand } from '../convert.js';
import { several } from './arguments.js';
import type { Define } from './definition.js';

export const convert: Define = (program, io, done) => {
  program
    .command('convert')
    .description('writes a model in another format, or the same one better')
    .argument('[in]', 'a model that brine reads (- is standard input)')
    .argument('[out]', 'where to write it; its extension says the format (- is standard output)')
    .option('--to <format>', 'the format, where the extension of OUT does not say it')
    .option('--dry-run', 'says what would change and what would be lost, and writes nothing')
    .option(
      '--compress <how>',
      'none, zlib, gzip, lz4 or xz, and a level as in zlib:6; best (the smallest) and auto (small and quick to load) try them on this model',
    )
    .option('--protocol <n>', 'of pickle (2 to 5) or skops (0 to 2)', Number)
    .addOption(new Option('--numpy <n>', 'names of numpy 1 or 2 alone').choices(['1', '2']))
    .option(
      '--split-arrays [size]',
      'joblib: arrays from this size on (64KiB) into .npy files of their own beside OUT, that can be mapped',
    )
    .option('--lean', 'leaves out what prediction does not need, and lists it')
    .option('--pick <part>', 'the part to write, of a file that holds several')
    .option(
      '--keep-unknown <name>',
      'a class or function to carry over though nobody knows it; again for more',
      several,
      [],
    )
    .option(
      '--allow <verdict>',
      'a verdict on IN that shall not stand in the way: dangerous, unknown, incomplete',
      several,
      [],
    )
    .option('--method <name>', 'ONNX: a method whose answers the file gives; again for more', several, [])
    .option('--opset <n>', 'ONNX: the version of the operators, 7 to 21; the lowest that does unless told', Number)
    .option('--float32', 'ONNX: single precision; what that loses is measured')
    .addOption(new Option('--trees <how>', 'ONNX: classic for onnxruntime before 1.21').choices(['v5', 'classic']))
    .addOption(
      new Option('--inputs <how>', 'ONNX: columns by their names, or one matrix').choices(['columns', 'matrix']),
    )
    .option('--allow-approximate', 'ONNX: also what operators say only nearly; the file names the loss')
    .option('--force', 'overwrites OUT')
    .option('--no-verify', 'does not read the output back and compare it')
    .option('--list', 'lists the formats that are written')
    .option('--json', 'what happened as JSON')
    .action(async (from: string | undefined, to: string | undefined, options: ConvertCommand) => {
      readAhead(from);
      done(await (await import('../convert.js')).convertCommand(from, to, options, io));
    });
};
