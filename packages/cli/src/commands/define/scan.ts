import { InvalidArgumentError, Option } from 'commander';
import type { Define } from './definition.js';
import type { ScanOptions } from '../scan/index.js';

const EXAMPLES = `
Examples:
  brine scan model.pkl                                   one file, explained
  brine scan models/ --format sarif --output scan.sarif  a folder, for code hosts
  brine scan models/ --policy brine-policy.json          with names of your own vouched for
  brine scan models/ --write-baseline accepted.json      accept what is there today …
  brine scan models/ --baseline accepted.json            … and hear of what is new
  curl -s https://example.org/m.pkl | brine scan -       before it touches the disk`;

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 64) throw new InvalidArgumentError('a number from 1 to 64');
  return count;
}

export const scan: Define = (program, io, done) => {
  program
    .command('scan')
    .description('may these files be let in? exit 0 clean, 1 dangerous, 2 incomplete, 3 unknown, 4 could not run')
    .argument('[path...]', 'files and folders; - is standard input')
    .option('--json', 'for machines: the same as --format json')
    .addOption(new Option('--format <form>', 'text, json, sarif or junit').choices(['text', 'json', 'sarif', 'junit']))
    .option('-o, --output <file>', 'where the report goes, whole or not at all; by default, standard output')
    .option('--policy <file>', 'JSON: names to vouch for, names, formats and rules to forbid, limits')
    .option('--baseline <file>', 'accepts the findings in it, as long as their files stay the same')
    .option('--write-baseline <file>', 'writes what was found as a baseline')
    .addOption(
      new Option('--fail-on <verdict>', 'end with 0 below this verdict (by default, for clean files alone)').choices([
        'unknown',
        'incomplete',
        'dangerous',
      ]),
    )
    .option('--threads <n>', 'how many threads scan a folder; by default, as many as are worth it', countOf)
    .option('--rules', 'lists the rules')
    .option('--explain <rule>', 'says what a rule means, and what to do')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], options: ScanOptions) => {
      done(await (await import('../scan/index.js')).scan(paths, options, io));
    });
};
