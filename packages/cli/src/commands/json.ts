import { jsonText } from '@brine/core';
import { print, type Io } from './io.js';
import { openModels } from './models.js';

/** `brine json FILE`: everything in a file as tagged JSON, on one line. */
export async function json(
  file: string,
  options: { readonly maxItems?: number; readonly pick?: string },
  io: Io,
): Promise<number> {
  const opened = await openModels([file], options.pick === undefined ? {} : { pick: options.pick });
  try {
    for await (const piece of jsonText(
      opened.model,
      options.maxItems === undefined ? {} : { maxItems: options.maxItems },
    )) {
      await print(io, piece);
      if (io.closed) return 0;
    }
    await print(io, '\n');
  } finally {
    await opened.close();
  }
  return 0;
}
