/** `node src/server.ts`, on Node 22.18 or newer: brings the schema up to date, then listens. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createMigrator } from 'aludel';
import { createApp } from './app.ts';
import { openDatabase } from './db.ts';

export interface ServerOptions {
  /** Default: the environment variable DATABASE_URL, else `sqlite:./desk.db`. */
  readonly url?: string;
  /** Default: 3000. */
  readonly port?: number;
}

export interface RunningServer {
  readonly address: string;
  close(): Promise<void>;
}

export async function startServer({ url, port = 3000 }: ServerOptions = {}): Promise<RunningServer> {
  const config = fileURLToPath(new URL('../migrate.config.ts', import.meta.url));
  // Whichever process comes first upgrades; the others wait for it and find nothing to do.
  await createMigrator({ config, url }).upgrade('head');
  const { engine, db } = openDatabase(url);
  const app = await createApp(db);
  const address = await app.listen({ port, host: '127.0.0.1' });
  return {
    address,
    close: async () => {
      await app.close();
      await engine.dispose();
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { address } = await startServer({ port: Number(process.env['PORT'] ?? 3000) });
  console.log(`The support desk listens on ${address}.`);
}
