import { BrineError } from '../../errors.js';
import type { Detector, Head, Match } from './identity.js';

/** Formats that are text: JSON and XML of several kinds, tables, and what is left where a model should be. */

/** The text without a byte-order mark and blanks before it; undefined where the bytes are no text. */
function textOf(head: Head): string | undefined {
  const wide = head.text.startsWith('\xff\xfe') ? 'utf-16le' : head.text.startsWith('\xfe\xff') ? 'utf-16be' : 'utf-8';
  const text = new TextDecoder(wide).decode(head.bytes);
  return CONTROLS.test(text.slice(0, 4096)) ? undefined : text.trimStart();
}

/** Characters that no text has; tabs, line ends, form feeds and escape sequences are not among them. */
const CONTROLS = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

const notAModel = (head: Head, message: string): BrineError =>
  new BrineError('NOT_A_MODEL', message, { file: head.name });

export const gitLfs: Detector = {
  format: 'git-lfs',
  test: (head): Match | undefined => {
    if (!/^version https:\/\/(git-lfs\.github\.com|hawser\.github\.com)\/spec\//.test(head.text)) return undefined;
    const size = /^size (\d+)$/m.exec(head.text)?.[1];
    const what = size === undefined ? 'the file' : `the file of ${size} bytes`;
    return {
      confidence: 'certain',
      why: 'it begins with git-LFS’s version line',
      problem: notAModel(
        head,
        `a git-LFS pointer: ${what} itself was not downloaded; run “git lfs pull” where it came from`,
      ),
    };
  },
};

const SIGN_IN = /\b(log ?in|sign ?in|anmelden|password|authenticat|unauthori[sz]ed|forbidden|captcha)\b/i;

export const html: Detector = {
  format: 'html',
  test: (head): Match | undefined => {
    const text = textOf(head)?.replace(/^(\s*<!--[\s\S]*?-->|\s*<\?xml[\s\S]*?\?>)*\s*/, '');
    if (text === undefined || !/^<(!doctype html|html|head|body|title|meta|script)[\s>]/i.test(text)) return undefined;
    const title = /<title[^>]*>\s*([^<]{1,120}?)\s*<\/title>/i.exec(text)?.[1];
    const called = title === undefined ? '' : ` titled ${JSON.stringify(title)}`;
    const cause = SIGN_IN.test(text)
      ? 'a page to sign in came instead of the file: download it again while signed in'
      : 'the download gave a page about the file, not the file: use its link for raw content';
    return {
      confidence: 'certain',
      why: 'it begins as an HTML page',
      problem: notAModel(head, `a web page${called}, not a model; ${cause}`),
    };
  },
};

export const xml: Detector = {
  format: 'xml',
  test: (head): Match | undefined => {
    const text = textOf(head);
    if (text === undefined || !text.startsWith('<')) return undefined;
    const root =
      /^(?:<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>[]*(?:\[[\s\S]*?\])?\s*>|\s+)*<([A-Za-z_][\w:.-]*)/i.exec(
        text,
      )?.[1];
    if (root === undefined) return undefined;
    if (/^(\w+:)?PMML$/.test(root)) return { format: 'pmml', confidence: 'certain', why: 'XML whose root is PMML' };
    if (root === 'Error') {
      const message =
        /<Message>([^<]{1,200})<\/Message>/.exec(text)?.[1] ?? /<Code>([^<]{1,80})<\/Code>/.exec(text)?.[1];
      return {
        confidence: 'certain',
        why: 'XML whose root is Error',
        problem: notAModel(
          head,
          `an error message of a storage service, not a model${message === undefined ? '' : `: ${message}`}`,
        ),
      };
    }
    return {
      confidence: 'certain',
      why: `XML whose root is ${root}`,
      problem: notAModel(head, `XML whose root is ${root}, not a model`),
    };
  },
};

/** What the keys near the beginning (or end) of a JSON file make it; the first that fits. */
const jsonKinds: readonly { test: RegExp; match: Omit<Match, 'problem'>; advice?: string }[] = [
  {
    test: /^\{\s*"(learner|version)"[\s\S]*"(gradient_booster|learner_model_param)"|^\{\s*"learner"\s*:\s*\{/,
    match: { format: 'xgboost', variant: 'json', confidence: 'certain', why: 'JSON whose key is learner' },
  },
  {
    test: /^\{\s*"Config"\s*:\s*\{[\s\S]*"Model"\s*:/,
    match: { format: 'xgboost', variant: 'json-config', confidence: 'likely', why: 'JSON with Config and Model' },
  },
  {
    test: /^\[?\s*\{\s*"nodeid"\s*:/,
    match: { format: 'xgboost-dump', variant: 'json', confidence: 'certain', why: 'JSON whose first key is nodeid' },
    advice:
      'a dump of XGBoost’s trees for reading, not a model: it lacks objective and base score; use save_model instead of dump_model',
  },
  {
    test: /^\{\s*"name"\s*:\s*"tree"\s*,\s*"version"/,
    match: { format: 'lightgbm', variant: 'json', confidence: 'certain', why: 'JSON whose name is tree' },
  },
  {
    test: /"(oblivious_trees|features_info)"\s*:/,
    match: { format: 'catboost', variant: 'json', confidence: 'likely', why: 'JSON with CatBoost’s keys' },
  },
  {
    test: /"format"\s*:\s*"(layers|graph)-model"|"modelTopology"\s*:/,
    match: { format: 'tfjs', confidence: 'certain', why: 'JSON with a TensorFlow.js model’s keys' },
  },
  {
    test: /^\{\s*"(class_name|module)"[\s\S]*"config"\s*:/,
    match: { format: 'json', variant: 'keras-config', confidence: 'likely', why: 'JSON with class_name and config' },
    advice: 'a Keras architecture without its weights; save the whole model (.keras)',
  },
];

export const json: Detector = {
  format: 'json',
  test: (head): Match | undefined => {
    const text = textOf(head);
    if (text === undefined || !/^(\{\s*("|\})|\[\s*([[{"\-\d\]]|true|false|null|NaN))/.test(text)) return undefined;
    const kind = jsonKinds.find(({ test }) => test.test(text));
    if (kind !== undefined) {
      return { ...kind.match, ...(kind.advice === undefined ? {} : { problem: notAModel(head, kind.advice) }) };
    }
    const lines = text.split('\n', 3).map((line) => line.trim());
    if (lines.length > 1 && lines.slice(0, 2).every((line) => isJson(line) && /^[{[]/.test(line))) {
      return {
        format: 'jsonl',
        confidence: 'likely',
        why: 'each line is JSON',
        problem: notAModel(head, 'a table in JSON Lines, not a model'),
      };
    }
    return {
      confidence: 'likely',
      why: `it begins as JSON with ${JSON.stringify(text.slice(0, 20))}`,
      problem: notAModel(head, 'JSON that is no model brine knows'),
    };
  },
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** MLflow's `MLmodel`: YAML with flavours. */
export const mlflow: Detector = {
  format: 'mlflow',
  test: (head): Match | undefined => {
    const text = textOf(head);
    if (text === undefined || !/^flavors:\s*$/m.test(text)) return undefined;
    if (!/^(artifact_path|mlflow_version|model_uuid|model_id|run_id|utc_time_created):/m.test(text)) return undefined;
    return { confidence: 'certain', why: 'YAML with flavors, as MLflow’s MLmodel is' };
  },
};

const LINES = 20;

export const csv: Detector = {
  format: 'csv',
  test: (head): Match | undefined => {
    const text = textOf(head);
    if (text === undefined) return undefined;
    const lines = text
      .slice(0, 32768)
      .split(/\r?\n/, LINES + 1)
      .filter((line) => line !== '');
    // The last may be cut.
    if (head.size > head.bytes.length) lines.pop();
    if (lines.length < 2) return undefined;
    for (const [separator, name] of [
      [',', 'commas'],
      ['\t', 'tabs'],
      [';', 'semicolons'],
      ['|', 'bars'],
    ] as const) {
      const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(separator).length);
      if (counts[0] < 2 || !counts.every((count) => count === counts[0])) continue;
      return {
        confidence: 'likely',
        why: `${lines.length} lines of ${counts[0]} fields between ${name}`,
        problem: notAModel(head, 'a table of data, not a model'),
        ...(separator === '\t' ? { variant: 'tsv' } : {}),
      };
    }
    return undefined;
  },
};

export const xgboostTextDump: Detector = {
  format: 'xgboost-dump',
  test: (head): Match | undefined =>
    /^(booster\[0\]:\r?\n)?0:\[[^\]\n]+\] yes=\d+,no=\d+/.test(head.text)
      ? {
          variant: 'text',
          confidence: 'certain',
          why: 'its first line is a node of XGBoost’s text dump',
          problem: notAModel(
            head,
            'a dump of XGBoost’s trees for reading, not a model; use save_model instead of dump_model',
          ),
        }
      : undefined,
};

/** Of a text that is not UTF-8 but some older encoding, this share of letters may be unreadable. */
const UNREADABLE = 0.1;

export const text: Detector = {
  format: 'text',
  test: (head): Match | undefined => {
    const start = textOf(head)?.slice(0, 4096);
    if (start === undefined || start === '') return undefined;
    if (start.split('\ufffd').length - 1 > UNREADABLE * start.length) return undefined;
    const line = JSON.stringify(start.split(/\r?\n/, 1)[0].slice(0, 60));
    return {
      confidence: 'guess',
      why: `it is text that begins ${line}`,
      problem: notAModel(head, `text that begins ${line}, not a model`),
    };
  },
};
