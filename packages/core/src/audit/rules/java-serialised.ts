import { rule } from './rule.js';
import { latin1, pickle } from './sample.js';

export default rule({
  id: 'java-serialised',
  title: 'it is a serialised Java object, which is not read here',
  severity: 'medium',
  verdict: 'unknown',
  meaning:
    'Java’s ObjectInputStream makes objects of every class that the file names and calls their readObject, before anybody can look at them. What that does depends on the classes that the reading program has.',
  cwe: 'CWE-502',
  advice: 'Read it only with a filter of classes (ObjectInputFilter), or ask for PMML or ONNX.',
  bad: { 'a Weka model': () => latin1('\xac\xed\0\x05sr\0\x1aweka.classifiers.trees.J48\0\0\0\0\0\0\0\x01\x02\0\0xp') },
  good: { 'a pickle': () => pickle('N') },
});
