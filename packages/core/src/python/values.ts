/**
 * Values of the standard library that JavaScript has no equal for. Like everything that comes out of a
 * file they are inert: a bound method is a pair, a pattern is its text.
 */
import { PyObject } from '../pickle/values.js';

export class PyComplex extends PyObject {
  override readonly kind = 'complex';
  readonly real: number;
  readonly imag: number;
  constructor(real: number, imag: number) {
    super();
    this.real = real;
    this.imag = imag;
  }
}
