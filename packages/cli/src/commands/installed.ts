import { BrineError } from '@brine/core';
import { type Installed } from '@brine/core/tools';
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from './failure.js';

/** An environment, and where it was read from. */
export interface Environment {
  readonly what: string;
  readonly versions: Installed;
  /** Packages that are named without a version. */
  readonly unpinned: readonly string[];
}

/** Lock files are text of a few megabytes at most (CWE-400). */
const MAX_LOCK = 64 * 1024 * 1024;

/** An interpreter that lists its packages takes well under a second. */
const INTERPRETER_TIMEOUT_MS = 20_000;

/** Lists the installed distributions; imports none of them. Isolated, so that no file of the folder takes part. */
const LISTING = `
import json, sys
try:
    from importlib.metadata import distributions
    found = [(d.metadata["Name"], d.version) for d in distributions()]
except ImportError:
    import pkg_resources
    found = [(d.project_name, d.version) for d in pkg_resources.working_set]
print(json.dumps({"python": "%d.%d.%d" % tuple(sys.version_info[:3]), "packages": found}))
`;

/** Reads a lock file, or asks the Python interpreter (or virtualenv) at that path what it has. */
export async function readEnvironment(path: string): Promise<Environment> {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined)
    throw new UsageError(`there is no such file: ${path}`, 'give a lock file, or the path of a Python');
  if (stats.isDirectory()) {
    for (const below of ['bin/python', 'Scripts/python.exe', 'python.exe'])
      if (statSync(join(path, below), { throwIfNoEntry: false })?.isFile() === true)
        return interpreter(join(path, below));
    throw new UsageError(`${path} is a folder without a Python in it`, 'give a lock file, or the path of a Python');
  }
  if (/(^|[\\/])(python|pypy)[\d.]*(\.exe)?$/i.test(path)) return interpreter(path);
  if (stats.size > MAX_LOCK)
    throw new BrineError('LIMIT', `lock files up to ${MAX_LOCK} bytes are read`, { file: path });
  const text = readFileSync(path, 'utf8');
  const reader = readers.find((each) => each.is(path, text)) ?? readers[readers.length - 1];
  const { versions, unpinned } = parsed(() => reader.read(text), `it is not ${reader.name}`, path);
  if (versions.size + unpinned.length === 0)
    throw new BrineError('BAD_INPUT', `no package with a version is in it, read as ${reader.name}`, { file: path });
  return { what: `${path} (${reader.name})`, versions, unpinned };
}

async function interpreter(path: string): Promise<Environment> {
  let text: string;
  try {
    const { stdout } = await promisify(execFile)(path, ['-I', '-c', LISTING], {
      timeout: INTERPRETER_TIMEOUT_MS,
      maxBuffer: MAX_LOCK,
      env: {},
    });
    text = stdout;
  } catch (error) {
    throw new BrineError('READ', 'this Python does not answer', { file: path }, { cause: error });
  }
  const told = parsed(
    () => JSON.parse(text) as { python: string; packages: [string | null, string][] },
    'this Python does not answer with a list of packages',
    path,
  );
  const versions = new Map<string, string>([['Python', told.python]]);
  for (const [name, version] of told.packages) if (name !== null) versions.set(plain(name), version);
  return { what: `Python ${told.python} at ${path}`, versions, unpinned: [] };
}

/** What a parser gives; where it trips, the file is to blame. */
function parsed<T>(parse: () => T, otherwise: string, file: string): T {
  try {
    return parse();
  } catch (error) {
    throw new BrineError('BAD_INPUT', otherwise, { file }, { cause: error });
  }
}

/** Package names as PyPI compares them. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

interface Listed {
  readonly versions: Map<string, string>;
  readonly unpinned: string[];
}

interface LockReader {
  readonly name: string;
  readonly is: (path: string, text: string) => boolean;
  readonly read: (text: string) => Listed;
}

const empty = (): Listed => ({ versions: new Map(), unpinned: [] });

function note(listed: Listed, name: string, version: string | undefined): void {
  const key = plain(name) === 'python' ? 'Python' : plain(name);
  if (version === undefined) listed.unpinned.push(key);
  else listed.versions.set(key, version);
}

/** requirements.txt, `pip freeze`: `name==version  # or ; or \\ after`. Other lines (a table of data) name nothing. */
function requirements(text: string): Listed {
  const listed = empty();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?:={2,3}\s*([\w.!+-]+)|(?=$|[<>!~=;#@\\(]))/.exec(
      line,
    );
    if (match?.[1] !== undefined) note(listed, match[1], match[2]);
  }
  return listed;
}

/** poetry.lock, uv.lock, pdm.lock, pylock.toml: tables of packages with a name and a version each. */
function toml(text: string): Listed {
  const listed = empty();
  for (const table of text.split(/^\[\[packages?\]\]\s*$/m).slice(1)) {
    const name = /^name\s*=\s*"([^"]+)"/m.exec(table)?.[1];
    if (name !== undefined) note(listed, name, /^version\s*=\s*"([^"]+)"/m.exec(table)?.[1]);
  }
  return listed;
}

function pipfile(text: string): Listed {
  const listed = empty();
  const lock = JSON.parse(text) as {
    default?: Record<string, { version?: string }>;
    _meta?: { requires?: { python_version?: string } };
  };
  const python = lock._meta?.requires?.python_version;
  if (python !== undefined) note(listed, 'python', python);
  for (const [name, { version }] of Object.entries(lock.default ?? {})) note(listed, name, version?.replace(/^==/, ''));
  return listed;
}

/** A conda environment: `- name=version=build` lines, and pip's beneath. */
function conda(text: string): Listed {
  const listed = empty();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*-?\s*(?:[\w-]+::)?([A-Za-z0-9][\w.-]*)\s*(?:={1,2}\s*([\w.!+*-]+?)(?:=.*)?)?\s*$/.exec(line);
    if (match?.[1] !== undefined && (line.includes('=') || line.trimStart().startsWith('-')))
      note(listed, match[1], match[2]?.replace(/\.\*$/, ''));
  }
  return listed;
}

/** What lock files there are; the last takes what no other does. */
const readers: readonly LockReader[] = [
  {
    name: 'a Pipfile.lock',
    is: (path, text) => /Pipfile\.lock$/.test(path) || text.trimStart().startsWith('{'),
    read: pipfile,
  },
  { name: 'a lock file in TOML', is: (_, text) => /^\[\[packages?\]\]\s*$/m.test(text), read: toml },
  {
    name: 'a conda environment',
    is: (path, text) => /\.ya?ml$/.test(path) || /^# This file may be used to create an environment/m.test(text),
    read: conda,
  },
  { name: 'a requirements file', is: () => true, read: requirements },
];
