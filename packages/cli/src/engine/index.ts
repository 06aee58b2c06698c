import { BrineError, open, type Model, type ModelOutput } from '@brine/core';
import { runWith, type OnnxRuntime } from '@brine/core/tools';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hinted } from '../commands/failure.js';

/**
 * A model as `engine` runs it; a model that is no graph is written as ONNX first. Nothing is installed: the package is
 * looked for where the command runs, then where brine is.
 * Throws MISSING_PART with the command that installs it.
 */
export async function withEngine(model: Model, engine: string, path?: string): Promise<Model> {
  if (engine === 'brine') return asGraph(model);
  const runtime = await load(engine);
  return runWith(model, runtime, {
    name: engine,
    ...(path !== undefined && engine === 'onnxruntime-node' ? { path } : {}),
  });
}

/**
 * One method of a model as `engine` computes it: written as ONNX, given the model's own inputs, answered as the model
 * itself would. A graph is run as it is.
 */
export async function methodWithEngine(model: Model, method: string, engine: string, path: string): Promise<Model> {
  if (model.inputs.kind === 'tensors') return withEngine(model, engine, path);
  const graph = await open(await model.toOnnx({ methods: [method] }), { name: `${method} as ONNX` });
  const runner = await withEngine(graph, engine);
  return new Proxy(model, {
    get(target, key) {
      if (key === 'run')
        return async (asked: string, input?: Parameters<Model['run']>[1]): ReturnType<Model['run']> => {
          if (asked !== method) return target.run(asked, input);
          const answer = await runner.run('run', input);
          const values = 'outputs' in answer ? Object.values(answer.outputs) : [];
          return (values.length === 1 ? values[0] : values) as ModelOutput;
        };
      if (key === 'close')
        return async () => {
          await runner.close();
          await target.close();
        };
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** brine's own runtime, on the graph: a model of another format is written as ONNX and read back. */
async function asGraph(model: Model): Promise<Model> {
  if (model.inputs.kind === 'tensors') return model;
  return open(await model.toOnnx(), { name: 'the model as ONNX' });
}

async function load(name: string): Promise<OnnxRuntime> {
  const here = createRequire(pathToFileURL(join(process.cwd(), 'package.json')));
  let found: string;
  try {
    found = here.resolve(name);
  } catch {
    try {
      found = createRequire(import.meta.url).resolve(name);
    } catch (error) {
      throw hinted(
        new BrineError('MISSING_PART', `the engine ${name} is not installed here`, {}, { cause: error }),
        `npm install ${name}`,
      );
    }
  }
  try {
    const loaded = (await import(pathToFileURL(found).href)) as Partial<OnnxRuntime> & { default?: OnnxRuntime };
    const runtime = loaded.InferenceSession ? (loaded as OnnxRuntime) : loaded.default;
    if (!runtime?.InferenceSession) throw new Error('it exports no InferenceSession');
    calm(runtime);
    return runtime;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw hinted(
      new BrineError('UNSUPPORTED', `the engine ${name} is installed, but does not load: ${why}`, {}, { cause: error }),
      `npm install ${name} again`,
    );
  }
}

/** One thread: sums in one order, so that the same file gives the same answers; and no warnings among results. */
function calm(runtime: object): void {
  const env = 'env' in runtime ? (runtime.env as { logLevel?: string; wasm?: { numThreads?: number } }) : undefined;
  if (!env) return;
  env.logLevel = 'error';
  if (env.wasm) env.wasm.numThreads = 1;
}
