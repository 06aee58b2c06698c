import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * core in a real browser: its bundle holds nothing of Node, and predicts there as Python did.
 * Without a Chromium the second half is skipped, visibly; BRINE_BROWSER=required (CI) makes that a failure.
 */
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const fixtures = here('../../../fixtures/models');
const found = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== undefined && existsSync(path));
const required = process.env['BRINE_BROWSER'] === 'required';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const types = new Map([
  ['.js', 'text/javascript'],
  ['.json', 'application/json'],
  ['.html', 'text/html'],
]);

let bundle = '';
let metafile: Metafile;

beforeAll(async () => {
  bundle = mkdtempSync(join(tmpdir(), 'brine-page-'));
  const options = { bundle: true, splitting: true, format: 'esm', platform: 'browser', target: 'es2022' } as const;
  const entryPoints = [here('support/page.ts')];
  // A Node module that is imported anywhere makes this throw: esbuild cannot resolve it for a browser.
  metafile = (await build({ ...options, entryPoints, outdir: bundle, metafile: true, logLevel: 'silent' })).metafile;
});

afterAll(() => {
  rmSync(bundle, { recursive: true, force: true });
});

/** Serves the bundle under /page/, the corpus under /models/, and an empty page that loads the bundle. */
function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(request.url ?? '/'));
    const page = '<!doctype html><script type="module" src="/page/page.js"></script>';
    const content = path.startsWith('/page/')
      ? readFile(join(bundle, path.slice('/page/'.length)))
      : path.startsWith('/models/')
        ? readFile(join(fixtures, path.slice('/models/'.length)))
        : path === '/'
          ? Promise.resolve(page)
          : Promise.reject(new Error('no such file'));
    content.then(
      (body) => {
        const extension = path === '/' ? '.html' : path.slice(path.lastIndexOf('.'));
        response.writeHead(200, { 'content-type': types.get(extension) ?? 'application/octet-stream' }).end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

describe('the browser bundle', () => {
  it('imports nothing from outside itself', async () => {
    const outputs = Object.values(metafile.outputs);
    expect(outputs.flatMap((output) => output.imports.filter((entry) => entry.external === true))).toEqual([]);
    for (const file of readdirSync(bundle)) {
      const text = await readFile(join(bundle, file), 'utf8');
      expect(text.match(/["'`]node:[a-z/]+["'`]/g) ?? [], file).toEqual([]);
    }
  });

  const note = found === undefined && !required ? ' (SKIPPED: no Chromium found; set CHROMIUM_PATH)' : '';
  /** Opens the page in Chromium; anything that the page throws unheard fails the test. */
  async function inPage(use: (page: Page) => Promise<void>): Promise<void> {
    if (found === undefined) throw new Error('BRINE_BROWSER=required, but no Chromium was found');
    const server = await serve();
    const browser = await chromium.launch({ executablePath: found, headless: true, args: flags });
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await page.waitForFunction(() => 'checkCases' in globalThis);
      await use(page);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      server.close();
    }
  }

  it.skipIf(note !== '')(`predicts in Chromium as Python did${note}`, async () => {
    const version = readdirSync(fixtures).sort().at(-1) ?? '';
    // Every way of writing a file, then one case of each estimator.
    const names = readdirSync(join(fixtures, version)).filter((name) => !name.startsWith('refused'));
    const seen = new Set<string>();
    const chosen = names.filter((name) => {
      const estimator = name.slice(0, name.indexOf('-'));
      const first = !seen.has(estimator);
      seen.add(estimator);
      return name.startsWith('written-') || first;
    });
    await inPage(async (page) => {
      const folders = chosen.map((name) => `/models/${version}/${name}`);
      const outcomes = await page.evaluate((paths) => globalThis.checkCases(paths), folders);
      expect(outcomes.flatMap((outcome) => outcome.failures.map((why) => `${outcome.id} ${why}`))).toEqual([]);
      expect(outcomes.length).toBeGreaterThan(40);
      expect(outcomes.every((outcome) => outcome.checks > 0)).toBe(true);
    });
  });

  it.skipIf(note !== '')(`judges files in Chromium${note}`, async () => {
    await inPage(async (page) => {
      const audit = (file: string | number[]): Promise<unknown> =>
        page.evaluate((each) => globalThis.auditFile(each), file);
      const version = readdirSync(fixtures).sort().at(-1) ?? '';
      expect(await audit(`/models/${version}/ColumnTransformer-names/model.pkl`)).toEqual({
        verdict: 'clean',
        calls: [],
      });
      const malicious = Array.from("cos\nsystem\n(S'id'\ntR.", (character) => character.charCodeAt(0));
      expect(await audit(malicious)).toEqual({ verdict: 'dangerous', calls: ["os.system('id')"] });
    });
  });
});
