import { BrineError } from '../errors.js';
import { estimator } from './estimator.js';
import { asNumber, integers, optional, raw } from './fields.js';

/** Patches of images. Source: sklearn/feature_extraction/image.py */
const patchExtractor = estimator(
  'PatchExtractor',
  { patch_size: optional(integers), max_patches: raw, random_state: raw },
  {
    modules: ['sklearn.feature_extraction.image'],
    input: 'data',
    picks: true,
    methods: {
      transform: (m, data, g) => {
        if (data.kind !== 'matrix' || data.value.shape.length < 3)
          throw new BrineError(
            'BAD_INPUT',
            'PatchExtractor wants images: [n, height, width] or [n, height, width, channels]',
          );
        const x = g.cast(data.value, 'float64');
        const [, h, w] = x.shape;
        const [height, width] = m.patch_size ?? [Math.floor((h ?? 0) / 10), Math.floor((w ?? 0) / 10)];
        const most = asNumber(m.max_patches);
        const seed = asNumber(m.random_state);
        if (most !== undefined && seed === undefined)
          throw new BrineError(
            'UNSUPPORTED',
            'PatchExtractor that draws patches without a whole number as random_state',
            {
              path: m.estimator.path,
            },
          );
        const channels = x.shape.length > 3 && x.shape[3] !== 1 ? [x.shape[3] ?? null] : [];
        const type = { dtype: 'float64', shape: [null, height, width, ...channels] } as const;
        return g.own('Patches', [x], { height, width, most, seed: seed ?? 0 }, type);
      },
    },
  },
);

export const patchExtractors = [patchExtractor];
