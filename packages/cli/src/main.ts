#!/usr/bin/env node
import { processIo } from './commands/io.js';
import { run } from './commands/program.js';

process.exitCode = await run(process.argv.slice(2), processIo());
