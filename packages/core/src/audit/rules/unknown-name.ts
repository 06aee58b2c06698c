import { rule } from './rule.js';
import { global, pickle } from './sample.js';

export default rule({
  id: 'unknown-name',
  title: 'it holds names that nobody vouches for',
  severity: 'medium',
  verdict: 'unknown',
  meaning:
    'Loading the file imports a class or function that is on no list of names known to be harmless: mostly a class of its author’s own project. Importing runs the module’s top level, and what its methods do when the object is made is not known here.',
  cwe: 'CWE-502',
  advice:
    'If the name is your team’s own, vouch for it in a policy file: { "names": { "vouch": ["NAME"] } }. If it is not, look at its code first.',
  bad: {
    'a class of a project': () => pickle(`${global('churn_app.models', 'Churn')})\x81`),
  },
  good: {
    'a class of scikit-learn': () => pickle(`${global('sklearn.linear_model._base', 'LinearRegression')})\x81`),
  },
});
