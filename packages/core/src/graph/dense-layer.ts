/** A layer of a dense network: x · weights + bias, then what is less than zero becomes zero where `relu`. */
export interface DenseLayer {
  /** [inputs × outputs], or [outputs × inputs] where `transposed`. */
  readonly weights: Float32Array | Float64Array;
  readonly transposed: boolean;
  readonly bias: Float32Array | Float64Array | undefined;
  readonly inputs: number;
  readonly outputs: number;
  readonly relu: boolean;
}
