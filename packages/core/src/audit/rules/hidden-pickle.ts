import { rule } from './rule.js';
import { pickle } from './sample.js';

export default rule({
  id: 'hidden-pickle',
  title: 'it holds another pickle or archive as plain bytes',
  severity: 'info',
  verdict: 'information',
  meaning:
    'A byte string in the file is itself a pickle or an archive. Some libraries save parts so, and load them when the outer object is loaded. The inner pickle was examined as if it had been a file of its own.',
  advice: 'Nothing in itself: what the inner pickle would do is listed with it.',
  bad: {
    'a pickle in bytes': () => pickle('C\x0d\x80\x04]K\x01aK\x02aK\x03a.'),
  },
  good: {
    'other bytes': () => pickle('C\x05hello'),
  },
});
