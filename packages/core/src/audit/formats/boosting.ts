import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { FlatTable } from '../../formats/flatbuffer/table.js';
import { walkUbjson } from '../../formats/ubjson/walk.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { isObject, objectsIn, readJson, textOf } from './json-value.js';
import { noteTexts } from './secrets.js';
import { readXgboostBinary } from './xgboost-binary.js';

const MAX_UBJSON = 2 ** 31;

/** XGBoost, LightGBM and CatBoost: trees and settings. Nothing in them names code; they are read to their end. */
export const examiner: Examiner = {
  formats: ['xgboost', 'lightgbm', 'catboost'],
  async examine(source, context) {
    const { format, variant = '' } = context.identity;
    await readers[`${format} ${variant}`.trim()]?.(source, context);
    if (!Object.hasOwn(readers, `${format} ${variant}`.trim()))
      context.report('not-examined', `this form of ${format} (${variant}) is not read to its end here`);
  },
};

type Read = (source: Source, context: AuditContext) => Promise<void>;

const json: Read = async (source, context) => {
  const root = readJson(await textOf(source), 'it', context);
  if (!isObject(root)) throw new BrineError('CORRUPT', 'no object');
  for (const { object } of objectsIn(root))
    for (const [key, value] of object)
      if (typeof value === 'string' && value.length > 8) noteTexts(value, context, key);
};

const readers: Readonly<Record<string, Read>> = {
  'xgboost json': json,
  'xgboost json-config': json,
  'xgboost ubj': async (source, context) => {
    if (source.size > MAX_UBJSON) throw new BrineError('LIMIT', `UBJSON of ${source.size} bytes (limit ${MAX_UBJSON})`);
    for (const { key, text } of walkUbjson(await source.read(0, source.size), source.name))
      noteTexts(text, context, key);
  },
  'xgboost binary': async (source, context) => {
    for (const text of await readXgboostBinary(source)) noteTexts(text, context, 'its attributes');
  },
  'lightgbm json': json,
  'lightgbm text': async (source, context) => {
    const text = await textOf(source);
    if (/[\0-\x08\x0e-\x1f]/.test(text)) context.incomplete('bytes that are no text stand among its trees');
    if (!/^end of trees\s*$/m.test(text)) context.incomplete('“end of trees” is missing: it was cut short');
    const settings = text.slice(text.indexOf('end of trees'));
    noteTexts(settings, context, 'its settings');
  },
  'catboost json': json,
  'catboost cbm': cbm,
};

/** `CBM1`, the size of a FlatBuffer (TModelCore), the FlatBuffer, and tables that it names (ModelPartIds). */
async function cbm(source: Source, context: AuditContext): Promise<void> {
  const head = await source.read(0, Math.min(8, source.size));
  if (head.length < 8) throw new BrineError('TRUNCATED', 'a CatBoost model without a size');
  const size = new DataView(head.buffer, head.byteOffset, 8).getUint32(4, true);
  if (8 + size > source.size)
    throw new BrineError('TRUNCATED', `a CatBoost model of ${size} bytes, where ${source.size - 8} are left`, {
      offset: source.size,
    });
  const core = FlatTable.root(await source.read(8, size), source.name);
  const version = core.text(0) ?? '';
  if (!/^Fla(t)?buffersModel_v\d+$/.test(version))
    context.incomplete(`its form ${JSON.stringify(version.slice(0, 40))} is not known`);
  for (const entry of core.tables(2)) noteTexts(entry.text(1) ?? '', context, entry.text(0) ?? 'its metadata');
  const parts = [...core.texts(3)];
  const behind = source.size - 8 - size;
  if (behind > 0 && parts.length === 0)
    context.report('trailing-data', `${behind} bytes follow the model`, { offset: 8 + size });
}
