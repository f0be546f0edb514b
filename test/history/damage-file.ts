import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/** Loaded into a run, all its threads, before the program: the file DAMAGE loses a bit as it gets its name. */

const rename = fs.renameSync;
fs.renameSync = (from, to) => {
  if (String(to).endsWith(`/${process.env['DAMAGE'] ?? ''}`)) {
    const bytes = fs.readFileSync(from);
    bytes[bytes.length >> 1]! ^= 1;
    fs.writeFileSync(from, bytes);
  }
  rename(from, to);
};
syncBuiltinESMExports();
