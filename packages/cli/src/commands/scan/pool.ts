import { BrineError, type ErrorCode } from '@brine/core/bytes';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { ReadRoom } from '../../source/file.js';
import { scanOne, type ScanJob, type Scanned } from './one.js';
import type { Target } from './targets.js';
import type { Answer, Batch } from './worker.js';

/** A thread takes some time to start, and more to run warm: fewer bytes and files are scanned sooner without. */
const FILES_WORTH_A_THREAD = 1000;
const BYTES_WORTH_A_THREAD = 64 * 1024 * 1024;
/** Files that a thread is given at a time. */
const BATCH = 16;

/**
 * Scans files, in as many threads as there are processors where that is worth it. `scanned` hears of each, in any order;
 * the result is in the files' order.
 */
export async function scanAll(
  targets: readonly Target[],
  job: ScanJob,
  scanned: (target: Target) => void,
  threads = threadsFor(targets),
): Promise<Scanned[]> {
  if (threads < 2) {
    const all: Scanned[] = [];
    const room = new ReadRoom();
    for (const target of targets) {
      all.push(await scanOne(target, job, room));
      scanned(target);
    }
    return all;
  }
  return new Pool(targets, job, scanned).run(threads);
}

function threadsFor(targets: readonly Target[]): number {
  const bytes = targets.reduce((sum, target) => sum + target.size, 0);
  const worth = Math.max(targets.length / FILES_WORTH_A_THREAD, bytes / BYTES_WORTH_A_THREAD);
  return Math.min(availableParallelism(), targets.length, Math.floor(worth));
}

class Pool {
  readonly #targets: readonly Target[];
  readonly #job: ScanJob;
  readonly #scanned: (target: Target) => void;
  readonly #results: (Scanned | undefined)[];
  #next = 0;

  constructor(targets: readonly Target[], job: ScanJob, scanned: (target: Target) => void) {
    this.#targets = targets;
    this.#job = job;
    this.#scanned = scanned;
    this.#results = new Array<Scanned | undefined>(targets.length).fill(undefined);
  }

  async run(threads: number): Promise<Scanned[]> {
    const { workerUrl, WORKER } = await import('./worker.js');
    // From the sources, as tests run, there is no file that a thread could load.
    if (fileURLToPath(workerUrl).endsWith('.ts')) return scanAll(this.#targets, this.#job, this.#scanned, 1);
    const { Worker } = await import('node:worker_threads');
    const workers = Array.from(
      { length: threads },
      () => new Worker(workerUrl, { workerData: { kind: WORKER, job: this.#job } }),
    );
    try {
      await Promise.all(workers.map((worker) => this.#serve(worker)));
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
    }
    return this.#results.map((result, i) => {
      if (result === undefined) throw new Error(`no answer about ${this.#targets[i].path}`);
      return result;
    });
  }

  /** Gives a thread one batch after the other; resolves when there are no more. */
  #serve(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      const give = (): void => {
        const first = this.#next;
        if (first >= this.#targets.length) {
          resolve();
          return;
        }
        this.#next += BATCH;
        worker.postMessage({ first, targets: this.#targets.slice(first, first + BATCH) } satisfies Batch);
      };
      worker.on('message', (answer: Answer) => {
        if (answer.kind === 'done') give();
        else if (answer.kind === 'failed') {
          const { code, message } = answer.failure;
          reject(code === 'INTERNAL' ? new Error(message) : new BrineError(code as ErrorCode, message));
        } else {
          this.#results[answer.index] = answer.scanned;
          this.#scanned(this.#targets[answer.index]);
        }
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new Error(`a thread ended with ${code}`));
      });
      give();
    });
  }
}
