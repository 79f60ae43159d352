// Jobs that wait for one destination: first in, first out, without moving the rest of a long line at every step.
import type { Job } from './job.ts';

/** Spent places are cut off in one go; below this they cost less than cutting. Postern's own number. */
const maxSpent = 1024;

/** A line of jobs. */
export class JobLine {
  #jobs: Job[] = [];
  #first = 0;

  get length(): number {
    return this.#jobs.length - this.#first;
  }

  push(job: Job): void {
    this.#jobs.push(job);
  }

  /** Back to the head of the line. */
  putBack(job: Job): void {
    if (this.#first > 0) this.#jobs[(this.#first -= 1)] = job;
    else this.#jobs.unshift(job);
  }

  shift(): Job | null {
    const job = this.#jobs[this.#first];
    if (!job) return null;
    this.#first += 1;
    if (this.#first > maxSpent || this.length === 0) {
      this.#jobs = this.#jobs.slice(this.#first);
      this.#first = 0;
    }
    return job;
  }

  /** Everybody leaves. */
  empty(): Job[] {
    const jobs = this.#jobs.slice(this.#first);
    this.#jobs = [];
    this.#first = 0;
    return jobs;
  }
}
