import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { turnsOf } from '../helpers/extent.js';
import { runCli } from './cli.js';
import { Database, Findings } from './database.js';

/** Until it is stopped, takes away, cuts, grows and replaces the files of the first client, and her study. */
const CHURN = `
const fs = require('node:fs');
const [folder] = process.argv.slice(1);
const study = folder + '/data/optm1/1.2.1', dicom = folder + '/images/optm1/1.2.1/1.2.1.1.1.dcm';
const files = [folder + '/data/optm1/imagedb_optm1.json', folder + '/data/optm1/nbss_optm1.json', study + '/1.2.1.1.1.json', dicom];
const contents = files.map((file) => fs.readFileSync(file));
const steps = [
  (file) => fs.rmSync(file, { force: true, recursive: true }),
  (file, content) => fs.writeFileSync(file, content.subarray(0, content.length >> 1)),
  (file, content) => fs.writeFileSync(file, content),
  (file) => fs.appendFileSync(file, ' '.repeat(300000)),
  (file) => fs.truncateSync(file, 0),
  (file) => { fs.rmSync(file, { force: true }); fs.mkdirSync(file); fs.rmdirSync(file); },
  () => { fs.renameSync(study, study + '-away'); fs.renameSync(study + '-away', study); },
];
let random = 1;
const next = (limit) => (random = (random * 48271) % 2147483647) % limit;
process.stdout.write('ready');
// If nobody stops it.
const end = Date.now() + 300000;
while (Date.now() < end) {
  const at = next(files.length);
  try { steps[next(steps.length)](files[at], contents[at]); } catch (error) { if (!error.code) throw error; }
}`;

/** Does something while a process changes the database's first client without pause. */
async function whileChurning<T>(database: Database, action: () => Promise<T> | T): Promise<T> {
  const child = spawn(process.execPath, ['-e', CHURN, database.folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout, 'data');
    return await action();
  } finally {
    assert.equal(child.exitCode, null, 'the process that changes the files stopped by itself');
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

describe('files that vanish, shrink, grow or change their kind while they are read', () => {
  /** What is met sooner or later. */
  const FAULTS = ['json_unreadable', 'dicom_unreadable', 'imagedb_missing'];
  const MOST = 100;
  const LEAST = turnsOf(MOST, 30);

  test(`${LEAST} to ${MOST} readings: nothing is thrown, the client and the one beside her are always there`, async () => {
    const database = new Database();
    const kinds = new Set<string>();
    await whileChurning(database, () => {
      for (let i = 0; i < LEAST || (i < MOST && !FAULTS.every((kind) => kinds.has(kind))); i++) {
        const found = Findings.of(database);
        assert.equal(found.table('clients').length, 1);
        assert.equal(found.table('images', 'optm2').length, 1);
        for (const { kind } of found.mismatches) kinds.add(String(kind));
      }
    });
    // The faults were met, not missed.
    for (const kind of FAULTS) assert.ok(kinds.has(kind), kind);
  });

  test('whole runs publish, each on what it met', async () => {
    for (let i = 0; i < turnsOf(2, 1); i++) {
      const database = new Database();
      const outcome = await whileChurning(database, () => runCli(database));
      assert.equal(outcome.exitCode, 0, outcome.output);
      assert.equal(outcome.rows['clients'], 2);
    }
  });
});
