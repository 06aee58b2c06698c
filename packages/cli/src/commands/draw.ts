import { drawGraph } from '@brine/core/tools';
import { openOutput } from '../data/index.js';
import { formatBytes } from '../terminal/units.js';
import { safe } from '../terminal/width.js';
import { UsageError } from './failure.js';
import { complain, print, type Io } from './io.js';
import { openModels } from './models.js';

export interface DrawOptions {
  readonly graph: string;
  readonly pick?: string;
}

/** `brine info FILE --graph OUT`: the graph as SVG, or as Mermaid (`.mmd`, `.md`, and standard output). */
export async function draw(files: readonly string[], { graph: target, pick }: DrawOptions, io: Io): Promise<number> {
  if (files.length !== 1) throw new UsageError(`--graph draws one file, not ${files.length}`);
  const format = formatOf(target);
  const opened = await openModels(files, pick === undefined ? {} : { pick });
  try {
    const drawing = await drawGraph(opened.model, format);
    if (target === '-') {
      await print(io, drawing);
      return 0;
    }
    const text = target.endsWith('.md') ? `\`\`\`mermaid\n${drawing}\`\`\`\n` : drawing;
    const bytes = new TextEncoder().encode(text);
    const output = await openOutput(target);
    try {
      await output.write(bytes);
      await output.finish();
    } catch (error) {
      await output.abort();
      throw error;
    }
    complain(io, `the graph is drawn in ${safe(target)} (${formatBytes(bytes.length)})`);
    return 0;
  } finally {
    await opened.close();
  }
}

function formatOf(target: string): 'svg' | 'mermaid' {
  if (target === '-' || /\.(mmd|mermaid|md)$/i.test(target)) return 'mermaid';
  if (/\.svg$/i.test(target)) return 'svg';
  throw new UsageError(
    `a drawing is no ${target}`,
    'name a file that ends in .svg or .mmd, or - for Mermaid on standard output',
  );
}
