/** What may run a graph: brine's own runtime, or a package that the user has installed. */
export const ENGINES = ['brine', 'onnxruntime-node', 'onnxruntime-web'] as const;
export type EngineName = (typeof ENGINES)[number];
