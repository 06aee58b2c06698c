/**
 * An ONNX file opened, one measurement in a fresh process; prints a line of JSON in milliseconds.
 *
 *     node bench/read.mjs FILE
 */
const { open } = await import(new URL(process.env.BRINE ?? '../packages/cli/dist/index.js', import.meta.url));
const took = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};
const [start, used] = [performance.now(), process.cpuUsage()];
const model = await open(process.argv[2]);
const figures = { open: performance.now() - start, 'open cpu': took(used) };
model.describe();
console.log(JSON.stringify({ ...figures, 'process cpu': took() }));
