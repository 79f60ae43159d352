import { describe, expect, it } from 'vitest';
import { DeliveryRoute } from '../../../../../gateway-agent/contract/config.ts';
import { formatRoutes } from '../../../../../gateway-agent/contract/route-text.ts';
import { mergeRoutes, previewRoutes, readRouteFile } from '../../../../../renderer/features/delivery/import-routes.ts';

const route = (match: string, host: string) =>
  DeliveryRoute.parse({ match, to: { kind: 'static', servers: [{ host }] } });

describe('readRouteFile', () => {
  it('reads what was exported, and tells XML from lines', () => {
    const routes = [route('a.test', '10.0.0.1'), route('*.a.test', '10.0.0.2')];

    expect(readRouteFile(formatRoutes(routes, null))).toMatchObject({ ok: true, value: { routes, nextHop: null } });
    expect(readRouteFile('\uFEFF <other/>')).toMatchObject({ ok: false });
  });
});

describe('mergeRoutes', () => {
  it('lets the file win, in place, and appends what is new', () => {
    const merged = mergeRoutes(
      [route('a.test', '10.0.0.1'), route('b.test', '10.0.0.2')],
      [route('a.test', '10.9.9.9'), route('c.test', '10.0.0.3')],
    );

    expect(merged).toEqual([route('a.test', '10.9.9.9'), route('b.test', '10.0.0.2'), route('c.test', '10.0.0.3')]);
  });
});

describe('previewRoutes', () => {
  it('counts what is new, names refused lines, and offers both ways', () => {
    const outcome = readRouteFile('a.test static 10.9.9.9\nc.test mx\nnonsense\n* static 10.0.0.9\n');

    const preview = previewRoutes({ fileName: 'r.txt', outcome }, [route('a.test', '10.0.0.1')]);

    expect(preview.words).toContain('2 routes: 1 new, 1 for recipients that have one already');
    expect(preview.words).toContain('Everything else goes to 10.0.0.9:25.');
    expect(preview.refused).toMatchObject([{ line: 3, text: 'nonsense' }]);
    expect(preview).toMatchObject({ addWords: 'Take 2 routes', replaceWords: 'Replace all by 2 routes' });
  });

  it('says plainly that a file holds no route', () => {
    const preview = previewRoutes({ fileName: 'empty.txt', outcome: readRouteFile('# nothing\n') }, []);

    expect(preview).toMatchObject({ words: 'The file holds no route.', addWords: null, replaceWords: null });
  });

  it('offers nothing of a file that cannot be read', () => {
    const preview = previewRoutes({ fileName: 'r.xml', outcome: readRouteFile('<other/>') }, []);

    expect(preview).toMatchObject({ addWords: null, replaceWords: null });
    expect(preview.problem?.message).toContain('other');
  });
});
