/** Names longer than this are not compared: the distance costs the product of the lengths (CWE-407). */
const MAX_LENGTH = 200;
/** Of a bigger choice only the first are compared. */
const MAX_CHOICES = 20_000;

/**
 * Edit distance with adjacent transpositions (optimal string alignment), or `limit + 1` if it is more than `limit`.
 */
export function editDistance(a: string, b: string, limit = Infinity): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, older[j - 2] + 1);
      row.push(d);
      if (d < least) least = d;
    }
    if (least > limit) return limit + 1;
    older = previous;
    previous = row;
  }
  return Math.min(previous[b.length], limit + 1);
}

/** The choice nearest to `name`: the same but for case, spaces and punctuation, or a few keystrokes away; else undefined. */
export function nearest(name: string, choices: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const plain = simplified(name);
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.floor(name.length / 3)) + 1;
  let seen = 0;
  for (const choice of choices) {
    if (choice === name) continue;
    if (seen++ > MAX_CHOICES) break;
    if (choice.length > MAX_LENGTH) continue;
    if (plain !== '' && simplified(choice) === plain) return choice;
    const distance = editDistance(name.toLowerCase(), choice.toLowerCase(), bestDistance - 1);
    if (distance < bestDistance) {
      best = choice;
      bestDistance = distance;
    }
  }
  return best;
}

/** ` (did you mean "age"?)`, or nothing where no choice is near. */
export function didYouMean(name: string, choices: Iterable<string>): string {
  const choice = nearest(name, choices);
  return choice === undefined ? '' : ` (did you mean ${JSON.stringify(choice)}?)`;
}

function simplified(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
