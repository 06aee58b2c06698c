/** How bad it is that a file can do this. `critical`: it is in control of the machine. */
export type HarmSeverity = 'critical' | 'high' | 'medium';

export interface Harm {
  /** What such a name does, to follow "which". */
  readonly does: string;
  readonly severity: HarmSeverity;
  readonly cwe: string;
  /** What that means for whoever loads the file. */
  readonly means: string;
}

/** What a denied name can do. */
export const harms = {
  shell: {
    does: 'runs programs',
    severity: 'critical',
    cwe: 'CWE-78',
    means: 'The author of the file chooses a command, and it runs with the rights of whoever loads the file.',
  },
  host: {
    does: 'reaches files, processes and the environment',
    severity: 'critical',
    cwe: 'CWE-78',
    means: 'Its module can delete files, read secrets from the environment and start programs.',
  },
  code: {
    does: 'runs any code',
    severity: 'critical',
    cwe: 'CWE-94',
    means: 'It takes text or bytes and runs them as a program: whatever Python can do, the file can do.',
  },
  imports: {
    does: 'imports any module',
    severity: 'critical',
    cwe: 'CWE-470',
    means: 'It turns a text into a module or a function, so that a list of forbidden names never sees the real one.',
  },
  calls: {
    does: 'calls whatever it is given',
    severity: 'high',
    cwe: 'CWE-470',
    means: 'It is the missing link between a function that was smuggled in and its arguments.',
  },
  files: {
    does: 'reads or writes any file',
    severity: 'high',
    cwe: 'CWE-73',
    means: 'The author of the file chooses the path: keys and tokens can be read, start-up files replaced.',
  },
  network: {
    does: 'reaches the network',
    severity: 'high',
    cwe: 'CWE-918',
    means: 'It can send out what it found, fetch more code, or reach services that only your network sees.',
  },
  pickle: {
    does: 'loads another pickle, which may run any code',
    severity: 'critical',
    cwe: 'CWE-502',
    means: 'What it loads is a program of its own, which nobody has looked at.',
  },
  native: {
    does: 'calls native code at any address',
    severity: 'critical',
    cwe: 'CWE-114',
    means: 'It loads libraries or writes to memory, past everything that Python checks.',
  },
  inspect: {
    does: 'reaches the insides of the interpreter',
    severity: 'high',
    cwe: 'CWE-913',
    means: 'From there a few steps lead to every module that is loaded, os and subprocess among them.',
  },
  memory: {
    does: 'reads memory as it likes',
    severity: 'high',
    cwe: 'CWE-119',
    means: 'It sees or changes what other objects hold.',
  },
} as const satisfies Record<string, Harm>;

export type HarmId = keyof typeof harms;

/** What is denied of one library. */
export interface DenyTable {
  readonly library: string;
  /** Modules of which every name is denied, and those below them. */
  readonly modules?: Partial<Record<HarmId, string>>;
  /**
   * Modules, and those below them, of which functions are denied while their classes are merely unknown: they are many,
   * and each would have to be judged.
   */
  readonly functions?: Partial<Record<HarmId, string>>;
  /** Names denied one by one: module, harm, names separated by blanks. */
  readonly names?: Readonly<Record<string, Partial<Record<HarmId, string>>>>;
  /** Names that are something else although their module is denied. */
  readonly except?: Readonly<Record<string, string>>;
}
