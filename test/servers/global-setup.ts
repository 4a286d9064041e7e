import { describeServers, startServers, type RunningServers } from './start-servers.js';
import { testDialects } from './test-dialects.js';

declare global {
  /** One set of servers for all vitest projects of a run: each project loads this file anew. */
  var aludelTestServers: Promise<RunningServers> | undefined;
}

export default async function setup(): Promise<() => Promise<void>> {
  globalThis.aludelTestServers ??= start();
  const running = await globalThis.aludelTestServers;
  return () => running.stop();
}

async function start(): Promise<RunningServers> {
  const begin = performance.now();
  const running = await startServers(testDialects());
  if (running.servers.length > 0) {
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    console.log(`Test servers: ${describeServers(running.servers)} (ready in ${seconds} s)`);
  }
  return running;
}
