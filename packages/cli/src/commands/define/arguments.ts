import { InvalidArgumentError } from 'commander';

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
