// What brine says of skops files, for judge.py: node untrusted.mjs BRINE JOBS.json. Each job is {file}, or {from, file}
// where `from` is first written as the skops file `file`; answers are {untrusted}, or {refused, code}.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [brine, jobs] = process.argv.slice(2);
const beside = (name) => import(pathToFileURL(join(dirname(resolve(brine)), name)).href);
const { fileSource, open } = await beside('index.js');
const { convert, targetNamed, untrustedTypes } = await beside('tools.js');

const answers = [];
for (const { from, file } of JSON.parse(readFileSync(jobs, 'utf8'))) {
  const answer = {};
  answers.push(answer);
  try {
    if (from) {
      const conversion = await convert(await open(from), targetNamed('skops'), { keepUnknown: true });
      const parts = [];
      for await (const chunk of conversion.chunks()) parts.push(chunk);
      writeFileSync(file, Buffer.concat(parts));
      answer.written = true;
    }
    answer.untrusted = await untrustedTypes(await fileSource(file));
  } catch (error) {
    answer.refused = error.code ? error.message : error.stack;
    answer.code = error.code ?? 'INTERNAL';
  }
}
process.stdout.write(JSON.stringify(answers));
