#!/usr/bin/env node
// The command is bundled: see build.mjs.
import '../dist/cli.js';
