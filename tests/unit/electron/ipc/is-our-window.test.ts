import { describe, expect, it } from 'vitest';
import { isOurWindow } from '../../../../electron/ipc/is-our-window.ts';

type Frame = Parameters<typeof isOurWindow>[0];

/** Electron's frames cannot be made outside Electron; two of their properties decide. */
function frame(url: string, parent: unknown = null): Frame {
  return { url, parent } as unknown as Frame;
}

describe('isOurWindow', () => {
  it.each(['postern://app/', 'postern://app/#/gateways/mx1', 'postern://app/index.html#/'])('knows %s', (url) => {
    expect(isOurWindow(frame(url))).toBe(true);
  });

  it.each([
    'https://example.net/',
    'postern://app.example.net/',
    'postern://other/',
    'file:///index.html',
    'postern://app@x/',
    '',
  ])('refuses %s', (url) => {
    expect(isOurWindow(frame(url))).toBe(false);
  });

  it('refuses a frame inside our window', () => {
    expect(isOurWindow(frame('postern://app/', {}))).toBe(false);
  });

  it('refuses a frame that is gone', () => {
    expect(isOurWindow(null)).toBe(false);
  });
});
