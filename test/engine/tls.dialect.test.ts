import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Engine, EngineOptions } from '../../src/engine/connection.js';
import { createEngine } from '../../src/engine/create-engine.js';
import { type Certificate, startPostgres } from '../servers/postgres.js';
import type { Server } from '../servers/start-process.js';
import { dialects } from '../support/databases.js';
import { describeEach } from '../support/describe-each.js';

/** A certificate that nobody but who made it vouches for. */
function makeCertificate(names: string): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'aludel-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=aludel', '-addext', `subjectAltName=${names}`];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', ...made, ...subject], { stdio: 'pipe' });
  const certificate = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return certificate;
}

describeEach(
  dialects.filter(({ name }) => name === 'postgres'),
  'TLS on $name',
  () => {
    const certificate = makeCertificate('IP:127.0.0.1,DNS:db.example');
    let server: Server;
    let engine: Engine | undefined;
    beforeAll(async () => {
      server = await startPostgres(18, certificate);
    });
    afterEach(() => engine?.dispose());
    afterAll(() => server?.stop());

    /** Whether the connection is encrypted, as the server says it. */
    async function isEncrypted(options: EngineOptions, parameters = ''): Promise<unknown> {
      engine = createEngine(`${server.url}${parameters}`, options);
      const connection = await engine.connect();
      const { rows } = await connection.execute('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      return rows[0]?.['ssl'];
    }

    it('trusts a certificate that is given, and encrypts', async () => {
      expect(await isEncrypted({ ssl: { ca: certificate.cert } })).toBe(true);
    });

    it('takes the name that the certificate must have from the options', async () => {
      expect(await isEncrypted({ ssl: { ca: certificate.cert, servername: 'db.example' } })).toBe(true);
    });

    it('encrypts without looking at the certificate where that is asked for', async () => {
      expect(await isEncrypted({ ssl: { rejectUnauthorized: false } })).toBe(true);
    });

    it('does not encrypt unless it is told to', async () => {
      expect(await isEncrypted({})).toBe(false);
    });

    it('lets the URL win', async () => {
      expect(await isEncrypted({ ssl: { ca: certificate.cert } }, '?sslmode=disable')).toBe(false);
    });

    const trust = 'Name the certificate to trust: ssl: { ca }, or "sslrootcert" in the URL.';
    it.each([
      ['a certificate that nobody vouches for', true, trust],
      [
        'a certificate for another name',
        { ca: certificate.cert, servername: 'other.example' },
        'Connect by a name that the certificate has, or say it: ssl: { ca, servername }.',
      ],
      ['the certificate of another', { ca: makeCertificate('IP:127.0.0.1').cert }, trust],
    ])('refuses %s, and says what to do', async (_what, ssl, hint) => {
      await expect(isEncrypted({ ssl })).rejects.toMatchObject({ code: 'ALUDEL_CONNECTION_FAILED', hint });
    });

    it('refuses an option that it does not know', () => {
      const ssl = { rejectUnauthorised: false } as object;
      expect(() => createEngine(server.url, { ssl })).toThrow('did you mean "rejectUnauthorized"?');
    });
  },
);
