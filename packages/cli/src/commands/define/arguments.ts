import { InvalidArgumentError, Option } from 'commander';
import { ENGINES } from '../../engine/names.js';

/** For options that may be given several times. */
export function several(value: string, before: string[]): string[] {
  return [...before, value];
}

/** A whole number from 1. */
export function count(value: string): number {
  const n = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(n) || n < 1)
    throw new InvalidArgumentError('a whole number from 1 is needed');
  return n;
}

/** Which runtime runs graphs: commands that take it run other models as ONNX. */
export function engineOption(): Option {
  return new Option('--engine <name>', 'what runs ONNX (models of other formats are written as ONNX first)').choices(
    ENGINES,
  );
}
