// The daemon as a process of its own, with a minute as short as a test wants it: ROOT MINUTE-MILLISECONDS.
import { runDaemon } from '../../gateway-agent/main.ts';

const [root, minuteMilliseconds] = process.argv.slice(2);
process.exitCode = await runDaemon({ root: root ?? '', minuteMilliseconds: Number(minuteMilliseconds) });
