// The daemon as a process of its own, with a minute as short as a test wants it: ROOT MINUTE-MILLISECONDS.
import { runDaemon } from '../../gateway-agent/main.ts';

// The test holds the other end of stdin: however it dies, no daemon is left behind.
process.stdin.resume().once('end', () => process.exit(1));

const [root, minuteMilliseconds] = process.argv.slice(2);
process.exit(await runDaemon({ root: root ?? '', minuteMilliseconds: Number(minuteMilliseconds) }));
