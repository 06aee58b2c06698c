/** Numbers read from a `.npy` file of the test corpus: C order, little-endian, numeric. */
export interface Numbers {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
}

type Maker = new (bytes: ArrayBuffer) => ArrayLike<number> | ArrayLike<bigint>;

const kinds = new Map<string, [Maker, string]>([
  ['<f8', [Float64Array, 'float64']],
  ['<f4', [Float32Array, 'float32']],
  ['<i8', [BigInt64Array, 'int64']],
  ['<i4', [Int32Array, 'int32']],
  ['<i2', [Int16Array, 'int16']],
  ['|i1', [Int8Array, 'int8']],
  ['|u1', [Uint8Array, 'uint8']],
  ['|b1', [Uint8Array, 'bool']],
]);

/** Deliberately not the reader under test: the corpus must not be judged by the code it judges. */
export function readNpy(file: Uint8Array): Numbers {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = 10 + view.getUint16(8, true);
  const head = new TextDecoder('latin1').decode(file.subarray(10, start));
  const descr = /'descr': '([^']+)'/.exec(head)?.[1] ?? '';
  const kind = kinds.get(descr);
  const dims = /'shape': \(([^)]*)\)/.exec(head)?.[1];
  if (kind === undefined || dims === undefined || !head.includes("'fortran_order': False"))
    throw new Error(`a .npy file of the corpus has an unexpected header: ${head}`);
  const [make, dtype] = kind;
  const shape = dims.split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text)]));
  return { dtype, shape, data: new make(new Uint8Array(file.subarray(start)).buffer) };
}
