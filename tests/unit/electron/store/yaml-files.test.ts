import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createYamlReader, parseOnce } from '../../../../electron/store/yaml-files.ts';
import { temporaryFolder, valueOf } from '../../../support/temporary-fleet.ts';

/** A reader, and each text that it had to parse. */
function readerWithCount() {
  const parsed: string[] = [];
  const texts = parseOnce((text) => {
    parsed.push(text);
    return { ok: true as const, value: { text } };
  });
  return { read: createYamlReader(texts), parsed };
}

describe('createYamlReader', () => {
  it('parses the same text once, whether it lies in the folder or in a state that git holds', async () => {
    const { read, parsed } = readerWithCount();
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a.yaml'), 'one');
    const then = () => Promise.resolve({ kind: 'content' as const, content: Buffer.from('one') });

    for (const place of [folder, then, folder]) valueOf(await read(place, 'a.yaml'));

    expect(parsed).toEqual(['one']);
  });

  it('keeps nothing of a text that its file holds no longer', async () => {
    const { read, parsed } = readerWithCount();
    const folder = await temporaryFolder();
    for (const text of ['one', 'two', 'one']) {
      await writeFile(join(folder, 'a.yaml'), text);
      valueOf(await read(folder, 'a.yaml'));
    }

    expect(parsed).toEqual(['one', 'two', 'one']);
  });
});
