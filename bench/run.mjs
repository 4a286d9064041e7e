/** `npm run bench`: the command. `npm run bench -- orm`: sessions beside other libraries. */
const [, , name = 'cli'] = process.argv;
const known = ['cli', 'orm'];
if (!known.includes(name)) {
  console.error(`There is no benchmark "${name}". There are: ${known.join(', ')}.`);
  process.exit(2);
}
await import(`./${name}.mjs`);
