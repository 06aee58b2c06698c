/**
 * When V8 makes fast code of what runs. Most commands end within a second, and the V8 of Node 20 spends a third of their
 * processor time on optimising what is then run no more; later versions wait of their own accord. What runs for long is
 * optimised all the same, some milliseconds later.
 *
 * Imported before everything else, for its effect.
 */
import { setFlagsFromString } from 'node:v8';

/** How much bytecode a function runs before it is optimised: the default is 66 KiB. */
const PATIENCE = 1_000_000;

// Other versions call it otherwise, and would complain.
if (process.versions.v8.startsWith('11.')) setFlagsFromString(`--interrupt-budget=${PATIENCE}`);
