// What a client sees of a port: the banner, and whether STARTTLS is offered.
import { connectSmtp } from './smtp-client.ts';

export type SmtpLook = { banner: string; offersStartTls: boolean };

/** Connects, from a loopback address where one is named, and leaves politely. */
export async function lookAtSmtp(port: number, from?: string): Promise<SmtpLook> {
  const client = await connectSmtp(port, from === undefined ? {} : { from });
  const banner = await client.reply();
  const offers = banner.startsWith('220') ? await client.say('EHLO look.test') : '';
  client.close();
  return { banner, offersStartTls: /STARTTLS/.test(offers) };
}
