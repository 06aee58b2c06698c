import { rule } from './rule.js';
import { concat, latin1, pickle } from './sample.js';

export default rule({
  id: 'trailing-data',
  title: 'bytes behind its end were not understood',
  severity: 'medium',
  verdict: 'incomplete',
  meaning:
    'The object ends before the file does, and what follows is no further object. Python never looks at it, but another program may be meant to.',
  advice: 'Ask what the bytes are. Files that were concatenated or overwritten in place look like this, too.',
  bad: {
    'text behind a pickle': () => concat(pickle('N'), latin1('and then some more')),
  },
  good: {
    'a second pickle behind a pickle': () => concat(pickle('N'), pickle('K\x01')),
  },
});
