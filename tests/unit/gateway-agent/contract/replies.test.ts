// Replies are read leniently, so that an older desktop understands a newer agent; what matters is still checked.
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '#contract/config';
import { HelloReply, replies, ReplyLine, ReplyProblem } from '#contract/replies';
import { Request } from '#contract/requests';

const hello: HelloReply = {
  agentVersion: '9.0.0',
  protocol: 1,
  schemaVersion: 1,
  hostName: 'mx.example.net',
  addresses: ['192.0.2.1'],
  currentRevision: null,
  runningRevision: 'a'.repeat(64),
  daemonAnswers: true,
  files: [],
  author: 'deploy',
  clientAddress: null,
};

describe('replies', () => {
  it('has a schema for every verb', () => {
    const verbs = Request.options.map((option) => option.shape.verb.value);

    expect(Object.keys(replies).toSorted()).toEqual(verbs.toSorted());
  });

  it('drops keys that it does not know', () => {
    expect(HelloReply.parse({ ...hello, newInVersion9: { much: true } })).toEqual(hello);
  });

  it('refuses a reply that lacks what it knows', () => {
    const { hostName: _, ...rest } = hello;

    expect(HelloReply.safeParse(rest).success).toBe(false);
  });

  it('refuses a revision that could not be one', () => {
    expect(HelloReply.safeParse({ ...hello, runningRevision: '../../etc' }).success).toBe(false);
  });

  it('reads a configuration that it does not know whole as none: a setting it would lose must not look saved', () => {
    expect(replies.status.shape.config.parse(defaultConfig)).toEqual(defaultConfig);
    expect(replies.status.shape.config.parse({ ...defaultConfig, newPart: {} })).toBeNull();
  });
});

describe('ReplyProblem', () => {
  it('reads a code from a newer agent as internal and keeps its words', () => {
    expect(ReplyProblem.parse({ code: 'new-in-version-9', message: 'The disk is on fire.' })).toEqual({
      code: 'internal',
      message: 'The disk is on fire.',
    });
  });
});

describe('ReplyLine', () => {
  it('tells a step from the last line', () => {
    expect(ReplyLine.parse({ step: 'proof', state: 'done', milliseconds: 12 })).toHaveProperty('step', 'proof');
    expect(ReplyLine.parse({ ok: true, value: { any: 1 } })).toEqual({ ok: true, value: { any: 1 } });
  });

  it('refuses a line that is neither', () => {
    expect(ReplyLine.safeParse({ banner: 'Welcome!' }).success).toBe(false);
  });
});
