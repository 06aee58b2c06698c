import type { Chapter } from '../rule.js';

export const sklearn: Chapter = {
  module: 'sklearn',
  moves: [
    {
      since: '0.20',
      from: 'sklearn',
      to: 'sklearn._config',
      names: ['config_context', 'get_config', 'set_config'],
      source: 'sklearn/_config.py',
    },
  ],
};
