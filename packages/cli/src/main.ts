#!/usr/bin/env node
import './tier-up.js';
import { processIo } from './commands/io.js';
import { run } from './commands/program.js';

process.exitCode = await run(process.argv.slice(2), processIo());
