import type { Command } from 'commander';
import type { Io } from '../io.js';

/**
 * Adds one command to the program: its words, and what it runs. The command itself is imported when it is called, so
 * that starting one does not load the others. `done` takes the exit code.
 */
export type Define = (program: Command, io: Io, done: (code: number) => void) => void;
