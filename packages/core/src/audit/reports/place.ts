import type { FindingPlace } from '../report.js';

/** `data.pkl → byte 56 → ['model'].steps[0]`: a place inside its file; empty where that is all of it. */
export function placeText({ members, offset, path }: FindingPlace): string {
  return [
    ...(members ?? []),
    ...(offset === undefined ? [] : [`byte ${offset}`]),
    ...(path === undefined ? [] : [path]),
  ].join(' → ');
}
