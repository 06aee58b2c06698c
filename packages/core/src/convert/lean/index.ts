import type { PyValue } from '../../pickle/values.js';
import type { Dropped } from '../convert.js';

export function lean(value: PyValue): { value: PyValue; dropped: readonly Dropped[] } {
  return { value, dropped: [] };
}
