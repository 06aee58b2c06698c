import type { EnvironmentReport, Pin } from './environment.js';

/** The forms in which an environment is written down. */
export const listFormats = ['requirements', 'pyproject', 'conda', 'docker'] as const;
export type ListFormat = (typeof listFormats)[number];

const pinned = ({ package: name, version }: Pin): string => (version === undefined ? name : `${name}==${version}`);

/** What a file's name may hold in a comment: nothing that ends the line. */
const quiet = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

function heading(report: EnvironmentReport): string[] {
  const lines = [`# loads ${quiet(report.file)} as it is, with Python ${report.python}`];
  if (report.own.length > 0) lines.push(`# it also needs the author's own ${report.own.map(quiet).join(', ')}`);
  return lines;
}

const writers: Readonly<Record<ListFormat, (report: EnvironmentReport) => string[]>> = {
  requirements: (report) => [...heading(report), ...report.pins.map(pinned)],
  pyproject: (report) => [
    ...heading(report),
    '[project.optional-dependencies]',
    'model = [',
    ...report.pins.map((pin) => `  "${pinned(pin)}",`),
    ']',
  ],
  conda: (report) => [
    ...heading(report),
    'name: model',
    'channels:',
    '  - conda-forge',
    'dependencies:',
    `  - python=${report.python}`,
    // conda knows no `.post1`, and takes the newest build of a version.
    ...report.pins.map(({ package: name, version }) =>
      version === undefined ? `  - ${name}` : `  - ${name}=${version.replace(/\.post\d+$/, '')}`,
    ),
  ],
  docker: (report) => [
    ...heading(report),
    `FROM python:${report.python}-slim`,
    `RUN pip install --no-cache-dir ${report.pins.map((pin) => `"${pinned(pin)}"`).join(' ')}`,
  ],
};

/** The environment as a requirements file, the extras of a pyproject.toml, a conda.yaml or a Dockerfile. */
export function environmentList(report: EnvironmentReport, format: ListFormat): string {
  return `${writers[format](report).join('\n')}\n`;
}
