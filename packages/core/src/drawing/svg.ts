import { layered, type Point, type Size } from './layout.js';
import type { Box, Picture } from './picture.js';

const MARGIN = 24;
const TITLE = 15;
const LINE = 12;
const PAD = 10;
const HEADING = 34;

const STYLE = `
svg{background:#fff;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.b{stroke-width:1.2}.operator{fill:#eef3fb;stroke:#7c9acb}.group{fill:#f4f0fa;stroke:#9a86c4;stroke-dasharray:5 3}
.input{fill:#e8f6ec;stroke:#5fa777}.output{fill:#fdf0e3;stroke:#d0894b}.captured{fill:#f3f3f3;stroke:#999;stroke-dasharray:3 3}
.t{font-size:13px;font-weight:600;fill:#1d2733}.l{font-size:10.5px;fill:#5a6675}.h{font-size:15px;font-weight:600;fill:#1d2733}
.n{font-size:11px;fill:#5a6675}.a{fill:none;stroke:#93a0b0;stroke-width:1.3}.m{fill:#93a0b0}
@media (prefers-color-scheme:dark){svg{background:#14181d}.operator{fill:#1e2a3d;stroke:#5c7db3}.group{fill:#2a2438;stroke:#8672b5}
.input{fill:#183023;stroke:#4f9468}.output{fill:#38291a;stroke:#c07c40}.captured{fill:#23272d;stroke:#777}.t,.h{fill:#e8edf3}.l,.n{fill:#a5b1c0}}`;

/** Pictures as one SVG, one below the other: no scripts, no links, and nothing of the file unescaped. */
export function svgOf(pictures: readonly Picture[]): string {
  const parts: string[] = [];
  let width = 0;
  let y = MARGIN;
  for (const picture of pictures) {
    const drawn = drawPicture(picture, y);
    parts.push(drawn.text);
    width = Math.max(width, drawn.width);
    y += drawn.height + MARGIN * 1.5;
  }
  const [w, h] = [Math.ceil(Math.max(width + MARGIN * 2, 240)), Math.ceil(y)];
  const title = escapeXml(pictures[0]?.title ?? '');
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="${title}">
<title>${title}</title><style>${STYLE}</style>
<defs><marker id="e" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="m" d="M0 0 8 4 0 8z"/></marker></defs>
${parts.join('\n')}
</svg>
`;
}

function drawPicture(picture: Picture, top: number): { text: string; width: number; height: number } {
  const sizes = picture.boxes.map(sizeOf);
  const layout = layered(sizes, picture.arrows);
  const head = HEADING + (picture.note === undefined ? 0 : 16);
  const out = [`<text class="h" x="${MARGIN}" y="${round(top + 14)}">${escapeXml(picture.title)}</text>`];
  if (picture.note !== undefined)
    out.push(`<text class="n" x="${MARGIN}" y="${round(top + 31)}">${escapeXml(picture.note)}</text>`);
  const shift = (p: Point): Point => ({ x: p.x + MARGIN, y: p.y + top + head });
  for (const route of layout.routes) out.push(`<path class="a" marker-end="url(#e)" d="${curve(route.map(shift))}"/>`);
  picture.boxes.forEach((box, i) => out.push(drawBox(box, sizes[i], shift(layout.places[i]))));
  const heading = Math.max(picture.title.length * 8.5, (picture.note?.length ?? 0) * 6);
  return { text: out.join('\n'), width: Math.max(layout.width, heading), height: layout.height + head };
}

function sizeOf(box: Box): Size {
  const widest = Math.max(textWidth(box.title, 7.4), ...box.lines.map((l) => textWidth(l, 5.7)));
  return {
    width: Math.max(64, Math.ceil(widest) + PAD * 2),
    height: PAD * 2 + TITLE + box.lines.length * (LINE + 2) - 3,
  };
}

/** Estimated, with room to spare: wide scripts take twice as much. */
function textWidth(text: string, each: number): number {
  let width = 0;
  for (const c of text) width += c.codePointAt(0)! > 0x2e80 ? each * 1.9 : each;
  return width;
}

function drawBox(box: Box, { width, height }: Size, at: Point): string {
  const [x, y] = [round(at.x - width / 2), round(at.y - height / 2)];
  const round8 = box.kind === 'input' || box.kind === 'output' ? Math.min(16, height / 2) : 6;
  const lines = box.lines.map(
    (line, i) =>
      `<text class="l" text-anchor="middle" x="${round(at.x)}" y="${round(y + PAD + TITLE + 10 + i * (LINE + 2))}">${escapeXml(line)}</text>`,
  );
  const full = escapeXml([box.title, ...box.lines].join('\n'));
  return `<g><title>${full}</title><rect class="b ${box.kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${round8}"/><text class="t" text-anchor="middle" x="${round(at.x)}" y="${round(y + PAD + 11)}">${escapeXml(box.title)}</text>${lines.join('')}</g>`;
}

/** From point to point, leaving and arriving upright. */
function curve(points: readonly Point[]): string {
  let d = `M${round(points[0].x)} ${round(points[0].y)}`;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    const middle = round((a.y + b.y) / 2);
    d += `C${round(a.x)} ${middle} ${round(b.x)} ${middle} ${round(b.x)} ${round(b.y)}`;
  }
  return d;
}

const round = (x: number): number => Math.round(x * 10) / 10;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => entities[c]);
}
