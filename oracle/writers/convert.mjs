// Converts files with the built package: node convert.mjs BRINE JOBS.json. Each job is {id, from, to, target, options};
// the answer on standard output has {id, refused} for each that was refused, or {id, how} for what was verified.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [brine, jobs] = process.argv.slice(2);
const beside = (name) => import(pathToFileURL(join(dirname(resolve(brine)), name)).href);
const { fileSource, open } = await beside('index.js');
const { convert, targetNamed } = await beside('tools.js');

const results = [];
for (const { id, from, to, target, options } of JSON.parse(readFileSync(jobs, 'utf8'))) {
  try {
    const model = await open(from);
    const conversion = await convert(model, targetNamed(target), options);
    for (const { name, chunks } of [...conversion.parts, { name: basename(to), chunks: () => conversion.chunks() }]) {
      const pieces = [];
      for await (const chunk of chunks()) pieces.push(chunk);
      writeFileSync(join(dirname(to), name), Buffer.concat(pieces));
    }
    const { how } = await conversion.verify(await fileSource(to));
    await model.close();
    results.push({ id, how });
  } catch (error) {
    results.push({ id, refused: error.code ? error.message : error.stack, code: error.code ?? 'INTERNAL' });
  }
}
process.stdout.write(JSON.stringify(results));
