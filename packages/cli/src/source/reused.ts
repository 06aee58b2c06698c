/**
 * Streams that are used again as long as one of them is at work: what a stream needs beside its work takes the system long
 * to find, and to clear. When none is at work, all are closed.
 */
export class Reused<Stream extends { close(): void }> {
  readonly #make: () => Stream;
  #idle: Stream[] = [];
  #busy = 0;

  constructor(make: () => Stream) {
    this.#make = make;
  }

  /** Has one of them do `work`. One whose answer is false, or that fails, is not used again. */
  async use<Answer>(work: (stream: Stream) => Promise<Answer>): Promise<Answer> {
    const stream = this.#idle.pop() ?? this.#make();
    this.#busy++;
    let isSound = false;
    try {
      const answer = await work(stream);
      isSound = answer !== false;
      return answer;
    } finally {
      if (isSound) this.#idle.push(stream);
      else stream.close();
      if (--this.#busy === 0) {
        for (const idle of this.#idle) idle.close();
        this.#idle = [];
      }
    }
  }
}
