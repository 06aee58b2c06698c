import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { brine as run, fixture, Scratch, type Ran } from './support.js';

const gaussian = fixture('models/1.9.1/GaussianNB-iris/model.pkl');
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const built = existsSync(main) && process.platform === 'linux';

const scratch = new Scratch();
afterAll(() => {
  scratch.remove();
});
const at = (name: string): string => scratch.at(name);
const brine = (...words: readonly string[]): Promise<Ran> => run(words);
const left = (): string[] => readdirSync(scratch.path).filter((name) => name.endsWith('.part'));

/** A pickle that would call `module.name("x")`. */
const calling = (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n(Vx\ntR.`);

describe('brine convert', () => {
  it('writes each format, verified, and gives the same answers', async () => {
    const before = readFileSync(gaussian);
    for (const name of ['a.joblib', 'a.joblib.gz', 'a.skops', 'a.pkl', 'a.pkl.lz4']) {
      const { code, out } = await brine('convert', gaussian, at(name), '--json');
      expect(code, out).toBe(0);
      const told = JSON.parse(out) as { written: boolean; verified: { rows: number; methods: string[] } };
      expect(told.written).toBe(true);
      expect(told.verified.rows).toBeGreaterThan(0);
      expect(told.verified.methods).toContain('predict_proba');
    }
    expect(readFileSync(gaussian).equals(before)).toBe(true);
    expect(left()).toEqual([]);
  });

  it('says what would happen, and writes nothing', async () => {
    const { code, out } = await brine('convert', gaussian, '--to', 'npz', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('everything but the arrays');
    expect(out).toContain('nothing was written');
  });

  it.each<[string, string[], RegExp]>([
    ['no format', ['x.txt'], /of no format that is written/],
    ['no such format', ['x', '--to', 'exe'], /no format that is written/],
    ['no such compression', ['x.joblib', '--compress', 'zip'], /there are none, zlib/],
    ['a protocol of another time', ['x.pkl', '--protocol', '1'], /protocols 2 to 5/],
    ['no array', ['x.npy'], /holds one array/],
    ['a folder that is not there', ['no/x.pkl'], /its folder does not exist/],
  ])('refuses %s', async (_, [to, ...rest], message) => {
    const { code, err } = await brine('convert', gaussian, at(to), ...rest);
    expect(code).not.toBe(0);
    expect(err).toMatch(message);
  });

  it('overwrites neither the input nor, unasked, anything else', async () => {
    scratch.write('there.pkl', 'x');
    expect((await brine('convert', gaussian, at('there.pkl'))).err).toContain('--force');
    expect(readFileSync(at('there.pkl'), 'utf8')).toBe('x');
    expect((await brine('convert', gaussian, at('there.pkl'), '--force')).code).toBe(0);
    expect((await brine('convert', at('there.pkl'), at('there.pkl'), '--force')).err).toContain('same file');
  });

  it('carries over no name that nobody vouches for', async () => {
    scratch.write('unknown.pkl', calling('project', 'Model'));
    const refused = await brine('convert', at('unknown.pkl'), at('u.joblib'));
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('--keep-unknown project.Model');
    const kept = await brine('convert', at('unknown.pkl'), at('u.joblib'), '--keep-unknown', 'project.Model');
    expect(kept.out).toContain('project.Model');

    scratch.write('evil.pkl', calling('os', 'system'));
    expect((await brine('convert', at('evil.pkl'), at('e.pkl'))).err).toContain('--allow dangerous');
    const allowed = await brine('convert', at('evil.pkl'), at('e.pkl'), '--allow', 'dangerous');
    expect(allowed.err).toContain('os.system, which can do harm');
    expect(readdirSync(scratch.path)).not.toContain('e.pkl');
  });

  it('leaves nothing behind where it cannot write', async () => {
    if (process.getuid?.() === 0) return;
    chmodSync(scratch.path, 0o500);
    try {
      const { code, err } = await brine('convert', gaussian, at('w.pkl'));
      expect([code, err]).toEqual([1, expect.stringContaining('permission')]);
    } finally {
      chmodSync(scratch.path, 0o700);
    }
  });

  it.skipIf(process.platform !== 'linux')('says that the disk is full', async () => {
    const { code, err } = await brine('convert', gaussian, '/dev/full', '--to', 'pickle');
    expect([code, err]).toEqual([1, expect.stringContaining('the disk is full')]);
  });

  it.skipIf(!built)('leaves nothing behind where a file may not grow', () => {
    // Files end at 512 bytes, as on a disk without room.
    const script = `ulimit -f 1; trap '' XFSZ; exec "$0" "$1" convert "$2" "$3"`;
    const ran = spawnSync('bash', ['-c', script, process.execPath, main, gaussian, at('grown.npz')], {
      encoding: 'utf8',
    });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain('cannot be written');
    expect(left()).toEqual([]);
    expect(existsSync(at('grown.npz'))).toBe(false);
  });
});
