import type { Source } from '../../bytes/source.js';
import { BrineError } from '../../errors.js';
import { WireReader } from '../../formats/onnx/wire.js';
import type { AuditContext, Examiner } from '../examiner.js';
import { readJson, objectsIn, textOf } from './json-value.js';
import { checkPath, quoted } from './paths.js';
import { noteTexts } from './secrets.js';
import { openArchive, visitMembers } from './zip-members.js';

const MAX_MODEL = 2 ** 31;
/** Models within pipelines within pipelines (CWE-674). */
const MAX_MODELS = 10_000;

/** Fields of Model.proto. */
const DESCRIPTION = 2;
const PIPELINES = [200, 201, 202];
const NETWORKS = [303, 403, 500];
const CUSTOM = 555;
const LINKED = 556;
const CUSTOM_LAYER = 500;

/** Core ML: models and what is in their pipelines; code of an app's own is named, files outside are told. */
export const examiner: Examiner = {
  formats: ['coreml', 'mlpackage'],
  async examine(source, context) {
    if (context.identity.format === 'coreml') await model(source, context);
    else await packaged(source, context);
  },
};

async function packaged(source: Source, context: AuditContext): Promise<void> {
  const archive = await openArchive(source, context);
  if (archive === undefined) return;
  await visitMembers(source, archive, context, ({ name }) => {
    if (/(^|\/)Manifest\.json$/.test(name))
      return async (content) => {
        const inner = context.within(name);
        for (const { object } of objectsIn(readJson(await textOf(content), name, inner))) {
          const path = object.get('path');
          if (typeof path === 'string') checkPath(path, inner, 'the item');
        }
      };
    return /\/weights\/[^/]+\.bin$/.test(name) ? (content) => context.suspected(content, name) : undefined;
  });
}

async function model(source: Source, context: AuditContext): Promise<void> {
  if (source.size > MAX_MODEL) throw new BrineError('LIMIT', `a message of ${source.size} bytes (limit ${MAX_MODEL})`);
  const todo = [new WireReader(await source.read(0, source.size), source.name)];
  let models = 0;
  for (let reader = todo.pop(); reader !== undefined; reader = todo.pop()) {
    if (++models > MAX_MODELS) throw new BrineError('LIMIT', `more than ${MAX_MODELS} models in pipelines`);
    while (reader.next()) {
      if (reader.field === DESCRIPTION) description(reader.message(), context);
      else if (PIPELINES.includes(reader.field)) todo.push(...modelsIn(reader.message(), reader.field !== 202));
      else if (NETWORKS.includes(reader.field)) layers(reader.message(), context);
      else if (reader.field === CUSTOM) custom(reader.message(), 'a custom model', context);
      else if (reader.field === LINKED)
        context.report(
          'outside-file',
          `it is linked to another model: ${quoted(strings(reader.message()).join(', '))}`,
        );
      else reader.skip();
    }
  }
}

/** Classifier and regressor pipelines hold a pipeline (1), and that the models (1). */
function modelsIn(reader: WireReader, isWrapped: boolean): WireReader[] {
  const out: WireReader[] = [];
  while (reader.next()) {
    if (reader.field !== 1 || reader.wire !== 2) reader.skip();
    else if (isWrapped) out.push(...modelsIn(reader.message(), false));
    else out.push(reader.message());
  }
  return out;
}

function layers(reader: WireReader, context: AuditContext): void {
  while (reader.next()) {
    if (reader.field !== 1 || reader.wire !== 2) {
      reader.skip();
      continue;
    }
    const layer = reader.message();
    while (layer.next()) {
      if (layer.field === CUSTOM_LAYER) custom(layer.message(), 'a custom layer', context);
      else layer.skip();
    }
  }
}

function custom(reader: WireReader, what: string, context: AuditContext): void {
  const [name = ''] = strings(reader);
  context.report('unknown-operator', `it has ${what} of the class ${quoted(name)}, which the app must bring`, { name });
}

/** Author, licence and the like: every text in the description's metadata. */
function description(reader: WireReader, context: AuditContext): void {
  while (reader.next()) {
    if (reader.field === 100 && reader.wire === 2) {
      for (const text of strings(reader.message(), 3)) noteTexts(text, context, 'its metadata');
    } else reader.skip();
  }
}

/** Texts in a message; `depth` messages deep. */
function strings(reader: WireReader, depth = 1): string[] {
  const out: string[] = [];
  while (reader.next()) {
    if (reader.wire !== 2) {
      reader.skip();
      continue;
    }
    const chunk = reader.chunk();
    const text = new TextDecoder().decode(chunk);
    if (!text.includes('\ufffd') && !/[\0-\x08]/.test(text)) out.push(text);
    else if (depth > 1) {
      try {
        out.push(...strings(new WireReader(chunk, reader.file), depth - 1));
      } catch (error) {
        if (!(error instanceof BrineError)) throw error;
      }
    }
  }
  return out;
}
