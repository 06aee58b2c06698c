import { describe, expect, it } from 'vitest';
import {
  colours,
  didYouMean,
  editDistance,
  fit,
  formatBytes,
  formatCount,
  formatDuration,
  formatTable,
  nearest,
  safe,
  startProgress,
  textWidth,
} from './index.js';

describe('suggestions', () => {
  it.each([
    ['age', 'age', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['lenght', 'length', 1],
    ['abcd', 'badc', 2],
  ])('the distance of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
    if (distance > 0) expect(editDistance(a, b, distance - 1)).toBe(distance);
  });

  it('finds what was meant', () => {
    const names = ['age', 'petal length (cm)', 'Income'];
    expect(nearest('income', names)).toBe('Income');
    expect(nearest('petal_length_cm', names)).toBe('petal length (cm)');
    expect(nearest('petal lenght (cm)', names)).toBe('petal length (cm)');
    expect(nearest('zip', names)).toBeUndefined();
    expect(nearest('a', ['b'])).toBeUndefined();
    expect(nearest('x'.repeat(1e6), ['x'.repeat(1e6)])).toBeUndefined();
    expect(didYouMean('agee', names)).toBe(' (did you mean "age"?)');
    expect(didYouMean('zip', names)).toBe('');
  });
});

describe('units', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [12_345_678, '12 MB'],
    [3.4e12, '3.4 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [3, '3 ms'],
    [999.6, '1.0 s'],
    [4200, '4.2 s'],
    [9960, '10 s'],
    [59_600, '1 min 00 s'],
    [65_000, '1 min 05 s'],
    [7_380_000, '2 h 03 min'],
    [273_600_000, '3 d 04 h'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('groups digits', () => {
    expect([1, 999, 1000, 1234567].map(formatCount)).toEqual(['1', '999', '1,000', '1,234,567']);
  });
});

describe('tables', () => {
  it('aligns columns', () => {
    const columns = [{ title: 'name' }, { title: 'n', align: 'right' as const }];
    expect(
      formatTable(columns, [
        ['a', '1'],
        ['long name', '200'],
      ]),
    ).toBe('name         n\na            1\nlong name  200');
  });

  it('cuts the widest column to fit', () => {
    const text = formatTable([{}, {}], [['x'.repeat(50), 'y']], 20);
    expect(text).toBe(`${'x'.repeat(16)}…  y`);
  });

  it('counts what a terminal shows', () => {
    expect(textWidth('日本')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth('\u001b[31mred\u001b[39m')).toBe(3);
    expect(fit('日本語', 5)).toBe('日本…');
  });

  it('escapes what could steer a terminal', () => {
    expect(safe('a\u001b[2Jb\n\u202ec')).toBe('a\\u001b[2Jb\\n\\u202ec');
  });
});

describe('colours', () => {
  it('go to terminals only, and not where NO_COLOR is set', () => {
    expect(colours({ isTTY: true }, {}).red('x')).toBe('\u001b[31mx\u001b[39m');
    expect(colours({ isTTY: true }, { NO_COLOR: '1' }).red('x')).toBe('x');
    expect(colours({ isTTY: true }, { TERM: 'dumb' }).red('x')).toBe('x');
    expect(colours({}, {}).red('x')).toBe('x');
    expect(colours({}, { FORCE_COLOR: '1' }).red('x')).toBe('\u001b[31mx\u001b[39m');
  });
});

describe('progress', () => {
  function run(
    options: { isTTY: boolean; columns?: number; total?: number; unit?: 'bytes' | 'rows' },
    times: [number, number][],
  ): string[] {
    const written: string[] = [];
    let time = 0;
    const stream = {
      isTTY: options.isTTY,
      columns: options.columns ?? 80,
      write: (text: string) => written.push(text),
    };
    const progress = startProgress({
      label: 'predicting',
      unit: options.unit ?? 'bytes',
      total: options.total,
      stream,
      env: { NO_COLOR: '1' },
      now: () => time,
    });
    for (const [at, done] of times) {
      time = at;
      progress.update(done);
    }
    progress.finish();
    return written;
  }

  it('says nothing where nobody looks, or where work is short', () => {
    expect(run({ isTTY: false, total: 100 }, [[1000, 50]])).toEqual([]);
    expect(
      run({ isTTY: true, total: 100 }, [
        [100, 20],
        [499, 90],
      ]),
    ).toEqual([]);
  });

  it('shows share, rate and time left, and clears itself', () => {
    const written = run({ isTTY: true, total: 4e6 }, [
      [1000, 1e6],
      [1050, 2e6],
    ]);
    expect(written).toEqual([
      `\r\u001b[2Kpredicting  ${'█'.repeat(6)}${'░'.repeat(18)} 25 %  3.0 s left  1.0 MB/s`,
      '\r\u001b[2K',
    ]);
  });

  it('counts up where the end is unknown', () => {
    expect(run({ isTTY: true, unit: 'rows' }, [[2000, 5000]])[0]).toBe(
      '\r\u001b[2Kpredicting  5,000 rows  2.0 s  2,500 rows/s',
    );
  });

  it('keeps to the width of the terminal', () => {
    for (const columns of [10, 20, 40, 60]) {
      const [line] = run({ isTTY: true, total: 100, columns }, [[1000, 1]]);
      expect(textWidth(line.replace('\r\u001b[2K', ''))).toBeLessThan(columns);
    }
  });
});
