// What the benchmark of pushes makes of its measurements. Pure.

export type Cost = { wallMs: number; cpuMs: number };
export type PushResultRow = {
  method: string;
  gateways: number;
  wallMsPerGateway: number;
  clientCpuMsPerGateway: number;
};

/** Reads what bash says after `time`: seconds of wall clock, user and system. */
export function parseCost(text: string): Cost {
  const match = /cost ([\d.]+) ([\d.]+) ([\d.]+)/.exec(text);
  if (match === null) throw new Error(`bash told no time: ${text.slice(-200)}`);
  const [wall = 0, user = 0, system = 0] = match.slice(1).map(Number);
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 };
}

/** Medians of the rounds, for each gateway. */
export function toRow(method: string, gateways: number, costs: readonly Cost[]): PushResultRow {
  return {
    method,
    gateways,
    wallMsPerGateway: round(median(costs.map(({ wallMs }) => wallMs)) / gateways),
    clientCpuMsPerGateway: round(median(costs.map(({ cpuMs }) => cpuMs)) / gateways),
  };
}

/** The middle one; of two middle ones their mean. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [low = Number.NaN, high = low] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return (low + high) / 2;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

type Aim = { words: string; of: string; to: string; reach: 'at least' | 'at most'; aim: number };

const aims: readonly Aim[] = [
  {
    words: 'Ansible by Postern without the second connection',
    of: 'ansible-copy-3',
    to: 'postern-one-connection',
    reach: 'at least',
    aim: 15,
  },
  { words: 'Ansible by Postern', of: 'ansible-copy-3', to: 'postern', reach: 'at least', aim: 8 },
  {
    words: 'Postern without the second connection by bare ssh2',
    of: 'postern-one-connection',
    to: 'ssh2',
    reach: 'at most',
    aim: 1.15,
  },
];

/** One line for each aim whose two methods were measured. */
export function compareWithAims(rows: readonly PushResultRow[]): string[] {
  const counts = [...new Set(rows.map(({ gateways }) => gateways))];
  return counts.flatMap((gateways) =>
    aims.flatMap(({ words, of, to, reach, aim }) => {
      const wall = (method: string) =>
        rows.find((row) => row.method === method && row.gateways === gateways)?.wallMsPerGateway;
      const [one, other] = [wall(of), wall(to)];
      if (one === undefined || other === undefined) return [];
      return [`${gateways} gateways, ${words}: ${(one / other).toFixed(2)} (aim: ${reach} ${aim})`];
    }),
  );
}

/** Plain columns. */
export function formatRows(rows: readonly PushResultRow[]): string {
  const lines = rows.map(({ method, gateways, wallMsPerGateway, clientCpuMsPerGateway }) =>
    [
      method.padEnd(24),
      String(gateways).padStart(8),
      wallMsPerGateway.toFixed(1).padStart(12),
      clientCpuMsPerGateway.toFixed(1).padStart(12),
    ].join(' '),
  );
  return [
    `${'method'.padEnd(24)} ${'gateways'.padStart(8)} ${'wall ms'.padStart(12)} ${'client CPU ms'.padStart(12)}`,
    ...lines,
  ].join('\n');
}
