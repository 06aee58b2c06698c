// The inputs of a case (fixtures/README.md) as brine takes them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const KINDS = {
  f8: [Float64Array, 'float64'],
  f4: [Float32Array, 'float32'],
  i8: [BigInt64Array, 'int64'],
  u8: [BigUint64Array, 'uint64'],
  i4: [Int32Array, 'int32'],
  u4: [Uint32Array, 'uint32'],
  i2: [Int16Array, 'int16'],
  u2: [Uint16Array, 'uint16'],
  i1: [Int8Array, 'int8'],
  u1: [Uint8Array, 'uint8'],
  b1: [Uint8Array, 'bool'],
};

function readNpy(file) {
  const b = readFileSync(file);
  const start = b[6] === 1 ? 10 : 12;
  const length = b[6] === 1 ? b.readUInt16LE(8) : b.readUInt32LE(8);
  const head = b.toString('latin1', start, start + length);
  const descr = /'descr':\s*'([^']+)'/.exec(head)[1];
  const shape = /'shape':\s*\(([^)]*)\)/
    .exec(head)[1]
    .split(',')
    .map((x) => x.trim())
    .filter(Boolean)
    .map(Number);
  const turned = /'fortran_order':\s*True/.test(head) && shape.length === 2;
  const size = shape.reduce((a, c) => a * c, 1);
  const body = b.subarray(start + length);
  if (descr[1] === 'U') {
    const width = Number(descr.slice(2));
    const data = Array.from({ length: size }, (_, i) => {
      let text = '';
      for (let j = 0; j < width; j++) {
        const code = body.readUInt32LE(4 * (i * width + j));
        if (code !== 0) text += String.fromCodePoint(code);
      }
      return text;
    });
    return { dtype: 'string', shape, data };
  }
  const [Type, dtype] = KINDS[descr.slice(1)];
  const raw = new Uint8Array(size * Type.BYTES_PER_ELEMENT);
  raw.set(body.subarray(0, raw.length));
  const data = new Type(raw.buffer);
  if (!turned) return { dtype, shape, data };
  const [n, p] = shape;
  return { dtype, shape, data: data.map((_, i) => data[(i % p) * n + Math.floor(i / p)]) };
}

const infinite = (x) => (x === 'Infinity' ? Infinity : x === '-Infinity' ? -Infinity : x);

export function readInput(folder, input) {
  const file = join(folder, input.file);
  if (file.endsWith('.npy')) return readNpy(file);
  const o = JSON.parse(readFileSync(file, 'utf8'));
  if (input.kind === 'sparse')
    return {
      shape: o.shape,
      indptr: Int32Array.from(o.indptr),
      indices: Int32Array.from(o.indices),
      data: Float64Array.from(o.data, (x) => (x === null ? NaN : infinite(x))),
    };
  if (input.kind === 'frame')
    for (const [name, type] of Object.entries(o.dtypes ?? {}))
      if (type === 'float64') o.columns[name] = o.columns[name].map(infinite);
  return o;
}
