// Files that the user picked and that wait for their upload: contents in this process under tokens that say nothing.
import { randomUUID } from 'node:crypto';

export type PickedFiles = {
  keep(content: Buffer): string;
  peek(token: string): Buffer | null;
  drop(token: string): void;
};

/** A screen has four file fields; more than this many picked and never uploaded are forgotten, oldest first. */
const maxPicked = 16;

/** An empty memory. */
export function createPickedFiles(): PickedFiles {
  const picked = new Map<string, Buffer>();
  return {
    keep(content) {
      const token = randomUUID();
      picked.set(token, content);
      for (const oldest of picked.keys()) {
        if (picked.size <= maxPicked) break;
        picked.delete(oldest);
      }
      return token;
    },
    peek: (token) => picked.get(token) ?? null,
    drop: (token) => void picked.delete(token),
  };
}
