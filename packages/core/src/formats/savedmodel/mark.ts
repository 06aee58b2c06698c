/** The last bytes of a string table, as LevelDB has it: apart from its reader, so that identifying loads no more. */
const MAGIC = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb];

export function isCheckpointIndex(tail: Uint8Array): boolean {
  return tail.length >= 8 && MAGIC.every((byte, i) => tail[tail.length - 8 + i] === byte);
}
