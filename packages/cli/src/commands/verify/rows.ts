import { type Model } from '@brine/core';
import { dataBlock, type SampleGroup, type Samples } from '@brine/core/tools';
import type { Batch, TableReader } from '../../data/index.js';
import { match, typeOf, type MatchModelOptions } from '../match-model.js';

/** A table's rows as blocks that are given to both models, columns in the order of `model`. */
export async function* tableBlocks(
  model: Model,
  reader: TableReader,
  options: MatchModelOptions,
  batch: number,
): AsyncGenerator<SampleGroup, void> {
  const { features, names } = match(model, reader, options);
  const columns = features.map((name, i) => ({ name, type: typeOf(model, names[i], i) }));
  for await (const part of reader.batches({ size: batch, columns })) yield dataBlock(samplesOf(model, part, names));
}

function samplesOf(model: Model, batch: Batch, names: readonly string[]): Samples {
  const { kind } = model.inputs;
  if (kind === 'documents' || kind === 'values')
    return { kind: 'list', rows: batch.length, values: Array.from(batch.columns[0] as ArrayLike<unknown>) };
  return {
    kind: 'table',
    rows: batch.length,
    columns: batch.columns.map((values, i) => ({ name: names[i], values })),
  };
}
