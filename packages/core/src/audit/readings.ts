import type { Source } from '../bytes/source.js';
import type { Format } from '../formats/identify/index.js';

/** A zip's end-of-central-directory record and its comment lie within this many bytes of the end. */
const ZIP_TAIL = 22 + 65_535;

/** Formats that are zip archives: their examiners look at every member. */
const zipped: ReadonlySet<Format> = new Set<Format>([
  'zip',
  'npz',
  'skops',
  'keras',
  'torch',
  'torchscript',
  'pt2',
  'mlpackage',
]);
const pickled: ReadonlySet<Format> = new Set<Format>(['pickle', 'joblib', 'torch-legacy']);

/**
 * What else a program may take the content for. Any file may be given to pickle.load, whatever its name and beginning;
 * programs that read zip archives look for them from the end.
 */
export async function otherReadings(source: Source, format: Format): Promise<Format[]> {
  if (source.size === 0) return [];
  const others: Format[] = [];
  if (!pickled.has(format)) others.push('pickle');
  if (!zipped.has(format) && (await endsAsZip(source))) others.push('zip');
  return others;
}

async function endsAsZip(source: Source): Promise<boolean> {
  const length = Math.min(source.size, ZIP_TAIL);
  if (length < 22) return false;
  const tail = await source.read(source.size - length, length);
  for (let at = tail.lastIndexOf(0x50); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(0x50, at - 1)) {
    if (tail[at + 1] === 0x4b && tail[at + 2] === 5 && tail[at + 3] === 6) return true;
  }
  return false;
}
