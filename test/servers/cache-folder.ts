import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder for fetched servers and client programs: below `ALUDEL_SERVER_CACHE`, by default `~/.cache/aludel-servers`. */
export function cacheFolder(name: string): string {
  return join(process.env['ALUDEL_SERVER_CACHE'] ?? join(homedir(), '.cache', 'aludel-servers'), name);
}
