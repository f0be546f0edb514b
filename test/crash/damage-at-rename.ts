import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Loaded into a run, and into its worker threads, before the program: a disk that keeps another byte than it was given,
 * in each file whose path ends with DAMAGE, by the time that the file gets its name.
 */

const ending = process.env['DAMAGE'] ?? '';
const rename = fs.renameSync;

fs.renameSync = (from, to) => {
  if (String(to).endsWith(ending)) {
    const bytes = fs.readFileSync(from);
    bytes[bytes.length >> 1]! ^= 1;
    fs.writeFileSync(from, bytes);
  }
  rename(from, to);
};
syncBuiltinESMExports();
