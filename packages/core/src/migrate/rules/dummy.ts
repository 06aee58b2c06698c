import { dummies } from '../states/dummy.js';
import { meant } from '../define.js';
import type { Chapter } from '../rule.js';

export const dummy: Chapter = {
  module: 'sklearn.dummy',
  rules: [
    ...dummies,

    meant('0.22', 'strategy', 'warn', 'stratified', ['DummyClassifier'], 'sklearn/dummy.py', 'came'),
    meant('0.24', 'strategy', 'warn', 'stratified', ['DummyClassifier'], 'sklearn/dummy.py', 'went'),
  ],
};
