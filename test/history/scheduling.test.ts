import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runCli } from '../helpers/cli.js';
import { BOUNDED } from '../helpers/processes.js';
import { fresh, writeClient } from './helpers.js';

/** The examples of docs/scheduling.md: run as they stand there, but for the places of the folders. */

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = readFileSync(join(PROJECT, 'docs/scheduling.md'), 'utf8');

function blocks(language: string): string[] {
  return [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, text]) => text!,
  );
}

/** A machine as the page takes it to be. `missing` clients without images are a mismatch each. */
function machine(missing: number) {
  const root = fresh();
  const places = {
    '/opt/omidb-etl': join(root, 'program'),
    '/data/omi-db': join(root, 'copy of omi-db'),
    '/data/tables': join(root, 'tables'),
    '/var/log/omidb-etl.log': join(root, 'omidb-etl.log'),
    '/usr/local/bin': dirname(process.execPath),
    '/usr/bin/node': process.execPath,
  };
  symlinkSync(PROJECT, places['/opt/omidb-etl']);
  const copy = places['/data/omi-db'];
  for (let i = 1; i <= 3; i++) {
    const image = { [`1.2.${i}.1.1`]: {} };
    writeClient(copy, `optm${i}`, { studies: { [`1.2.${i}`]: { [`1.2.${i}.1`]: image } } });
    const study = join(copy, 'data', `optm${i}`, `1.2.${i}`);
    mkdirSync(study);
    mkdirSync(join(copy, 'images', `optm${i}`, `1.2.${i}`), { recursive: true });
    writeFileSync(join(study, `1.2.${i}.1.1.json`), '{}');
    if (i > missing) rmSync(join(study, `1.2.${i}.1.1.json`));
  }
  // The page's folders have no spaces, so its commands quote none.
  const spaceless = join(root, 'copy');
  symlinkSync(copy, spaceless);
  const inPlace = (text: string) =>
    Object.entries({ ...places, '/data/omi-db': spaceless }).reduce(
      (changed, [from, to]) => changed.replaceAll(from, to),
      text,
    );
  return { out: places['/data/tables'], log: places['/var/log/omidb-etl.log'], inPlace };
}

describe('the crontab', () => {
  const [crontab] = blocks('crontab');
  const lines = crontab!.trimEnd().split('\n');
  const settings = Object.fromEntries(
    lines.filter((line) => /^[A-Z]+=/.test(line)).map((line) => line.split('=') as [string, string]),
  );
  const entries = lines.filter((line) => !/^[A-Z]+=/.test(line));

  /** What cron hands to the shell: the sixth field on, up to a `%` that is not escaped. */
  function commandOf(entry: string): string {
    const [, times, command] = /^((?:\S+ +){5})(.*)$/.exec(entry)!;
    assert.match(times!, /^(\d+|\*) (\d+|\*) (\d+|\*) (\d+|\*) (\d+|\*) $/);
    assert.doesNotMatch(command!, /(?<!\\)%/, 'cron ends the command there');
    return command!.replaceAll('\\%', '%');
  }

  /** As cron does it: by /bin/sh, from the home folder, with next to no environment. */
  function runAsCron(command: string, inPlace: (text: string) => string) {
    const env = {
      HOME: fresh(),
      LOGNAME: userInfo().username,
      SHELL: '/bin/sh',
      PATH: inPlace(settings['PATH']!),
    };
    return spawnSync('/bin/sh', ['-c', inPlace(command)], {
      cwd: env.HOME,
      env,
      encoding: 'utf8',
      ...BOUNDED,
    });
  }

  test('has three entries; the nightly run publishes, logs, and has cron mail nothing', () => {
    assert.equal(entries.length, 3);
    const { out, log, inPlace } = machine(0);
    const { status, stdout, stderr } = runAsCron(commandOf(entries[0]!), inPlace);
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
    assert.match(readFileSync(log, 'utf8'), /^published /m);
    assert.ok(existsSync(join(out, 'current', 'tables')));
    // The weekly line, on what was published; then with a byte too many.
    const weekly = commandOf(entries[1]!);
    assert.deepEqual([runAsCron(weekly, inPlace).status, runAsCron(weekly, inPlace).stdout], [0, '']);
    assert.match(readFileSync(log, 'utf8'), /^verified /m);
    writeFileSync(join(out, 'current', 'schema.json'), '\n', { flag: 'a' });
    // In the morning: a run ended lately, so nothing is said; then none did.
    const morning = commandOf(entries[2]!);
    assert.deepEqual([runAsCron(morning, inPlace).stdout, runAsCron(morning, inPlace).stderr], ['', '']);
    const yesterday = new Date(Date.now() - 13 * 3600 * 1000);
    utimesSync(join(out, 'last-run.json'), yesterday, yesterday);
    assert.equal(runAsCron(morning, inPlace).stdout, 'omidb-etl did not run in the last 12 hours\n');
    const damaged = runAsCron(weekly, inPlace);
    assert.equal(damaged.stdout, 'omidb-etl verify failed\n');
    assert.match(damaged.stderr, /^omidb-etl: .* schema\.json is not as it was published/);
  });

  test('over the budget: published all the same, and cron mails code 3 and which budget', () => {
    const { out, inPlace } = machine(2);
    const { stdout } = runAsCron(commandOf(entries[0]!), inPlace);
    assert.match(stdout, /^omidb-etl ended with 3\n/);
    assert.match(stdout, /^over the budget dicom_missing=1%: 2 found, 0 allowed \(3 images\), 2 too many$/m);
    assert.ok(existsSync(join(out, 'current', 'tables')));
  });

  test('a copy that is not there: cron mails code 1 and the sentence', () => {
    const { inPlace } = machine(0);
    const gone = (text: string) => inPlace(text.replaceAll('/data/omi-db', '/data/not-mounted'));
    const { stdout } = runAsCron(commandOf(entries[0]!), gone);
    assert.match(
      stdout,
      /^omidb-etl ended with 1\n.*"event":"failed".*\nomidb-etl: \/data\/not-mounted is not there/,
    );
  });
});

describe('what misses a run', () => {
  test('a ping is sent after a run that published, and not after one that failed', async () => {
    const [entry] = blocks('crontab-ping');
    const [, , command] = /^((?:\S+ +){5})(.*)$/m.exec(entry!)!;
    const calls: string[] = [];
    const server = createServer((request, response) => {
      calls.push(String(request.url));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const call = async (inPlace: (text: string) => string) => {
      const local = inPlace(command!).replace('https://ping.example.org', `http://127.0.0.1:${port}`);
      const env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: fresh() };
      const shell = spawn('/bin/sh', ['-c', local], { env, stdio: 'ignore', ...BOUNDED });
      await new Promise((resolve) => shell.on('close', resolve));
    };
    const { inPlace } = machine(0);
    await call((text) => inPlace(text.replaceAll('/data/omi-db', '/data/not-mounted')));
    assert.deepEqual(calls, []);
    await call(inPlace);
    assert.deepEqual(calls, ['/omidb-etl']);
    server.close();
  });

  const skip = spawnSync('promtool', ['--version']).status === 0 ? false : 'there is no promtool';
  test('promtool takes the rules, and they fire when no run ended, and when none published', { skip }, () => {
    const folder = fresh();
    writeFileSync(join(folder, 'rules.yml'), blocks('yaml')[0]!);
    // Time 0 is when the last run ended: series that stay at it.
    const alerts = (hours: number, name: string, fires: boolean) => ({
      eval_time: `${hours}h`,
      alertname: name,
      ...(fires ? { exp_alerts: [{}] } : {}),
    });
    const series = ['last_run', 'last_success'].map((what) => ({ series: `omidb_etl_${what}_timestamp_seconds`, values: '0x60' })); // prettier-ignore
    const tests = [
      { interval: '1h', input_series: series, alert_rule_test: [alerts(25, 'OmidbEtlDidNotRun', false), alerts(27, 'OmidbEtlDidNotRun', true), alerts(49, 'OmidbEtlTablesAreOld', false), alerts(51, 'OmidbEtlTablesAreOld', true)] },
      { interval: '1h', input_series: [], alert_rule_test: [alerts(1, 'OmidbEtlDidNotRun', true)] },
      { interval: '1h', input_series: [{ series: 'omidb_etl_last_run_exit_code', values: '4x2' }], alert_rule_test: [alerts(1, 'OmidbEtlRefused', true)] },
    ]; // prettier-ignore
    for (const one of tests)
      for (const { exp_alerts: expected, alertname } of one.alert_rule_test)
        if (expected !== undefined) expected[0] = { exp_annotations: { summary: summaryOf(alertname) } };
    writeFileSync(join(folder, 'test.yml'), JSON.stringify({ rule_files: ['rules.yml'], tests }));
    const checked = spawnSync('promtool', ['test', 'rules', 'test.yml'], {
      cwd: folder,
      encoding: 'utf8',
      ...BOUNDED,
    });
    assert.equal(checked.status, 0, checked.stderr + checked.stdout);
  });

  const summaryOf = (alert: string) =>
    new RegExp(`alert: ${alert}\\n[^]*?summary: (.*)`).exec(blocks('yaml')[0]!)![1]!;

  test('the rules and the page name no metric that a run does not write', () => {
    const { inPlace } = machine(0);
    const file = join(fresh(), 'omidb-etl.prom');
    const args = inPlace('run /data/omi-db --out /data/tables --no-progress').split(' ');
    const run = runCli([...args, '--metrics-file', file]);
    assert.equal(run.code, 0, run.stderr);
    runCli([...args, '--metrics-file', file, '--full']);
    const written = new Set(
      [...readFileSync(file, 'utf8').matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!),
    );
    const named = [...PAGE.matchAll(/\bomidb_etl_[a-z_]+/g)].map(([name]) => name);
    assert.deepEqual(named.filter((name) => !written.has(name)), []); // prettier-ignore
    assert.ok(named.length > 8);
  });
});

describe('the systemd units', () => {
  const [service, timer] = blocks('ini') as [string, string];
  const setting = (unit: string, name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? '';

  test('the command publishes in an empty environment; its exit code 3 is a success', () => {
    const { out, inPlace } = machine(1);
    const command = setting(service, 'ExecStart');
    assert.doesNotMatch(command.replaceAll('%%', ''), /%/, 'systemd reads it as a specifier');
    const [program, ...args] = inPlace(command.replaceAll('%%', '%')).split(' ');
    const { status, stderr } = spawnSync(program!, args, { cwd: '/', env: {}, encoding: 'utf8', ...BOUNDED });
    assert.equal(String(status), setting(service, 'SuccessExitStatus'), stderr);
    assert.ok(existsSync(join(out, 'current', 'tables')));
  });

  const skip =
    spawnSync('systemd-analyze', ['--version']).status === 0 ? false : 'there is no systemd-analyze';
  test('systemd-analyze finds nothing wrong with them', { skip }, () => {
    const { inPlace } = machine(0);
    const folder = fresh();
    const files = [['omidb-etl.service', service], ['omidb-etl.timer', timer]] as const; // prettier-ignore
    for (const [name, unit] of files)
      writeFileSync(join(folder, name), inPlace(unit).replace(/^User=.*$/m, `User=${userInfo().username}`));
    const paths = files.map(([name]) => join(folder, name));
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' });
    const own = verified.stderr.split('\n').filter((line) => line.includes('omidb-etl'));
    assert.deepEqual(own, []);
    const calendar = spawnSync('systemd-analyze', ['calendar', setting(timer, 'OnCalendar')], {
      encoding: 'utf8',
    });
    assert.equal(calendar.status, 0, calendar.stderr);
    assert.match(calendar.stdout, /Normalized form: \*-\*-\* 02:30:00/);
  });
});
