/** Words of a text, as tables of names are written. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''));
}

/** At most so many names are listed in one message. */
const LISTED = 12;

export function listed(names: Iterable<string>): string {
  const all = [...names];
  const some = all.slice(0, LISTED).join(', ');
  return all.length > LISTED ? `${some} and ${all.length - LISTED} more` : some;
}
