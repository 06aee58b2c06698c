import { pyRepr } from '../pickle/repr.js';
import { PyByteArray, PyTuple, type PyValue } from '../pickle/values.js';
import type { NameJudgement } from './judge.js';

/** What is quoted of an argument. */
const MAX_QUOTED = 300;

type Describe = (args: readonly PyValue[], name: string) => string | undefined;

/** What a call of a dangerous name would do, in a sentence about these arguments. */
export function describeCall(name: string, judgement: NameJudgement, args: readonly PyValue[]): string | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const said = byName.get(last)?.(args, last) ?? byHarm.get(judgement.harm ?? '')?.(args, last) ?? judgement.means;
  const hints = mentioned(args);
  if (said === undefined && hints.length === 0) return undefined;
  return [said, ...hints].filter((part) => part !== undefined).join(' ');
}

const firstText: (args: readonly PyValue[]) => string | undefined = (args) => textOf(args[0]);

function textOf(value: PyValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return ascii(value);
  if (value instanceof PyByteArray) return ascii(value.bytes);
  return undefined;
}

function ascii(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, 4096);
  return head.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13))
    ? String.fromCharCode(...head)
    : undefined;
}

function quoted(text: string): string {
  return text.length > MAX_QUOTED ? `${pyRepr(text.slice(0, MAX_QUOTED), true)}…` : pyRepr(text, true);
}

/** `['rm', '-rf', '/']` and `'rm -rf /'` alike. */
function command(value: PyValue | undefined): string | undefined {
  const items = Array.isArray(value) ? value : value instanceof PyTuple ? value.items : undefined;
  if (items === undefined) return textOf(value);
  const words = items.map(textOf);
  return words.every((word) => word !== undefined) ? words.join(' ') : undefined;
}

const shell: Describe = (args, name) => {
  const text = command(args[0]);
  if (text === undefined) return undefined;
  const inShell =
    ['system', 'popen', 'getoutput', 'getstatusoutput', 'Popen'].includes(name) && !Array.isArray(args[0]);
  return `Runs the command ${quoted(text)}${inShell ? ' in a shell' : ''}, with the rights of whoever loads the file.`;
};

/** os.execv and its kin: a path, then the arguments. */
const program: Describe = (args) => {
  const words = args.map(command).filter((word) => word !== undefined);
  return words.length === 0 ? undefined : `Starts the program ${quoted(words.join(' '))}.`;
};

const code: Describe = (args) => {
  const text = firstText(args);
  return text === undefined ? undefined : `Runs this Python code: ${quoted(text)}.`;
};

const imports: Describe = (args) => {
  const text = firstText(args);
  return text === undefined ? undefined : `Imports ${quoted(text)}, which runs the top level of that module.`;
};

const opens: Describe = (args) => {
  const path = firstText(args);
  if (path === undefined) return undefined;
  const mode = textOf(args[1]) ?? 'r';
  return `Opens the file ${quoted(path)} ${/[wax+]/.test(mode) ? 'to write into it' : 'to read it'}.`;
};

const onPath =
  (what: (path: string) => string): Describe =>
  (args) => {
    const path = firstText(args);
    return path === undefined ? undefined : what(quoted(path));
  };

const deletes = onPath((path) => `Deletes ${path}.`);
const network = onPath((target) => `Connects to ${target}.`);

const pickle: Describe = (args) => {
  const [first] = args;
  if (first instanceof Uint8Array)
    return `Loads a pickle of ${first.length} bytes that lies inside this file; what that holds is listed with it.`;
  const path = firstText(args);
  return path === undefined ? undefined : `Loads another pickle, ${quoted(path)}, and does whatever that says.`;
};

const byName: ReadonlyMap<string, Describe> = new Map<string, Describe>([
  ...['system', 'popen', 'Popen', 'run', 'call', 'check_call', 'check_output', 'getoutput', 'getstatusoutput'].map(
    (name): [string, Describe] => [
      name,
      (args, own) => (own === 'run' && typeof args[0] === 'string' ? undefined : shell(args, own)),
    ],
  ),
  ...[
    'execl',
    'execle',
    'execlp',
    'execv',
    'execve',
    'execvp',
    'execvpe',
    'posix_spawn',
    'posix_spawnp',
    'startfile',
  ].map((name): [string, Describe] => [name, program]),
  ...['eval', 'exec', 'compile', 'execfile', 'runsource', 'runcode', 'runstring', 'timeit'].map(
    (name): [string, Describe] => [name, code],
  ),
  ...['__import__', 'import_module', 'resolve_name', 'locate', 'run_module'].map((name): [string, Describe] => [
    name,
    imports,
  ]),
  ['run_path', onPath((path) => `Runs the Python file ${path}.`)],
  ['open', opens],
  ['rmtree', onPath((path) => `Deletes the folder ${path} and everything in it.`)],
  ['remove', deletes],
  ['unlink', deletes],
  ['rmdir', deletes],
  ['CDLL', onPath((path) => `Loads the native library ${path}, which runs its start-up code.`)],
  ['exit', () => 'Ends the process that loads the file.'],
  ['_exit', () => 'Ends the process that loads the file.'],
]);

const byHarm: ReadonlyMap<string, Describe> = new Map<string, Describe>([
  ['shell', shell],
  ['code', code],
  ['imports', imports],
  ['network', network],
  ['pickle', pickle],
]);

const URL = /\b(?:https?|ftp|wss?|tcp|file):\/\/[^\s'"<>\\)]{3,200}/gi;
const ADDRESS = /\b(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?\b/g;
const BASE64 = /[A-Za-z0-9+/]{24,}={0,2}/g;
/** Arguments that are looked through for such things. */
const MAX_SEARCHED = 65_536;
const MAX_LOOKED_AT = 500;

/** Addresses and encoded text in the arguments: what a reader would look for first. */
function mentioned(args: readonly PyValue[]): string[] {
  const texts: string[] = [];
  const todo: PyValue[] = [...args.slice(0, 16)];
  const seen = new Set<PyValue>();
  for (let value = todo.shift(); value !== undefined && texts.length < 32; value = todo.shift()) {
    if (seen.has(value) || seen.size > MAX_LOOKED_AT) continue;
    seen.add(value);
    const text = textOf(value);
    if (text !== undefined) texts.push(text.slice(0, MAX_SEARCHED));
    else if (Array.isArray(value)) todo.push(...value.slice(0, 16));
    else if (value instanceof PyTuple) todo.push(...value.items.slice(0, 16));
  }
  const decoded = texts
    .flatMap((text) => (text.match(BASE64) ?? []).map(unbase64))
    .filter((text) => text !== undefined);
  const addresses = new Set(
    [...texts, ...decoded].flatMap((text) => [...(text.match(URL) ?? []), ...(text.match(ADDRESS) ?? [])]),
  );
  const hints: string[] = [];
  if (decoded.length > 0) hints.push(`The base64 in it reads ${quoted(decoded[0])}.`);
  if (addresses.size > 0) hints.push(`It mentions ${[...addresses].slice(0, 5).join(', ')}.`);
  return hints;
}

/** What base64 says, if that is text; most long words are not base64. */
function unbase64(word: string): string | undefined {
  try {
    const text = atob(word.slice(0, word.length - (word.length % 4)));
    return /^[\x09-\x0d\x20-\x7e]{12,}$/.test(text) && /[ (;/=]/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
