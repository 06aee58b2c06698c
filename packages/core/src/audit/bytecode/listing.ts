import { pyRepr } from '../../pickle/repr.js';
import { isNested, type Code } from './code.js';
import { jumpTarget, nameIndex, read, type Instruction, type PythonVersion } from './disassemble.js';
import { judgeCode } from './judge.js';

/** A constant is for reading. */
const MAX_CONSTANT = 80;

/** A function's bytecode as lines of text: what it is, then an instruction a line, with what its argument means. */
export function listCode(code: Code): string[] {
  const reading = read(code);
  const where = `${code.file}:${code.line}`;
  const head = `${code.qualifiedName} (${where}): ${judgeCode(code).text}`;
  if (reading === undefined) return [head, `    ${code.bytecode.length} bytes of bytecode, of no known Python`];
  const [version] = reading.versions;
  return [
    head,
    ...reading.instructions.map((instruction) => {
      const { offset, name, argument } = instruction;
      const number = argument === undefined ? '' : ` ${argument}`;
      const meaning = meaningOf(code, version, instruction);
      return `    ${String(offset).padStart(5)} ${name}${number}${meaning === undefined ? '' : ` (${meaning})`}`;
    }),
  ];
}

const LOCALS = /^(LOAD|STORE|DELETE)_FAST(_CHECK|_AND_CLEAR|_BORROW)?$/;
const CELLS = /^(LOAD|STORE|DELETE)_(DEREF|CLASSDEREF)$|^LOAD_(CLOSURE|FROM_DICT_OR_DEREF)$|^MAKE_CELL$/;

function meaningOf(code: Code, version: PythonVersion, instruction: Instruction): string | undefined {
  const { name, argument } = instruction;
  if (argument === undefined) return undefined;
  const index = nameIndex(version, name, argument);
  if (index !== undefined) return code.names[index];
  if (name === 'LOAD_CONST' || name === 'RETURN_CONST') return constantText(code, argument);
  if (LOCALS.test(name)) return code.locals[argument];
  if (CELLS.test(name)) {
    // 3.11 numbers locals, cells and free variables in one row; a parameter that is a cell is not there twice.
    const own = code.cells.filter((cell) => !code.locals.includes(cell));
    const row = Number(version.slice(2)) >= 11 ? [...code.locals, ...own, ...code.free] : [...code.cells, ...code.free];
    return row[argument];
  }
  const target = jumpTarget(version, instruction);
  return target === undefined ? undefined : `to ${target}`;
}

function constantText(code: Code, index: number): string | undefined {
  const constant = code.constants[index];
  if (constant === undefined) return undefined;
  if (isNested(constant)) return `code ${constant.code.qualifiedName}`;
  const text = pyRepr(constant, true);
  return text.length > MAX_CONSTANT ? `${text.slice(0, MAX_CONSTANT)}…` : text;
}
