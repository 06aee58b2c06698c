/**
 * datetime's packed states (Lib/_pydatetime.py, `_getstate`). Python 2 writes the bytes as text.
 */
import type { PyValue } from '../pickle/values.js';
import { corrupt } from './check.js';
import type { Maker } from './library.js';
import { bytesOf } from './text.js';
import { PyDateTime } from './values.js';

/** `datetime(10 bytes[, tzinfo])`, or `datetime(year, month, …)`. */
export const makeDatetime: Maker = ({ args }) => {
  const b = packed(args, 10);
  if (!b) return listed('datetime', args, 3, 7);
  // Bit 7 of the month is the fold.
  const fields = [b[0] * 256 + b[1], b[2] & 0x7f, b[3], b[4], b[5], b[6], b[7] * 65536 + b[8] * 256 + b[9]];
  return checked(new PyDateTime('datetime', fields, args[1] ?? null, b[2] & 0x80 ? 1 : 0));
};

/** `date(4 bytes)`, or `date(year, month, day)`. */
export const makeDate: Maker = ({ args }) => {
  const b = packed(args, 4);
  return b ? checked(new PyDateTime('date', [b[0] * 256 + b[1], b[2], b[3]])) : listed('date', args, 3, 3);
};

/** `time(6 bytes[, tzinfo])`, or `time(hour, …)`. */
export const makeTime: Maker = ({ args }) => {
  const b = packed(args, 6);
  if (!b) return listed('time', args, 0, 4);
  // Bit 7 of the hour is the fold.
  const fields = [b[0] & 0x7f, b[1], b[2], b[3] * 65536 + b[4] * 256 + b[5]];
  return checked(new PyDateTime('time', fields, args[1] ?? null, b[0] & 0x80 ? 1 : 0));
};

function packed(args: readonly PyValue[], length: number): Uint8Array | undefined {
  const bytes = bytesOf(args[0]);
  return bytes?.length === length ? bytes : undefined;
}

function listed(
  kind: 'datetime' | 'date' | 'time',
  args: readonly PyValue[],
  least: number,
  most: number,
): PyValue | undefined {
  const fields = args.filter((n): n is number => typeof n === 'number');
  if (fields.length !== args.length || fields.length < least || fields.length > most) return undefined;
  while (fields.length < most) fields.push(0);
  return checked(new PyDateTime(kind, fields));
}

function checked(value: PyDateTime): PyDateTime {
  const { kind, fields } = value;
  const [year, month, day] = kind === 'time' ? [1, 1, 1] : fields;
  const [hour, minute, second, micro] = kind === 'date' ? [0, 0, 0, 0] : kind === 'time' ? fields : fields.slice(3);
  const fine =
    year >= 1 &&
    year <= 9999 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    micro < 1e6;
  if (!fine) throw corrupt(`a ${kind} has the fields ${fields.join(', ')}`);
  return value;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
