import { readAhead } from '../../source/ahead.js';
import type { Define } from './definition.js';

export const info: Define = (program, io, done) => {
  program
    .command('info')
    .description('what a file is, who wrote it, what is inside, what it needs')
    .argument('<file...>', 'a saved model of any kind, or a folder')
    .option('--pick <part>', 'look at one part of a file that holds several')
    .option('--graph <file>', 'draw the graph: SVG or Mermaid (.mmd) by the file’s extension; - is Mermaid')
    .option('--json', 'for machines')
    .action(async (files: string[], options: { pick?: string; json?: boolean; graph?: string }) => {
      readAhead(files[0]);
      const { graph, pick } = options;
      if (graph !== undefined) {
        done(await (await import('../draw.js')).draw(files, { graph, ...(pick === undefined ? {} : { pick }) }, io));
        return;
      }
      done(await (await import('../info.js')).info(files, options, io));
    });
};
