import { rule } from './rule.js';
import { latin1, pickle } from './sample.js';

export default rule({
  id: 'not-a-model',
  title: 'it is no model',
  severity: 'info',
  verdict: 'unknown',
  meaning:
    'The content is a table, a text, an image or the like. It was also tried as a pickle, without a finding. In a folder, such files are counted aside and change no verdict.',
  advice: 'Nothing, unless a model was expected: then the wrong file was sent.',
  bad: {
    'a table': () => latin1('a,b\n1,2\n3,4\n'),
  },
  good: {
    'a pickle': () => pickle('N'),
  },
});
