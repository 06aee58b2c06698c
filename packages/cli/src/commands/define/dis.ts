import type { Define } from './definition.js';

export const dis: Define = (program, io, done) => {
  program
    .command('dis')
    .description('annotated pickle disassembly')
    .argument('<file>', 'a pickle or joblib file, compressed or not')
    .option('--all', 'whole arguments, however long')
    .option('--json', 'one JSON object a line')
    .action(async (file: string, options: { all?: boolean; json?: boolean }) => {
      done(await (await import('../dis.js')).dis(file, options, io));
    });
};
