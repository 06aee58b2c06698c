import { taggedText } from '../python/json.js';
import { loadArrays } from './artifact.js';
import type { Model } from './model.js';
import { SavedModel } from './saved.js';

/**
 * What `toJSON` gives, as text, in pieces of about 64 KiB: floats keep their point (`1.0`), and a big value is never
 * one string. Throws LIMIT, READ.
 */
export async function* jsonText(model: Model, options: { readonly maxItems?: number } = {}): AsyncGenerator<string> {
  if (model instanceof SavedModel) {
    await loadArrays(model.artifact);
    yield* taggedText(model.value, options);
  } else {
    yield JSON.stringify(model.toJSON(options));
  }
}
