/**
 * The 68 opcodes of pickle protocols 0 to 5, as `pickletools` describes them. The machine's switch, the
 * disassembler and the messages take their names from here.
 */

/** How an opcode's argument is laid out behind it; the names are pickletools' own. */
export type ArgumentKind =
  | 'uint1'
  | 'uint2'
  | 'uint4'
  | 'uint8'
  | 'int4'
  | 'float8'
  // a length of 1, 4 or 8 bytes, then as many bytes
  | 'string1'
  | 'string4'
  | 'bytes1'
  | 'bytes4'
  | 'bytes8'
  | 'bytearray8'
  | 'unicodestring1'
  | 'unicodestring4'
  | 'unicodestring8'
  | 'long1'
  | 'long4'
  // text up to a newline
  | 'decimalnl_short'
  | 'decimalnl_long'
  | 'floatnl'
  | 'stringnl'
  | 'stringnl_noescape'
  | 'stringnl_noescape_pair'
  | 'unicodestringnl';

/** What an opcode takes from or leaves on the stack. `mark slice` is everything down to the topmost mark. */
export type StackItem =
  | 'any'
  | 'mark'
  | 'slice'
  | 'None'
  | 'bool'
  | 'int'
  | 'int_or_bool'
  | 'float'
  | 'bytes_or_str'
  | 'bytes'
  | 'bytearray'
  | 'str'
  | 'list'
  | 'tuple'
  | 'dict'
  | 'set'
  | 'frozenset'
  | 'buffer';

export interface Opcode {
  readonly code: number;
  readonly name: string;
  readonly argument: ArgumentKind | null;
  /** The protocol that introduced it. */
  readonly protocol: number;
  readonly before: readonly StackItem[];
  readonly after: readonly StackItem[];
  readonly doc: string;
}

/** `effect` reads `before -> after`, items separated by blanks. */
function op(
  code: number,
  name: string,
  argument: ArgumentKind | null,
  protocol: number,
  effect: string,
  doc: string,
): Opcode {
  const [before, after] = effect.split('->').map((side) => side.split(' ').filter((item) => item !== ''));
  return {
    code,
    name,
    argument,
    protocol,
    before: (before ?? []) as StackItem[],
    after: (after ?? []) as StackItem[],
    doc,
  };
}

export const opcodes: readonly Opcode[] = [
  // numbers
  op(0x49, 'INT', 'decimalnl_short', 0, '-> int_or_bool', 'an integer in decimal; 00 and 01 are False and True'),
  op(0x4a, 'BININT', 'int4', 1, '-> int', 'a signed 32-bit integer'),
  op(0x4b, 'BININT1', 'uint1', 1, '-> int', 'an integer of one byte'),
  op(0x4d, 'BININT2', 'uint2', 1, '-> int', 'an integer of two bytes'),
  op(0x4c, 'LONG', 'decimalnl_long', 0, '-> int', 'an integer of any size in decimal'),
  op(0x8a, 'LONG1', 'long1', 2, '-> int', 'an integer of up to 255 bytes, two’s complement'),
  op(0x8b, 'LONG4', 'long4', 2, '-> int', 'an integer of any size, two’s complement'),
  op(0x46, 'FLOAT', 'floatnl', 0, '-> float', 'a float in decimal'),
  op(0x47, 'BINFLOAT', 'float8', 1, '-> float', 'a float of 8 bytes, big-endian'),
  // text and bytes
  op(0x53, 'STRING', 'stringnl', 0, '-> bytes_or_str', 'a Python 2 str as its repr'),
  op(0x54, 'BINSTRING', 'string4', 1, '-> bytes_or_str', 'a Python 2 str'),
  op(0x55, 'SHORT_BINSTRING', 'string1', 1, '-> bytes_or_str', 'a Python 2 str of up to 255 bytes'),
  op(0x42, 'BINBYTES', 'bytes4', 3, '-> bytes', 'bytes'),
  op(0x43, 'SHORT_BINBYTES', 'bytes1', 3, '-> bytes', 'up to 255 bytes'),
  op(0x8e, 'BINBYTES8', 'bytes8', 4, '-> bytes', 'bytes beyond 4 GiB'),
  op(0x96, 'BYTEARRAY8', 'bytearray8', 5, '-> bytearray', 'a bytearray'),
  op(0x56, 'UNICODE', 'unicodestringnl', 0, '-> str', 'text, raw-unicode-escape'),
  op(0x8c, 'SHORT_BINUNICODE', 'unicodestring1', 4, '-> str', 'text of up to 255 bytes of UTF-8'),
  op(0x58, 'BINUNICODE', 'unicodestring4', 1, '-> str', 'text in UTF-8'),
  op(0x8d, 'BINUNICODE8', 'unicodestring8', 4, '-> str', 'text beyond 4 GiB of UTF-8'),
  // buffers handed over beside the stream
  op(0x97, 'NEXT_BUFFER', null, 5, '-> buffer', 'the next out-of-band buffer'),
  op(0x98, 'READONLY_BUFFER', null, 5, 'buffer -> buffer', 'makes the buffer on top read-only'),
  // constants
  op(0x4e, 'NONE', null, 0, '-> None', 'None'),
  op(0x88, 'NEWTRUE', null, 2, '-> bool', 'True'),
  op(0x89, 'NEWFALSE', null, 2, '-> bool', 'False'),
  // containers
  op(0x5d, 'EMPTY_LIST', null, 1, '-> list', 'a new list'),
  op(0x61, 'APPEND', null, 0, 'list any -> list', 'appends one item'),
  op(0x65, 'APPENDS', null, 1, 'list mark slice -> list', 'appends everything above the mark'),
  op(0x6c, 'LIST', null, 0, 'mark slice -> list', 'a list of everything above the mark'),
  op(0x29, 'EMPTY_TUPLE', null, 1, '-> tuple', 'the empty tuple'),
  op(0x74, 'TUPLE', null, 0, 'mark slice -> tuple', 'a tuple of everything above the mark'),
  op(0x85, 'TUPLE1', null, 2, 'any -> tuple', 'a tuple of the topmost item'),
  op(0x86, 'TUPLE2', null, 2, 'any any -> tuple', 'a tuple of the two topmost items'),
  op(0x87, 'TUPLE3', null, 2, 'any any any -> tuple', 'a tuple of the three topmost items'),
  op(0x7d, 'EMPTY_DICT', null, 1, '-> dict', 'a new dict'),
  op(0x64, 'DICT', null, 0, 'mark slice -> dict', 'a dict of the pairs above the mark'),
  op(0x73, 'SETITEM', null, 0, 'dict any any -> dict', 'sets one key'),
  op(0x75, 'SETITEMS', null, 1, 'dict mark slice -> dict', 'sets the pairs above the mark'),
  op(0x8f, 'EMPTY_SET', null, 4, '-> set', 'a new set'),
  op(0x90, 'ADDITEMS', null, 4, 'set mark slice -> set', 'adds everything above the mark'),
  op(0x91, 'FROZENSET', null, 4, 'mark slice -> frozenset', 'a frozenset of everything above the mark'),
  // the stack
  op(0x30, 'POP', null, 0, 'any ->', 'drops the topmost item, or the mark if that is on top'),
  op(0x32, 'DUP', null, 0, 'any -> any any', 'pushes the topmost item again'),
  op(0x28, 'MARK', null, 0, '-> mark', 'sets a mark'),
  op(0x31, 'POP_MARK', null, 1, 'mark slice ->', 'drops everything down to the mark, and the mark'),
  // the memo
  op(0x67, 'GET', 'decimalnl_short', 0, '-> any', 'pushes what the memo holds at an index in decimal'),
  op(0x68, 'BINGET', 'uint1', 1, '-> any', 'pushes what the memo holds at an index of one byte'),
  op(0x6a, 'LONG_BINGET', 'uint4', 1, '-> any', 'pushes what the memo holds at an index of four bytes'),
  op(0x70, 'PUT', 'decimalnl_short', 0, '->', 'memoises the topmost item at an index in decimal'),
  op(0x71, 'BINPUT', 'uint1', 1, '->', 'memoises the topmost item at an index of one byte'),
  op(0x72, 'LONG_BINPUT', 'uint4', 1, '->', 'memoises the topmost item at an index of four bytes'),
  op(0x94, 'MEMOIZE', null, 4, 'any -> any', 'memoises the topmost item at the next index'),
  // names, calls, state
  op(0x82, 'EXT1', 'uint1', 2, '-> any', 'a name by its copyreg extension code, one byte'),
  op(0x83, 'EXT2', 'uint2', 2, '-> any', 'a name by its copyreg extension code, two bytes'),
  op(0x84, 'EXT4', 'int4', 2, '-> any', 'a name by its copyreg extension code, four bytes'),
  op(0x63, 'GLOBAL', 'stringnl_noescape_pair', 0, '-> any', 'imports a name: module and name are in the stream'),
  op(0x93, 'STACK_GLOBAL', null, 4, 'str str -> any', 'imports a name: module and name are on the stack'),
  op(0x52, 'REDUCE', null, 0, 'any any -> any', 'calls the callable below with the tuple on top'),
  op(0x62, 'BUILD', null, 0, 'any any -> any', 'gives the object below the state on top'),
  op(
    0x69,
    'INST',
    'stringnl_noescape_pair',
    0,
    'mark slice -> any',
    'imports a class and calls it with what lies above the mark',
  ),
  op(0x6f, 'OBJ', null, 1, 'mark any slice -> any', 'calls the class just above the mark with the rest above the mark'),
  op(0x81, 'NEWOBJ', null, 2, 'any any -> any', 'cls.__new__(cls, *args)'),
  op(0x92, 'NEWOBJ_EX', null, 4, 'any any any -> any', 'cls.__new__(cls, *args, **kwargs)'),
  op(0x50, 'PERSID', 'stringnl_noescape', 0, '-> any', 'an object of the writer’s own by its id in the stream'),
  op(0x51, 'BINPERSID', null, 1, 'any -> any', 'an object of the writer’s own by the id on top'),
  // the machine
  op(0x80, 'PROTO', 'uint1', 2, '->', 'the protocol'),
  op(0x2e, 'STOP', null, 0, 'any ->', 'ends the pickle: the topmost item is its value'),
  op(0x95, 'FRAME', 'uint8', 4, '->', 'announces how many bytes of opcodes follow'),
];

/** By code; undefined where no opcode is. */
export const opcodeOf: readonly (Opcode | undefined)[] = (() => {
  const table = new Array<Opcode | undefined>(256).fill(undefined);
  for (const opcode of opcodes) table[opcode.code] = opcode;
  return table;
})();
