import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { audit } from '../audit.js';
import { rules } from './index.js';
import type { Rule } from './rule.js';

/** What only a policy forbids cannot be shown by a file alone. */
const byPolicy = new Set(['forbidden-name', 'forbidden-format']);

describe.each(Object.entries<Rule>(rules))('%s', (id, rule) => {
  it('explains itself', () => {
    expect(rule.id).toBe(id);
    expect(rule.title).toMatch(/^[a-z].*[^.]$/);
    for (const text of [rule.meaning, rule.advice]) expect(text).toMatch(/^\S.*\.$/s);
    if (rule.cwe !== undefined) expect(rule.cwe).toMatch(/^CWE-\d+$/);
    expect(Object.keys(rule.bad).length > 0 || byPolicy.has(id)).toBe(true);
  });

  it.each(Object.entries(rule.bad))('finds: %s', async (_, sample) => {
    const { findings } = await audit(sample());
    expect(findings.map((finding) => finding.rule)).toContain(id);
  });

  it.each(Object.entries(rule.good))('does not find: %s', async (_, sample) => {
    const { findings } = await audit(sample());
    expect(findings.map((finding) => finding.rule)).not.toContain(id);
  });
});

it('every file of a rule is in the index', () => {
  const files = readdirSync(new URL('.', import.meta.url))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.ts'.length));
  const aside = ['index', 'rule', 'sample'];
  expect(files.filter((file) => !aside.includes(file)).sort()).toEqual(Object.keys(rules).sort());
});
