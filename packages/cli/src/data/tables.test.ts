import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Batch } from './batch.js';
import { openTable, readTable, type OpenOptions } from './open.js';

/** fixtures/tables: files by pandas, pyarrow and numpy, and what those read from them (oracle/make_tables.py). */
const folder = fileURLToPath(new URL('../../../../fixtures/tables/', import.meta.url));

interface Expected {
  columns: { name: string; dtype: string; values: unknown[] }[];
  options?: OpenOptions;
}
const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as Record<string, Expected>;

/** A value as expected.json writes it. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value > -(2n ** 53n) && value < 2n ** 53n ? Number(value) : String(value);
  if (typeof value !== 'number') return value ?? null;
  if (Number.isNaN(value)) return null;
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf';
}

async function all(path: string, options: OpenOptions & { size?: number }): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of readTable(path, options)) batches.push(batch);
  return batches;
}

/** pandas' dtypes by brine's types. Where JSON or mixed columns lose the distinction, pandas says object. */
function typeOf(dtype: string): string[] {
  if (dtype.startsWith('datetime')) return ['datetime'];
  if (dtype === '>f8') return ['float64'];
  if (/^u?int(8|16|32)$/.test(dtype)) return ['int64'];
  if (dtype === 'float16') return ['float32'];
  if (dtype === 'category') return ['string'];
  if (dtype === 'object') return ['bool', 'string', 'any', 'datetime', 'float64'];
  return [dtype === 'str' ? 'string' : dtype];
}

describe.each(Object.entries(expected))('%s', (name, { columns, options }) => {
  it.each([8192, 2])('reads as the library does, in batches of %i rows', async (size) => {
    const batches = await all(folder + name, { ...options, size });
    const index = (await openTableColumns(name, options)).filter((c) => c.index === true).map((c) => c.name);
    const names = batches[0].names.filter((n) => !index.includes(n));
    expect(names).toEqual(columns.map((c) => c.name));
    for (const { name: column, values, dtype } of columns) {
      const i = batches[0].names.indexOf(column);
      const got = batches.flatMap((b) => Array.from<unknown>(b.columns[i] as unknown[]));
      // A float32 is written with its own digits.
      const want =
        dtype === 'float16' || dtype === 'float32'
          ? values.map((v) => (typeof v === 'number' ? Math.fround(v) : v))
          : values;
      expect({ column, values: got.map(plain) }).toEqual({ column, values: want });
      expect(typeOf(dtype), column).toContain(batches.at(-1)!.types[i]);
    }
    let row = 0;
    for (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(size);
      expect(batch.firstRow).toBe(row);
      for (const values of batch.columns) expect(values.length).toBe(batch.length);
      row += batch.length;
    }
  });
});

async function openTableColumns(
  name: string,
  options?: OpenOptions,
): Promise<readonly { name: string; index?: boolean }[]> {
  const table = await openTable(folder + name, options);
  await table.close();
  return table.columns;
}
