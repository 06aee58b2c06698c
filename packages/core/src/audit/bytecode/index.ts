/**
 * The code that cloudpickle, dill and marshal put into files, read but never run: CPython's bytecode of 3.8 to 3.14, what
 * it imports and uses, and what that means.
 */
export { allCodes, codeOf, codeOfValue, isCodeType, type Code } from './code.js';
export { read, type Instruction, type PythonVersion } from './disassemble.js';
export { judgeCode, type CodeJudgement, type CodeKind } from './judge.js';
export { listCode } from './listing.js';
export { codeOfMarshal } from './marshal.js';
export { usesOf, type CodeUses } from './uses.js';
