import { BrineError, formatNames, identify, type DisassemblyEntry, type Format, type Source } from '@brine/core';
import {
  codeOf,
  describePython,
  disassembleFile,
  entryToJson,
  formatEntry,
  isCodeType,
  judgeCode,
  judgeName,
  listCode,
} from '@brine/core/tools';
import { fileSource } from '../source/file.js';
import { useNodeZlib } from '../source/platform.js';
import { safe } from '../terminal/width.js';
import { print, type Io } from './io.js';

/** Lines written at a time. */
const LINES = 500;

/** `brine dis FILE`: every opcode of every pickle in a file, as it is read. Exit 1 where it cannot be read to its end. */
export async function dis(
  file: string,
  options: { readonly all?: boolean; readonly json?: boolean },
  io: Io,
): Promise<number> {
  useNodeZlib();
  const source = await fileSource(file);
  const listing = { full: options.all ?? false, describe: describePython };
  let lines: string[] = [];
  let faulty = false;
  const judge = (module: string, name: string): 'dangerous' | 'known' | 'unknown' => {
    const { kind } = judgeName(module, name);
    return kind === 'dangerous' ? 'dangerous' : kind === 'unknown' || kind === 'carrier' ? 'unknown' : 'known';
  };
  try {
    await checkPickle(source);
    for await (const entry of disassembleFile(source, { judge })) {
      if (entry.kind === 'fault') faulty = true;
      const code = codeMade(entry);
      if (options.json === true) {
        const judged = code && judgeCode(code);
        const shown = judged && { code: { name: code.qualifiedName, kind: judged.kind, ...judged.uses } };
        lines.push(JSON.stringify({ ...entryToJson(entry, listing), ...shown }));
      } else {
        lines.push(safe(formatEntry(entry, listing)));
        for (const line of code ? listCode(code) : []) lines.push(safe(`        ${line}`));
      }
      if (lines.length < LINES) continue;
      await print(io, `${lines.join('\n')}\n`);
      lines = [];
      if (io.closed) break;
    }
  } finally {
    await source.close?.();
  }
  if (lines.length > 0) await print(io, `${lines.join('\n')}\n`);
  return faulty ? 1 : 0;
}

/** The bytecode of a function, where a call makes some: cloudpickle's and dill's files carry it along. */
function codeMade(entry: DisassemblyEntry): ReturnType<typeof codeOf> {
  if (entry.kind !== 'opcode' || entry.calls === undefined || !isCodeType(entry.calls.callable)) return undefined;
  return codeOf(entry.calls.args.items);
}

/** Formats that are pickles, or may be: what no detector knows is tried. */
const pickles: ReadonlySet<Format> = new Set<Format>(['pickle', 'joblib', 'torch-legacy', 'unknown']);

/** How a pickle of protocol 0 begins that imports something first: broken ones look like text otherwise. */
const IMPORT = /^[(c]*[ci][A-Za-z_][\w.]*\r?\n[A-Za-z_][\w.]*\r?\n/;

async function checkPickle(source: Source): Promise<void> {
  const { format, why, problem } = await identify(source);
  if (pickles.has(format)) return;
  const head = Buffer.from(await source.read(0, Math.min(source.size, 200))).toString('latin1');
  if (IMPORT.test(head)) return;
  throw (
    problem ??
    new BrineError('UNSUPPORTED', `this is ${formatNames[format]} (${why}), not a pickle`, { file: source.name })
  );
}
