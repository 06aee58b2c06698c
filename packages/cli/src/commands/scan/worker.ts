/**
 * One of the threads that scan a folder. The thread runs this very file; where it is merely imported, it only says where
 * it is.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { ReadRoom } from '../../source/file.js';
import { useNodeZlib } from '../../source/platform.js';
import { failureOf, type Failure } from '../failure.js';
import { scanOne, type ScanJob, type Scanned } from './one.js';
import type { Target } from './targets.js';

/** What a thread is given. */
export interface Batch {
  readonly first: number;
  readonly targets: readonly Target[];
}

/** What a thread answers: a file's index among all, and what became of it; without one, the batch is done. */
export type Answer =
  | { readonly kind: 'scanned'; readonly index: number; readonly scanned: Scanned }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'done' };

export const workerUrl = new URL(import.meta.url);

/** Marks a thread as one of ours. */
export const WORKER = 'brine scan';

interface Given {
  readonly kind: typeof WORKER;
  readonly job: ScanJob;
}

const given = workerData as Partial<Given> | null;
if (!isMainThread && given?.kind === WORKER && parentPort !== null) {
  const port = parentPort;
  const { job } = given as Given;
  const say = (answer: Answer): void => {
    port.postMessage(answer);
  };
  useNodeZlib();
  const room = new ReadRoom();
  port.on('message', ({ first, targets }: Batch) => {
    void (async () => {
      for (const [i, target] of targets.entries()) {
        try {
          say({ kind: 'scanned', index: first + i, scanned: await scanOne(target, job, room) });
        } catch (error) {
          say({ kind: 'failed', failure: failureOf(error) });
          return;
        }
      }
      say({ kind: 'done' });
    })();
  });
}
