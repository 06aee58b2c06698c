import type { Definition } from './estimator.js';

/**
 * The estimator classes known so far, by exact `module.name`. Files of `estimators/` are loaded when a
 * model needs them (`index.ts`), and add theirs here.
 */
const definitions = new Map<string, Definition>();

export function addDefinitions(added: readonly Definition[]): void {
  for (const definition of added)
    for (const module of definition.modules)
      for (const name of definition.names) definitions.set(`${module}.${name}`, definition);
}

export function definitionOf(module: string, name: string): Definition | undefined {
  return definitions.get(`${module}.${name}`);
}
