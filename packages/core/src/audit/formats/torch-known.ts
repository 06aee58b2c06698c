import { words } from './operators.js';
import { torchNames } from './torch-names.js';

const known: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(torchNames).map(([module, names]) => [module, words(names)]),
);

/** Whether a name builds tensors or layers of torch's own. */
export function isTorchName(module: string, name: string): boolean {
  return known.get(module)?.has(name) === true;
}
