import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
      const told = JSON.parse(out) as { written: boolean; verified: { how: string[]; rows: number } };
      expect(told.written).toBe(true);
      // Nothing is said of answers that nobody compared.
      expect(told.verified).toMatchObject({ how: ['read back, it is the same object, bit for bit'], rows: 0 });
      expect((await brine('verify', gaussian, at(name))).code).toBe(0);
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
    ['no such compression', ['x.joblib', '--compress', 'bset'], /did you mean "best".* there are none, zlib/],
    ['a level too many', ['x.joblib', '--compress', 'best:9'], /best takes no level/],
    ['a compression that the name denies', ['x.joblib.gz', '--compress', 'xz'], /the name .* says gzip/],
    ['a choice that the name has made', ['x.joblib.gz', '--compress', 'auto'], /says gzip already/],
    ['to choose where there is nothing', ['x.npy', '--compress', 'best'], /never compressed/],
    ['skops files packed as a whole', ['x.skops.gz'], /compressed inside/],
    ['a compression that is read only', ['x.joblib.bz2'], /bz2 is read only/],
    ['an extension that is nearly one', ['x.joblb'], /did you mean .joblib/],
    ['a protocol that is no number', ['x.pkl', '--protocol', 'abc'], /a number is needed/],
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

  it('carries over named tuples of old protocols', async () => {
    const point = 'ccopy_reg\n_reconstructor\n(cproject\nPoint\nc__builtin__\ntuple\n(I1\nI2\nttR.';
    scratch.write('point.pkl', Buffer.from(point));
    for (const name of ['p.pkl', 'p.joblib', 'p.skops']) {
      const { code, err } = await brine('convert', at('point.pkl'), at(name), '--keep-unknown', 'project.Point');
      expect([name, code, err]).toEqual([name, 0, '']);
    }
    // From skops back, too.
    const { code } = await brine('convert', at('p.skops'), at('back.skops'), '--keep-unknown', 'project.Point');
    expect(code).toBe(0);
  });

  it('takes arrays out into files beside, and puts them back', async () => {
    const forest = fixture('models/1.9.1/RandomForestClassifier-wine/model.joblib');
    const { code, out } = await brine('convert', forest, at('split.joblib'), '--split-arrays', '1kB', '--json');
    expect(code, out).toBe(0);
    const told = JSON.parse(out) as {
      output: { parts: { file: string; size: number }[] };
      verified: { how: string[] };
    };
    const names = readdirSync(scratch.path).filter((name) => name.startsWith('split.joblib'));
    expect(names.length).toBe(told.output.parts.length + 1);
    expect(names).toContain('split.joblib_01.npy');
    expect(told.verified.how).toEqual(['read back, it is the same object, bit for bit']);
    expect((await brine('verify', forest, at('split.joblib'))).code).toBe(0);
    expect(left()).toEqual([]);

    // Nothing is replaced unasked, be it one of the parts alone; and the input's parts never.
    rmSync(at('split.joblib'));
    const again = ['convert', forest, at('split.joblib'), '--split-arrays', '1kB'];
    expect((await brine(...again)).err).toContain('--force');
    expect((await brine(...again, '--force')).code).toBe(0);
    copyFileSync(at('split.joblib'), at('other.joblib'));
    const over = await brine('convert', at('other.joblib'), at('split.joblib'), '--split-arrays', '1kB', '--force');
    expect(over.err).toContain('the same file');

    expect((await brine('convert', at('split.joblib'), at('whole.joblib'))).code).toBe(0);
    expect((await brine('convert', forest, at('direct.joblib'))).code).toBe(0);
    const { out: same } = await brine('verify', at('whole.joblib'), at('direct.joblib'));
    expect(same).toContain('same');
  });

  it.each<[string, string[], RegExp]>([
    ['no joblib file', ['s.skops', '--split-arrays'], /for joblib files, this is skops/],
    ['a stream', ['-', '--to', 'joblib', '--split-arrays'], /takes one/],
    ['no size', ['s.joblib', '--split-arrays', 'many'], /a size as 64KiB/],
    ['no array so large', ['s.joblib', '--split-arrays', '1GB'], /the largest has/],
    ['compression', ['s.joblib.gz', '--split-arrays', '1'], /are not compressed/],
  ])('takes arrays out of nothing else: %s', async (_, [to, ...rest], message) => {
    const { code, err } = await brine('convert', gaussian, to === '-' ? to : at(to), ...rest);
    expect(code).not.toBe(0);
    expect(err).toMatch(message);
  });

  it('leaves the reading back out where that is asked for', async () => {
    const { code, out } = await brine('convert', gaussian, at('quick.skops'), '--no-verify', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).not.toHaveProperty('verified');
  });

  it('tries compressions on the model, takes one, and says why', async () => {
    interface Told {
      output: { size: number };
      compression: { chosen: string; why: string; tried: { compress: string; size: number; readBy: string }[] };
    }
    const forest = fixture('models/1.9.1/RandomForestClassifier-wine/model.joblib');
    const magic = (name: string): string => readFileSync(at(name)).subarray(0, 2).toString('hex');
    const tell = async (name: string, goal: string): Promise<Told> => {
      const { code, out } = await brine('convert', forest, at(name), '--compress', goal, '--json');
      expect(code, out).toBe(0);
      return JSON.parse(out) as Told;
    };

    const best = await tell('best.joblib', 'best');
    expect(best.compression.tried.map((t) => t.compress)).toEqual(['none', 'lz4:9', 'gzip:9', 'xz:9']);
    expect(best.compression.chosen).toBe('xz:9');
    expect(best.output.size).toBe(Math.min(...best.compression.tried.map((t) => t.size)));
    expect(magic('best.joblib')).toBe('fd37');
    expect(best.compression.tried[1].readBy).toContain('lz4 package');

    const auto = await tell('auto.joblib', 'auto');
    expect(auto.compression.chosen).toBe('gzip:9');
    expect(magic('auto.joblib')).toBe('1f8b');
    expect(auto.output.size).toBe(auto.compression.tried.find((t) => t.compress === 'gzip:9')?.size);

    expect((await tell('best.skops', 'best')).compression.chosen).toBe('zlib:9');
    for (const name of ['best.joblib', 'auto.joblib', 'best.skops'])
      expect((await brine('verify', forest, at(name))).code).toBe(0);

    const { out } = await brine('convert', forest, at('dry.joblib'), '--compress', 'auto', '--dry-run');
    expect(out).toMatch(/→ gzip:9 .* joblib\.load of 0\.10/);
    expect(out).toContain('gzip:9: the smallest file of those that unpack at');
    expect(existsSync(at('dry.joblib'))).toBe(false);
  });

  it('compresses nothing where that saves nothing', async () => {
    const noise = Buffer.alloc(3000);
    for (let i = 0, seed = 1; i < noise.length; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      noise[i] = seed >>> 24;
    }
    const size = Buffer.alloc(4);
    size.writeUInt32LE(noise.length);
    scratch.write('noise.pkl', Buffer.concat([Buffer.from([0x80, 3, 0x42]), size, noise, Buffer.from('.')]));
    const { code, out } = await brine('convert', at('noise.pkl'), at('noise2.pkl'), '--compress', 'auto');
    expect([code, out]).toEqual([0, expect.stringMatching(/→ none[^]*none: no compression saves a tenth/)]);
    expect(readFileSync(at('noise2.pkl')).length).toBeGreaterThan(noise.length);
  });

  it('says what to do with a folder', async () => {
    const from = await brine('convert', scratch.path, at('f.joblib'));
    expect([from.code, from.err]).toEqual([2, expect.stringContaining('brine bundle')]);
    const to = await brine('convert', gaussian, scratch.path);
    expect([to.code, to.err]).toEqual([2, expect.stringContaining('model.joblib')]);
  });

  it('refuses a folder as the target', async () => {
    const { code, err } = await brine('convert', gaussian, scratch.path, '--to', 'pickle');
    expect([code, err]).toEqual([1, expect.stringContaining('folder')]);
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

  it.skipIf(!built).each<[string, string[]]>([
    ['grown.npz', []],
    ['grown.pkl', []],
    ['grown.skops', ['--compress', 'none']],
    ['grown.joblib', []],
    ['grown.joblib', ['--split-arrays', '1kB']],
  ])('leaves nothing behind where a file may not grow: %s %j', (name, rest) => {
    // Files end at 2 kB, as on a disk without room.
    const script = `ulimit -f 2; trap '' XFSZ; exec "$0" "$@"`;
    const forest = fixture('models/1.9.1/RandomForestClassifier-wine/model.joblib');
    const ran = spawnSync('bash', ['-c', script, process.execPath, main, 'convert', forest, at(name), ...rest], {
      encoding: 'utf8',
    });
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain('cannot be written');
    expect(readdirSync(scratch.path).filter((file) => file.includes('grown'))).toEqual([]);
  });
});
