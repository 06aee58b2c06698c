/** How the samples of rules are written down: small files as text. */
import { crc32 } from '../../bytes/checksums.js';

/** One character for each byte: `latin1("cos\nsystem\n(S'id'\ntR.")`. */
export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function base64(text: string): Uint8Array {
  return latin1(atob(text));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** SHORT_BINUNICODE, the way protocol 4 writes a short text; to be put into `latin1`. */
export function text(word: string): string {
  return `\x8c${String.fromCharCode(word.length)}${word}`;
}

/** The opcodes that import `module.name` in protocol 4; to be put into `latin1`. */
export function global(module: string, name: string): string {
  return `${text(module)}${text(name)}\x93`;
}

/** A pickle of protocol 4 out of its opcodes, without a frame. */
export function pickle(opcodes: string): Uint8Array {
  return latin1(`\x80\x04${opcodes}.`);
}

/** A zip archive of stored members. */
export function zip(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  const header = (size: number, write: (view: DataView) => void): Uint8Array => {
    const bytes = new Uint8Array(size);
    write(new DataView(bytes.buffer));
    return bytes;
  };
  for (const [name, content] of Object.entries(members)) {
    const nameBytes = utf8(name);
    const common = (view: DataView, at: number): void => {
      view.setUint16(at, 20, true);
      view.setUint32(at + 10, crc32(content), true);
      view.setUint32(at + 14, content.length, true);
      view.setUint32(at + 18, content.length, true);
      view.setUint16(at + 22, nameBytes.length, true);
    };
    const local = header(30, (view) => {
      view.setUint32(0, 0x04034b50, true);
      common(view, 4);
    });
    const central = header(46, (view) => {
      view.setUint32(0, 0x02014b50, true);
      view.setUint16(4, 20, true);
      common(view, 6);
      view.setUint32(42, offset, true);
    });
    locals.push(local, nameBytes, content);
    directory.push(central, nameBytes);
    offset += local.length + nameBytes.length + content.length;
  }
  const central = concat(...directory);
  const end = header(22, (view) => {
    const count = Object.keys(members).length;
    view.setUint32(0, 0x06054b50, true);
    view.setUint16(8, count, true);
    view.setUint16(10, count, true);
    view.setUint32(12, central.length, true);
    view.setUint32(16, offset, true);
  });
  return concat(...locals, central, end);
}

/** A tar archive of files and links. */
export function tar(members: Readonly<Record<string, Uint8Array | { readonly link: string }>>): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const [name, content] of Object.entries(members)) {
    const isFile = content instanceof Uint8Array;
    const size = isFile ? content.length : 0;
    const header = new Uint8Array(512);
    header.set(utf8(name).subarray(0, 100));
    header.set(latin1('0000644\0'), 100);
    header.set(latin1(`${size.toString(8).padStart(11, '0')}\0`), 124);
    header.set(latin1(isFile ? '0' : `2${content.link}`), 156);
    header.set(latin1('ustar\x0000'), 257);
    header.set(latin1('        '), 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.set(latin1(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
    blocks.push(header);
    if (isFile) blocks.push(content, new Uint8Array((512 - (size % 512)) % 512));
  }
  return concat(...blocks, new Uint8Array(1024));
}
