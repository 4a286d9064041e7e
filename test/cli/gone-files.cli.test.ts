import { expect, it, onTestFinished } from 'vitest';
import { createCliProject } from '../support/cli-project.js';

it('ends with a message when its own files go while it runs, as npm ci makes them', async () => {
  const config = `import { rmSync } from 'node:fs';
rmSync(new URL('./node_modules/aludel/dist', import.meta.url), { recursive: true });
throw new Error('no setting');
`;
  const project = await createCliProject({ 'migrate.config.js': config }, 'copied');
  onTestFinished(() => project.remove());
  const { exitCode, stdout, stderr } = await project.run(['current']);
  expect(stderr).toMatch(/^Error ALUDEL_INTERNAL: A file of Aludel went while it ran: .*dist/);
  expect(stderr).toContain('npx aludel current');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
});
