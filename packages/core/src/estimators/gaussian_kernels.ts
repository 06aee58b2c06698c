import { BrineError } from '../errors.js';
import type { KernelStep, PairwiseMetric } from '../graph/kernel-program.js';
import { PyDict, PyInstance, type PyValue } from '../pickle/values.js';
import { asNumber, asText, badState, number, vector, type Field, type Reading } from './fields.js';

/** Kernels of sklearn.gaussian_process.kernels as programs. */

/** Sums and products in one kernel: honest ones have a handful (CWE-674). */
const KERNEL_STEPS = 1000;

const pairwiseNames: Readonly<Record<string, PairwiseMetric>> = {
  linear: 'linear',
  poly: 'polynomial',
  polynomial: 'polynomial',
  rbf: 'rbf',
  laplacian: 'laplacian',
  sigmoid: 'sigmoid',
  cosine: 'cosine',
  chi2: 'chi2',
  additive_chi2: 'additive_chi2',
};

/** A kernel of sklearn.metrics.pairwise with what the callers' options leave open. */
export function pairwiseStep(
  metric: string | undefined,
  options: { readonly gamma: number; readonly degree?: number; readonly coef0?: number },
): KernelStep | undefined {
  const known = metric === undefined || !Object.hasOwn(pairwiseNames, metric) ? undefined : pairwiseNames[metric];
  if (known === undefined) return undefined;
  return {
    op: 'pairwise',
    metric: known,
    gamma: options.gamma,
    degree: options.degree ?? 3,
    coef0: options.coef0 ?? 1,
  };
}

/** How each class is made of its attributes; inner kernels come from `children`. */
const leaves: Readonly<Record<string, (read: Reader) => KernelStep>> = {
  ConstantKernel: (read) => ({ op: 'constant', value: read.number('constant_value') }),
  WhiteKernel: (read) => ({ op: 'white', level: read.number('noise_level') }),
  RBF: (read) => ({ op: 'rbf', lengths: read.vector('length_scale') }),
  Matern: (read) => ({ op: 'matern', lengths: read.vector('length_scale'), nu: read.number('nu') }),
  RationalQuadratic: (read) => ({ op: 'rational', length: read.number('length_scale'), alpha: read.number('alpha') }),
  ExpSineSquared: (read) => ({
    op: 'periodic',
    length: read.number('length_scale'),
    period: read.number('periodicity'),
  }),
  DotProduct: (read) => ({ op: 'dot', offset: read.number('sigma_0') ** 2 }),
  PairwiseKernel: (read) => {
    const metric = asText(read.instance.attribute('metric'));
    const given = read.instance.attribute('pairwise_kernels_kwargs');
    const options = new Map<string | undefined, number | undefined>();
    if (given instanceof PyDict) for (const [k, v] of given.entries()) options.set(asText(k), asNumber(v));
    const [degree, coef0] = [options.get('degree'), options.get('coef0')];
    const step = pairwiseStep(metric, {
      gamma: read.number('gamma'),
      ...(degree === undefined ? {} : { degree }),
      ...(coef0 === undefined ? {} : { coef0 }),
    });
    if (!step)
      throw new BrineError('UNSUPPORTED', `PairwiseKernel with metric=${metric ?? 'a function'}`, {
        path: read.at.path,
      });
    return step;
  },
};

class Reader {
  readonly instance: PyInstance;
  readonly at: Reading;
  constructor(instance: PyInstance, at: Reading) {
    this.instance = instance;
    this.at = at;
  }
  number(name: string): number {
    return number(this.instance.attribute(name), { ...this.at, path: `${this.at.path}.${name}` });
  }
  vector(name: string): Float64Array {
    return vector(this.instance.attribute(name), { ...this.at, path: `${this.at.path}.${name}` }).data as Float64Array;
  }
}

/** The steps of a kernel object, inner ones first. */
export const kernelProgram: Field<readonly KernelStep[]> = (value, at) => {
  const out: KernelStep[] = [];
  const open: (KernelStep | { readonly value: PyValue | undefined; readonly path: string })[] = [
    { value, path: at.path },
  ];
  // Taken from the end, so an operation is pushed before what it takes.
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (out.length + open.length > KERNEL_STEPS)
      throw new BrineError('LIMIT', `a kernel of more than ${KERNEL_STEPS} parts`, { path: at.path });
    if ('op' in next) {
      out.push(next);
      continue;
    }
    const here = { owner: at.owner, path: next.path };
    const kernel = next.value;
    if (!(kernel instanceof PyInstance)) throw badState(here, 'a kernel', kernel);
    const inner = (name: string): { value: PyValue | undefined; path: string } => ({
      value: kernel.attribute(name),
      path: `${here.path}.${name}`,
    });
    if (!/^sklearn\.gaussian_process\.kernels$/.test(kernel.module))
      throw new BrineError('UNSUPPORTED', `the kernel ${kernel.module}.${kernel.name}`, { path: here.path });
    if (kernel.name === 'Sum' || kernel.name === 'Product')
      open.push({ op: kernel.name === 'Sum' ? 'sum' : 'product' }, inner('k2'), inner('k1'));
    else if (kernel.name === 'Exponentiation')
      open.push({ op: 'power', exponent: new Reader(kernel, here).number('exponent') }, inner('kernel'));
    else {
      const leaf = Object.hasOwn(leaves, kernel.name) ? leaves[kernel.name] : undefined;
      if (!leaf) throw new BrineError('UNSUPPORTED', `the kernel ${kernel.name}`, { path: here.path });
      out.push(leaf(new Reader(kernel, here)));
    }
  }
  return out;
};
