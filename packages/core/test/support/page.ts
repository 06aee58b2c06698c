import { audit, open, type OpenSource } from '../../src/index.js';
import { check, type Outcome, type Platform } from './case.js';

// What the browser test loads into its page: cases are fetched, models arrive as Blobs.
const fetched = async (path: string): Promise<Response> => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
};

const web: Platform = {
  open: (source, options) => open(source as OpenSource, options),
  read: async (path) => new Uint8Array(await (await fetched(path)).arrayBuffer()),
  source: async (path) => new File([await (await fetched(path)).blob()], path.slice(path.lastIndexOf('/') + 1)),
};

declare global {
  // The seam to the test, which runs outside of the page.
  var checkCases: (folders: readonly string[]) => Promise<Outcome[]>;
  var auditFile: (path: string | readonly number[]) => Promise<{ verdict: string; calls: string[] }>;
}

globalThis.checkCases = async (folders) => {
  const outcomes: Outcome[] = [];
  for (const folder of folders) outcomes.push(await check(web, folder));
  return outcomes;
};

globalThis.auditFile = async (file) => {
  const source = typeof file === 'string' ? await web.source(file) : Uint8Array.from(file);
  const { verdict, findings } = await audit(source as Blob);
  return { verdict, calls: findings.flatMap(({ call }) => call ?? []) };
};
