import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { zipArchive } from '../../archive/zip-write.js';
import { collect } from '../../bytes/compress.js';
import { BufferSource } from '../../bytes/source.js';
import { judgeSamples, survives } from '../../../test/support/judging.js';
import { audit } from '../index.js';

describe('skops files', async () => {
  await judgeSamples('skops');
  await survives('skops', ['values.skops'], 40, 30);

  it('are judged within compression, though their directory lies at the end', async () => {
    const node = { __class__: 'system', __module__: 'os', __loader__: 'FunctionNode', __id__: 1 };
    const root = JSON.stringify({ ...node, protocol: 2, _skops_version: '0.16.0' });
    // More than what is looked at to tell what a file is.
    const numbers = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i * 7919) >> 8);
    const head =
      `\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (200000,), }`.padEnd(127) + '\n';
    const npy = new Uint8Array(Buffer.concat([Buffer.from(head, 'latin1'), numbers]));
    const members = [
      { name: '1.npy', data: npy },
      { name: 'schema.json', data: new TextEncoder().encode(root) },
    ];
    const zip = await collect(
      zipArchive(members.map(({ name, data }) => ({ name, size: data.length, chunks: () => [data] }))),
    );
    for (const bytes of [zip, new Uint8Array(gzipSync(zip))]) {
      const report = await audit(new BufferSource(bytes, 'model.skops'));
      expect([report.verdict, report.findings[0]?.message]).toEqual([
        'dangerous',
        'its FunctionNode names os.system, which runs programs',
      ]);
    }
  });
});
