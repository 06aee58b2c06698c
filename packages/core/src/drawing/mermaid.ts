import type { Box, Picture } from './picture.js';

const shapes: Readonly<Record<Box['kind'], readonly [string, string]>> = {
  input: ['([', '])'],
  output: ['([', '])'],
  operator: ['[', ']'],
  group: ['[[', ']]'],
  captured: ['(', ')'],
};

/** Pictures as a Mermaid flowchart: each a subgraph where there are several. */
export function mermaidOf(pictures: readonly Picture[]): string {
  const out = ['flowchart TD'];
  pictures.forEach((picture, p) => {
    const several = pictures.length > 1;
    if (several) out.push(`  subgraph p${p}["${escapeLabel(picture.title)}"]`);
    const indent = several ? '    ' : '  ';
    if (picture.note !== undefined) out.push(`${indent}%% ${picture.note}`);
    picture.boxes.forEach((box, i) => {
      const [open, close] = shapes[box.kind];
      const lines = box.lines.map((line) => `<br>${escapeLabel(line)}`).join('');
      out.push(`${indent}p${p}n${i}${open}"${escapeLabel(box.title)}${lines}"${close}:::${box.kind}`);
    });
    for (const { from, to } of picture.arrows) out.push(`${indent}p${p}n${from} --> p${p}n${to}`);
    if (several) out.push('  end');
  });
  out.push('  classDef input fill:#e8f6ec,stroke:#5fa777,color:#1d2733');
  out.push('  classDef output fill:#fdf0e3,stroke:#d0894b,color:#1d2733');
  out.push('  classDef operator fill:#eef3fb,stroke:#7c9acb,color:#1d2733');
  out.push('  classDef group fill:#f4f0fa,stroke:#9a86c4,color:#1d2733');
  out.push('  classDef captured fill:#f3f3f3,stroke:#999,color:#1d2733');
  return `${out.join('\n')}\n`;
}

/** What is neither letter nor digit goes as Mermaid's own code for the character: names come from files. */
function escapeLabel(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:_×…+·-]/gu, (c) => `#${c.codePointAt(0)!};`);
}
