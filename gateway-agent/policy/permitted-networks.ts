// The networks of the gateway's own interfaces, whose hosts may send anywhere when the message rule says so.
// Which interfaces there are is a fact that the daemon passes in.
import { formatBlock, parseAddress, parseBlock, type Address } from '#contract/addresses';
import type { MessageRuleConfig } from '#contract/config';

/**
 * A wider subnet than this is no neighbourhood: a point-to-point interface may say /0, which would make an open relay.
 * 8 bits is the widest private network (RFC 1918), 32 bits what an IPv6 provider gets for all its customers.
 */
const widestPrefix = { 4: 8, 6: 32 } as const;

/** The blocks as text, `interfaces` as `address/prefix`. Loopback is the gateway itself and has a switch of its own. */
export function permittedNetworks(
  kind: MessageRuleConfig['permitsNetwork'],
  interfaces: readonly string[],
): readonly string[] {
  if (kind === 'none') return [];
  const blocks = interfaces.flatMap((raw) => networkOf(kind, raw) ?? []);
  return [...new Set(blocks)];
}

function networkOf(kind: 'subnet' | 'class', rawInterface: string): string | null {
  const slash = rawInterface.lastIndexOf('/');
  const address = parseAddress(rawInterface.slice(0, Math.max(0, slash)));
  if ('reason' in address || 'reason' in parseBlock(rawInterface) || isLoopback(address)) return null;
  const text = kind === 'class' && address.version === 4 ? classOf(rawInterface.slice(0, slash)) : rawInterface;
  const read = text === null ? null : parseBlock(text);
  if (read === null || 'reason' in read) return null;
  return read.block.prefix < widestPrefix[read.block.address.version] ? null : formatBlock(read.block);
}

/** RFC 791 §3.2: A, B and C by the first bits; D and E are no networks of hosts. IPv6 has no classes: its subnet. */
function classOf(rawAddress: string): string | null {
  const first = Number.parseInt(rawAddress, 10);
  if (first < 128) return `${rawAddress}/8`;
  if (first < 192) return `${rawAddress}/16`;
  return first < 224 ? `${rawAddress}/24` : null;
}

function isLoopback({ version, words }: Address): boolean {
  if (version === 4) return (words[0] ?? 0) >>> 24 === 127;
  return words.every((word, index) => word === (index === 3 ? 1 : 0));
}
