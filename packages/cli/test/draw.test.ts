import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Scratch, brine, fixture } from './support.js';

const scratch = new Scratch();
afterAll(() => {
  scratch.remove();
});
const iris = fixture('models/1.9.1/GaussianNB-iris/model.pkl');

describe('info --graph', () => {
  it('draws into a file, or on standard output', async () => {
    const svg = scratch.at('graph.svg');
    const { code, out, err } = await brine(['info', iris, '--graph', svg]);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('the graph is drawn in');
    expect(readFileSync(svg, 'utf8')).toMatch(/^<\?xml .*\n<svg /);
    const text = await brine(['info', iris, '--graph', '-']);
    expect(text.out).toMatch(/^flowchart TD\n {2}p0n0/);
    await brine(['info', iris, '--graph', scratch.at('graph.md')]);
    expect(readFileSync(scratch.at('graph.md'), 'utf8')).toMatch(/^```mermaid\nflowchart/);
  });

  it('says what it cannot draw, and writes nothing', async () => {
    const png = await brine(['info', iris, '--graph', scratch.at('x.png')]);
    expect([png.code, png.out]).toEqual([2, '']);
    expect(png.err).toContain('.svg or .mmd');
    const two = await brine(['info', iris, iris, '--graph', '-']);
    expect([two.code, two.err]).toEqual([2, expect.stringContaining('one file, not 2')]);
    const text = await brine(['info', scratch.write('x.txt', 'hello there'), '--graph', scratch.at('no.svg')]);
    expect(text.code).toBe(1);
    expect(existsSync(scratch.at('no.svg'))).toBe(false);
  });
});
