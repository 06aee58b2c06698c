import { BrineError } from '../errors.js';
import { BufferSource } from '../bytes/source.js';
import type { Model } from '../model/model.js';
import type { OnnxFile, OnnxOptions } from '../model/onnx.js';
import { open } from '../model/open.js';
import { verifyModels, type OutputComparison } from '../verify/index.js';
import type { Prepared, Subject } from './target.js';

/** What belongs to this target alone (`TargetOptions.own`). */
export type OwnOnnxOptions = Pick<
  OnnxOptions,
  'methods' | 'opset' | 'float32' | 'trees' | 'allowApproximate' | 'inputs' | 'missingText'
>;

/** A graph of ONNX operators, for onnxruntime and whatever else runs those. */
export async function prepare({ model, options }: Subject): Promise<Prepared> {
  if (options.compress !== undefined && options.compress !== 'none')
    throw new BrineError(
      'BAD_ARGUMENT',
      'nothing reads compressed ONNX files: pack them yourself where it is worth it',
    );
  const own = (options.own ?? {}) as OwnOnnxOptions;
  const file = await model.exportOnnx(own);
  const near = own.float32 === true || file.losses.length > 0;
  const measured = near ? await measure(model, file) : [];
  return {
    changes: [written(file, own)],
    lost: [...file.losses, ...measured, ...file.notes, ...left(model, file)],
    check: near ? 'measured' : 'answers',
    chunks: () => [file.bytes],
  };
}

function written(file: OnnxFile, { float32 }: OwnOnnxOptions): string {
  const opsets = [...file.opsets].map(([domain, version]) => `${domain === '' ? 'ai.onnx' : domain} ${version}`);
  const outputs = file.outputs.map((o) => (o.method === 'run' ? o.name : `${o.name} (${o.method})`));
  const inputs = file.inputs.length > 8 ? `${file.inputs.length} columns` : file.inputs.join(', ');
  const precision = float32 === true ? 'single' : 'double';
  return `a graph of ${file.nodes} nodes in ${precision} precision (${opsets.join(', ')}): ${inputs} → ${outputs.join(', ')}`;
}

/** Methods that the file does not answer, so that nobody looks for them. */
function left(model: Model, file: OnnxFile): string[] {
  const others = model.methods.filter(
    (m) => m !== 'get_feature_names_out' && !file.outputs.some((o) => o.method === m),
  );
  if (others.length === 0 || file.outputs.some((o) => o.method === 'run')) return [];
  return [`other methods (--method writes them): ${others.join(', ')}`];
}

/** How far the file's answers are from the model's, on rows made for the purpose. */
async function measure(model: Model, file: OnnxFile): Promise<string[]> {
  const back = await open(new BufferSource(file.bytes));
  try {
    const report = await verifyModels(model, back, { names: ['the model', 'the file'] });
    return report.methods.flatMap((m) => m.outputs).map((o) => `measured on ${report.rows} rows: ${difference(o)}`);
  } catch (error) {
    if (!(error instanceof BrineError)) throw error;
    return [`what that comes to was not measured: ${error.message}`];
  }
}

function difference(o: OutputComparison): string {
  if (o.kind === 'labels') return `${o.name}: ${o.different} of ${o.values} labels differ`;
  if (o.problem !== undefined) return `${o.name}: ${o.problem}`;
  if (!o.absolute && !o.relative) return `${o.name} is the same`;
  const figure = (x: number | undefined): string => (x ?? 0).toPrecision(2);
  return `${o.name} differs by up to ${figure(o.absolute?.value)} (relative ${figure(o.relative?.value)})`;
}
