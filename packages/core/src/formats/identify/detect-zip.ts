import { latin1 } from '../../bytes/utf8.js';
import { isTar, openTar } from '../../archive/tar.js';
import { openZip, type ZipArchive } from '../../archive/zip.js';
import { BrineError } from '../../errors.js';
import type { Detector, Format, Match } from './identity.js';
import { at } from './signature.js';

/** What the members of a zip archive make it; the first that fits. */
interface ZipKind {
  readonly format: Format;
  readonly why: string;
  readonly test: (archive: ZipArchive, names: readonly string[]) => boolean | string | Promise<boolean | string>;
}

const has = (names: readonly string[], pattern: RegExp): boolean => names.some((name) => pattern.test(name));

/** Enough of a member's beginning and end to see its keys. */
const PEEK = 4096;

const kinds: readonly ZipKind[] = [
  {
    format: 'skops',
    why: 'a zip archive whose schema.json names _skops_version',
    test: async (archive) => {
      const schema = archive.get('schema.json');
      if (schema === undefined) return false;
      const source = await schema.open();
      const length = Math.min(PEEK, source.size);
      const isNamedAt = async (at: number): Promise<boolean> =>
        latin1(await source.read(at, length)).includes('"_skops_version"');
      // skops writes it behind everything else.
      return (await isNamedAt(source.size - length)) || (await isNamedAt(0));
    },
  },
  {
    format: 'pt2',
    why: 'a zip archive with archive_format',
    test: (_, names) => has(names, /(^|\/)archive_format$/) || has(names, /^serialized_exported_program\.(json|pt)$/),
  },
  {
    format: 'torchscript',
    why: 'a zip archive with constants.pkl and code/',
    test: (_, names) => has(names, /^[^/]+\/constants\.pkl$/) && has(names, /^[^/]+\/code\//),
  },
  {
    format: 'torch',
    why: 'a zip archive with .data/extern_modules, as torch.package writes',
    test: (_, names) => has(names, /(^|\/)\.data\/extern_modules$/) && 'package',
  },
  {
    format: 'torch',
    why: 'a zip archive with data.pkl in one folder',
    test: (_, names) => has(names, /^([^/]+\/)?data\.pkl$/),
  },
  {
    format: 'keras',
    why: 'a zip archive with config.json and model.weights.h5',
    test: (_, names) => names.includes('config.json') && names.includes('model.weights.h5'),
  },
  {
    format: 'mlpackage',
    why: 'a zip archive with Manifest.json and com.apple.CoreML',
    test: (_, names) => has(names, /(^|\/)Manifest\.json$/) && has(names, /(^|\/)com\.apple\.CoreML\//),
  },
  {
    format: 'savedmodel',
    why: 'a zip archive with saved_model.pb',
    test: (_, names) => has(names, /(^|\/)saved_model\.pb$/),
  },
  {
    format: 'xlsx',
    why: 'a zip archive with xl/workbook.xml',
    test: (_, names) => names.includes('xl/workbook.xml'),
  },
  {
    format: 'npz',
    why: 'a zip archive of .npy files',
    test: (_, names) => {
      if (names.length === 0 || !names.every((name) => name.endsWith('.npy'))) return false;
      return names.includes('format.npy') && names.includes('shape.npy') ? 'scipy.sparse' : true;
    },
  },
];

const LISTED = 5;

export const zip: Detector = {
  format: 'zip',
  test: async (head): Promise<Match | undefined> => {
    const begins = at(head, 0, 'PK\x03\x04');
    const empty = at(head, 0, 'PK\x05\x06');
    if (!begins && !empty) return undefined;
    if (head.source === undefined) {
      return { confidence: 'likely', why: 'it begins as a zip archive; decompress the file to see what is in it' };
    }
    try {
      return await zipKind(await openZip(head.source));
    } catch (error) {
      if (!(error instanceof BrineError)) throw error;
      return { confidence: 'certain', why: 'it begins as a zip archive', problem: error };
    }
  },
};

async function zipKind(archive: ZipArchive): Promise<Match> {
  const names = archive.entries.filter((entry) => !entry.isFolder).map((entry) => entry.name);
  for (const { format, why, test } of kinds) {
    const found = await test(archive, names);
    if (found === false) continue;
    return { format, confidence: 'certain', why, archive, ...(typeof found === 'string' ? { variant: found } : {}) };
  }
  return { confidence: 'certain', why: `a zip archive of ${listed(names)}` };
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const some = names.slice(0, LISTED).map((name) => JSON.stringify(name));
  if (names.length > LISTED) some.push(`${names.length - LISTED} more`);
  return some.join(', ');
}

/** The longest end of a zip archive that is looked for behind something else. */
const ZIP_END = 22 + 65535;

/** A zip archive behind something else, such as a program that unpacks itself: found by its end. */
export const zipBehind: Detector = {
  format: 'zip',
  test: async ({ source }): Promise<Match | undefined> => {
    if (source === undefined) return undefined;
    const length = Math.min(ZIP_END, source.size);
    const tail = await source.read(source.size - length, length);
    if (!latin1(tail).includes('PK\x05\x06')) return undefined;
    try {
      const archive = await openZip(source);
      const match = await zipKind(archive);
      return { ...match, confidence: 'likely', why: `${match.why}, behind ${archive.prefix} bytes of something else` };
    } catch (error) {
      if (!(error instanceof BrineError)) throw error;
      return undefined;
    }
  },
};

/** What the members of a tar archive make it. */
export const tar: Detector = {
  format: 'tar',
  test: async (head): Promise<Match | undefined> => {
    if (!isTar(head.bytes)) return undefined;
    if (head.source === undefined) {
      return { confidence: 'certain', why: 'a tar archive; decompress the file to see what is in it' };
    }
    try {
      const names = (await openTar(head.source)).entries.map((entry) => entry.name);
      if (names.includes('sys_info') && names.includes('pickle')) {
        return { format: 'torch-tar', confidence: 'certain', why: 'a tar archive with sys_info and pickle' };
      }
      return { confidence: 'certain', why: `a tar archive of ${listed(names)}` };
    } catch (error) {
      if (!(error instanceof BrineError)) throw error;
      return { confidence: 'certain', why: 'it begins as a tar archive', problem: error };
    }
  },
};
