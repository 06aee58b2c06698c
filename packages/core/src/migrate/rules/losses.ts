import { lossObjects } from '../states/losses.js';
import type { Chapter } from '../rule.js';

export const losses: Chapter = {
  module: 'sklearn._loss',
  moves: [
    {
      since: '0.17',
      from: '_loss',
      to: 'sklearn._loss._loss',
      source:
        'files of 1.5 to 1.8 name the compiled module without its package; every version has it under the full name',
    },
  ],
  rules: [...lossObjects],
};
