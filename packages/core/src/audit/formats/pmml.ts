import type { Examiner } from '../examiner.js';
import { textOf } from './json-value.js';
import { listed, words } from './operators.js';
import { quoted } from './paths.js';
import { noteTexts } from './secrets.js';

/** Declarations, comments, instructions, CDATA and tags: enough of XML to see what a document asks for. */
const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE(?:[^[>]*\[[\s\S]*?\]\s*>|[^>]*>)|<!ENTITY[\s\S]*?>|<\/?[A-Za-z_][^<>]*>/g;

/** Functions that PMML 4.4 has. */
const functions = words(
  `+ - * / min max sum avg median product log10 ln sqrt abs exp pow threshold floor ceil round modulo expm1 hypot ln1p rint sin
   asin sinh cos acos cosh tan atan tanh isMissing isNotMissing isValid isNotValid equal notEqual lessThan lessOrEqual
   greaterThan greaterOrEqual and or not isIn isNotIn if uppercase lowercase stringLength substring trimBlanks concat replace
   matches formatNumber formatDatetime dateDaysSinceYear dateSecondsSinceYear dateSecondsSinceMidnight normalCDF normalPDF
   stdNormalCDF stdNormalPDF erf normalIDF stdNormalIDF`,
);

/** PMML: entities that reach files, functions that are classes, extensions. */
export const examiner: Examiner = {
  formats: ['pmml'],
  async examine(source, context) {
    const text = await textOf(source);
    const defined = new Set(
      [...text.matchAll(/<DefineFunction\b[^>]*\bname="([^"]*)"/g)].map(([, name]) => name ?? ''),
    );
    const unknown = new Set<string>();
    let open = 0;
    let closed = false;
    for (const { 0: token, index } of text.matchAll(TOKEN)) {
      const details = { offset: index };
      if (token.startsWith('<!DOCTYPE') || token.startsWith('<!ENTITY')) {
        const outside = /\b(SYSTEM|PUBLIC)\s+["']([^"']*)/.exec(token);
        if (outside !== null)
          context.report('xml-entity', `its document type takes in ${quoted(outside[2] ?? '')} from outside`, details);
        else if (/<!ENTITY/.test(token))
          context.report(
            'resource-bomb',
            'it declares entities of its own, which may be nested until they fill all memory',
            details,
          );
        continue;
      }
      if (token.startsWith('<?xml-stylesheet'))
        context.report('xml-entity', `it asks for a style sheet: ${quoted(token)}`, details);
      if (token.startsWith('<!') || token.startsWith('<?')) continue;
      if (token.startsWith('</')) {
        open--;
        closed = open === 0;
        continue;
      }
      if (!token.endsWith('/>')) open++;
      if (/^<(\w+:)?include\b/.test(token))
        context.report('xml-entity', `it includes another document: ${quoted(token)}`, details);
      const called = /^<Apply\b[^>]*\bfunction="([^"]*)"/.exec(token)?.[1];
      if (called !== undefined && !functions.has(called) && !defined.has(called)) unknown.add(called);
    }
    if (!closed || open !== 0) context.incomplete('its last element is not closed: it was cut short');
    if (unknown.size > 0)
      context.report(
        'unknown-operator',
        `it calls functions that PMML does not have, which some programs look up as classes: ${listed([...unknown].map(quoted))}`,
      );
    noteTexts(text, context, 'it');
  },
};
