import { describe, expect, it } from 'vitest';
import { damaged, samplesOf } from '../../../test/support/format-samples.js';
import { BufferSource } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { attributeTexts, openHdf5, walkHdf5, type Hdf5Found } from './index.js';

const samples = new Map((await samplesOf('keras')).map(({ name, bytes }) => [name, bytes]));

interface Walked {
  readonly found: Map<string, Hdf5Found['object']>;
  readonly texts: Map<string, string[]>;
  readonly damages: string[];
}

async function walked(bytes: Uint8Array): Promise<Walked> {
  const file = await openHdf5(new BufferSource(bytes, 'x.h5'));
  const damages: string[] = [];
  const found = new Map<string, Hdf5Found['object']>();
  const texts = new Map<string, string[]>();
  for await (const { path, object } of walkHdf5(file, (where, error) => damages.push(`${where}: ${error.message}`))) {
    found.set(path, object);
    for (const attribute of object.attributes) {
      const value = await attributeTexts(file, attribute);
      if (value !== undefined) texts.set(`${path}@${attribute.name}`, value);
    }
  }
  return { found, texts, damages };
}

const of = (name: string): Promise<Walked> => walked(samples.get(name)!);

describe('HDF5', () => {
  it.each(['data.h5', 'data-latest.h5'])('%s: groups, datasets, types, links, filters', async (name) => {
    const { found, texts, damages } = await of(name);
    expect(damages).toEqual([]);
    expect([...found.keys()].sort()).toEqual(['/', '/a', '/a/b', '/a/compound', '/a/lzf', '/a/text', '/type']);
    expect(found.get('/')!.links.find((link) => link.name === 'soft')).toMatchObject({ kind: 'soft', target: '/a/b' });
    expect(found.get('/a/b')).toMatchObject({ kind: 'dataset', shape: [2, 3], storage: 'chunked' });
    expect(found.get('/a/b')!.filters.map(({ id }) => id)).toEqual([2, 1, 3]);
    expect(found.get('/a/lzf')!.filters).toEqual([{ id: 32000, name: 'lzf' }]);
    expect(found.get('/type')!.kind).toBe('type');
    expect(texts.get('/@l')).toEqual(['p', 'q']);
  });

  it.each(['keras2.h5', 'keras2-latest.h5', 'keras2-userblock.h5'])('%s: the model’s config', async (name) => {
    const { texts } = await of(name);
    expect(texts.get('/@keras_version')).toEqual(['2.15.0']);
    expect(JSON.parse(texts.get('/@model_config')![0])).toHaveProperty('class_name', 'Sequential');
    expect(texts.get('/model_weights@layer_names')).toEqual(['dense']);
  });

  it('reads attributes and links out of fractal heaps', async () => {
    const { found, texts, damages } = await of('dense-lambda.h5');
    expect(damages).toEqual([]);
    expect(found.size).toBe(301);
    expect(found.get('/')!.attributes).toHaveLength(61);
    expect(texts.get('/@model_config')![0]).toContain('Lambda');
  });

  it('reads an attribute beyond 64 KiB', async () => {
    expect((await of('huge-lambda.h5')).texts.get('/@model_config')![0]).toContain('Lambda');
  });

  it('tells of other files, and does not open them', async () => {
    expect((await of('external-link.h5')).found.get('/')!.links).toEqual([
      { name: 'x', kind: 'external', file: '/etc/passwd', target: '/a' },
    ]);
    expect((await of('external-link-latest.h5')).found.get('/')!.links[0]).toMatchObject({ file: 'other.h5' });
    expect((await of('external-data.h5')).found.get('/x')!.externalFiles).toEqual(['/etc/passwd']);
    expect((await of('virtual.h5')).found.get('/v')!.storage).toBe('virtual');
  });

  it('of real Keras models: every weight is found', async () => {
    const { found, damages } = await of('functional.h5');
    expect(damages).toEqual([]);
    expect([...found.values()].filter(({ kind }) => kind === 'dataset').length).toBeGreaterThan(10);
  });

  it.each(['data.h5', 'data-latest.h5', 'dense-lambda.h5', 'keras2-lambda-latest.h5'])(
    '%s: beginnings and damaged copies are met with a BrineError',
    async (name) => {
      for (const bytes of damaged(samples.get(name)!, 250, 100)) {
        try {
          await walked(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(BrineError);
        }
      }
    },
  );
});
