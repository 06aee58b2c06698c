import { describe, expect, it } from 'vitest';
import { audit } from '../index.js';
import { latin1, tar, utf8, zip } from '../rules/sample.js';

const config = 'model:\n  _target_: os.system\n  command: id\n';

describe('configurations from which objects are made', () => {
  it.each([
    ['YAML', utf8(config)],
    ['YAML with quotes', utf8(config.replace('os.system', '"os.system"'))],
    ['YAML in an archive, as NeMo saves', tar({ 'model_config.yaml': utf8(config) })],
    ['JSON', utf8('{"model": {"_target_": "builtins.exec", "_args_": ["1"]}}')],
    ['JSON in an archive', zip({ 'config.json': utf8('{"_target_": "subprocess.run"}') })],
    ['a tag of PyYAML’s', utf8("a: !!python/object/apply:os.system ['id']\n")],
    ['a tag of PyYAML’s in an archive', tar({ 'a.yaml': utf8('a: !!python/name:builtins.eval\n') })],
  ])('of %s are dangerous where they call what is', async (_, file) => {
    expect((await audit(file)).verdict).toBe('dangerous');
  });

  it('of names that nobody vouches for are unknown', async () => {
    const file = tar({ 'model_config.yaml': utf8(config.replace('os.system', 'acme.layers.Encoder')) });
    const { verdict, findings } = await audit(file);
    expect(verdict).toBe('unknown');
    expect(findings.map(({ name }) => name)).toContain('acme.layers.Encoder');
  });

  it.each([
    ['known names', tar({ 'config.yaml': utf8(config.replace('os.system', 'sklearn.svm._classes.SVC')) })],
    ['no names', tar({ 'config.yaml': latin1('model:\n  target: os.system\n') })],
  ])('of %s are clean', async (_, file) => {
    expect((await audit(file)).verdict).toBe('clean');
  });
});

describe('configurations of transformers', () => {
  const config = (name: string): Uint8Array =>
    zip({ 'config.json': utf8(JSON.stringify({ model_type: 'x', _attn_implementation_internal: name })) });
  it('that take code from a repository are not clean', async () => {
    const { verdict, findings } = await audit(config('owner/kernel'));
    expect(verdict).toBe('unknown');
    expect(findings.map(({ advisory }) => advisory)).toContain('CVE-2026-4372');
  });
  it('that name an implementation are', async () => {
    expect((await audit(config('sdpa'))).verdict).toBe('clean');
  });
});
