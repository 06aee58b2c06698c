import { rule } from './rule.js';
import { concat, latin1, pickle, zip } from './sample.js';

export default rule({
  id: 'archive-hidden-data',
  title: 'bytes of the archive belong to no member',
  severity: 'medium',
  verdict: 'unknown',
  meaning:
    'Something lies before the archive or between its members that its directory does not list: a program that unpacks itself, or something that is to be found by another reader. It was examined as a file of its own.',
  cwe: 'CWE-436',
  advice: 'Look at what was found there; an ordinary model has nothing in that place.',
  bad: { 'a line before it': () => concat(latin1('#!/bin/sh\n'), zip({ 'model.pkl': pickle('N') })) },
  good: { 'an archive': () => zip({ 'model.pkl': pickle('N') }) },
});
