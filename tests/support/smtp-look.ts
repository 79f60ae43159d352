// What a client sees of a port: the banner, whether STARTTLS is offered, and the certificate that is served.
import { connectSmtp } from './smtp-client.ts';

export type SmtpLook = {
  banner: string;
  offersStartTls: boolean;
  /** SHA-256 of the served certificate, upper-case pairs with colons; null without TLS. */
  fingerprint: string | null;
};

/** Connects, from a loopback address where one is named, switches to TLS where it is offered, and leaves. */
export async function lookAtSmtp(port: number, from?: string): Promise<SmtpLook> {
  const client = await connectSmtp(port, from === undefined ? {} : { from });
  const banner = await client.reply();
  const offers = banner.startsWith('220') ? await client.say('EHLO look.test') : '';
  const offersStartTls = /STARTTLS/.test(offers);
  const fingerprint = offersStartTls ? (await client.startTls()).getPeerCertificate().fingerprint256 : null;
  client.close();
  return { banner, offersStartTls, fingerprint };
}
