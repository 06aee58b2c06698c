// Converts files with the built package: node convert.mjs BRINE JOBS.json. Each job is {id, from, to, target, options};
// the answer on standard output has {id, refused} for each that was refused, or {id, how} for what was verified.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [brine, jobs] = process.argv.slice(2);
const { convert, fileSource, open, targetNamed } = await import(pathToFileURL(resolve(brine)).href);

const results = [];
for (const { id, from, to, target, options } of JSON.parse(readFileSync(jobs, 'utf8'))) {
  try {
    const model = await open(from);
    const conversion = await convert(model, targetNamed(target), options);
    const parts = [];
    for await (const chunk of conversion.chunks()) parts.push(chunk);
    writeFileSync(to, Buffer.concat(parts));
    const { how } = await conversion.verify(await fileSource(to));
    await model.close();
    results.push({ id, how });
  } catch (error) {
    results.push({ id, refused: error.code ? error.message : error.stack, code: error.code ?? 'INTERNAL' });
  }
}
process.stdout.write(JSON.stringify(results));
