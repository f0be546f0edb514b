import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readmeTable, reportPage } from '../../scripts/bench/report.js';
import type { Results, Runs, SlowResult } from '../../scripts/bench/results.js';
import { noise, verdicts } from '../../scripts/bench/verdicts.js';

/** A run for each of the seconds, with half as much CPU time again. */
function runs(seconds: readonly number[], megabytes = 300): Runs {
  return seconds.map((value) => ({
    seconds: value,
    cpuSeconds: 1.5 * value,
    peakBytes: megabytes * 1e6,
  }));
}

const machine = {
  cpu: 'CPU',
  cores: 2,
  memoryBytes: 8e9,
  node: 'v20.0.0',
  os: 'Linux',
  load: 0,
};
const nothing: Results = { date: '2020-02-03T04:05:06.000Z', machine, clients: 2000, workers: 2, runs: 3 };

const measured: Results = {
  ...nothing,
  main: {
    images: 1000,
    ranges: 3,
    floor: runs([2, 2.1, 2]),
    full: runs([3.4, 3.4, 3.3], 499),
    unchanged: runs([0.5, 0.4, 0.5]),
    writing: runs([0.4, 0.3, 0.5]),
    dataFloor: runs([1, 1, 1]),
    dataOnly: runs([1.9, 1.7, 1.8]),
    dataOnlyAlone: runs([2.5, 2.4, 2.6]),
    peer: runs([3.6, 3.5, 3.7]),
    dataWriting: runs([0.2, 0.2, 0.2]),
    bytesPerImage: { json: 6000, dicom: 16384 },
    tables: [{ table: 'images', rows: 1000, files: 2, bytes: 123456 }],
  },
  sizes: [
    { clients: 500, images: 1000, ranges: 2, floor: runs([0.5, 0.5, 0.5]), runs: runs([1, 1.1, 0.9], 400) },
    { clients: 2000, images: 4000, ranges: 3, floor: runs([2]), runs: runs([3.8], 440) },
    { clients: 8000, images: 16000, ranges: 9, floor: runs([7.6]), runs: runs([15.2], 500.1) },
  ],
  startup: { version: [0.14, 0.16, 0.15], floor: runs([0.25, 0.25]), full: runs([0.875, 0.625]) },
};

describe('the verdicts of a benchmark', () => {
  test('are none of what was not measured', () => {
    assert.deepEqual(verdicts(nothing), []);
    assert.deepEqual(noise(nothing), { unrest: null, noisy: false });
  });

  test('say of each bar whether it is met; one at the bar is', () => {
    assert.deepEqual(
      verdicts(measured).map(({ value, bar, unit, met }) => [Number(value.toFixed(4)), bar, unit, met]),
      [
        [1.7, 2, 'times', true], // 3.4 / 2
        [1.8, 3, 'times', true], // 1.8 / 1
        [0.1471, 0.08, 'times', false], // 0.5 / 3.4
        [0.5, 0.5, 'times', true], // 1.8 / 3.6
        [0.6944, 1, 'times', true], // 3.75 / 5.4
        [500.1, 500, 'MB', false], // the greatest of all full runs
        [2, 1.8, 'times', false], // 15.2 / 7.6
        [25.025, 15, '%', false], // 500.1 / 400
        [5.2632, 10, '%', true], // 1 ms against 0.95 ms
        [0.15, 0.15, 's', true],
        [0.5, 0.7, 's', true], // 0.75 - 0.25
      ],
    );
  });

  test('of one size alone say nothing of differences between sizes', () => {
    const { main: _, ...rest } = measured;
    const one = verdicts({ ...rest, sizes: measured.sizes!.slice(0, 1) });
    assert.deepEqual(
      one.map(({ what }) => what).filter((what) => /memory|image/.test(what)),
      ['peak memory of a full run'],
    );
  });

  test('call a machine noisy on which the floor differs by more than a tenth, or others were at work', () => {
    assert.deepEqual(noise(measured), { unrest: (2.1 - 2) / 2, noisy: false });
    const loud = { ...measured, main: { ...measured.main!, floor: runs([2, 2.3, 2]) } };
    assert.equal(noise(loud).noisy, true);
    assert.match(
      reportPage(loud),
      /\*\*The machine was noisy\*\*: 0\.00 processes .* the runs of the floor lie 15 % apart/,
    );
    assert.equal(noise({ ...measured, machine: { ...machine, load: 1 } }).noisy, true);
    const single = { ...measured, main: { ...measured.main!, floor: runs([2]) } };
    assert.equal(noise(single).unrest, null);
  });
});

describe('the page of results', () => {
  test('shows each verdict, and each run with its ratio and range', () => {
    const page = reportPage(measured);
    assert.match(
      page,
      /^\| run without any change, to the full run \| 0\.147 times \| 0\.0800 times \| \*\*not met\*\* \|$/m,
    );
    assert.match(page, /^\| full run, to its floor \| 1\.70 times \| 2\.00 times \| met \|$/m);
    // 1000 images in 3.4 s; rounds 3.4/2, 3.4/2.1, 3.3/2.
    assert.match(
      page,
      /^\| full \| 3\.40 s \(3\.30 to 3\.40\) \| 294 \| 1\.70 \(1\.62 to 1\.70\) of its floor \| 5\.10 s \| 499 MB \|$/m,
    );
    assert.match(
      page,
      /^\| 8,000 \| 16,000 \| 9 \| 15\.2 s \(15\.2 to 15\.2\) \| 0\.950 ms \| 500 MB \| 0\.475 ms \| 2\.00 \(2\.00 to 2\.00\) \|$/m,
    );
    assert.ok(!page.includes('## Workers') && !page.includes('## A slow file system'));
  });

  test('says what a run takes at least, in times of its floor', () => {
    const page = reportPage(measured);
    // CPU: floor 3.0 and 1.5, writing 0.6 and 0.3, one client beyond its floor 0.75.
    assert.match(page, /^\| start and end \| 0\.75 s \| 0\.250 \| 0\.75 s \| 0\.500 \|$/m);
    assert.match(page, /^\| together: the least \| 4\.35 s \| 1\.45 \| 2\.55 s \| 1\.70 \|$/m);
    assert.match(page, /^\| all else \| 0\.75 s \| 0\.250 \| 0\.15 s \| 0\.100 \|$/m);
    assert.match(page, /^\| the whole run \| 5\.10 s \| 1\.70 \| 2\.70 s \| 1\.80 \|$/m);
  });

  test('says how much faster more workers are', () => {
    const page = reportPage({
      ...nothing,
      workerCounts: [
        { workers: 1, floor: runs([4]), full: runs([9, 8, 7]) },
        { workers: 2, floor: runs([2]), full: runs([5]) },
      ],
    });
    assert.match(page, /^\| 2 \| 5\.00 s \| 1\.60 \| 1\.50 \| 2\.00 s \| 2\.00 \| 1\.50 \| 300 MB \|$/m);
  });

  const slow: SlowResult = {
    clients: 1024,
    images: 1000,
    skipped: null,
    points: [
      { disk: 'none', full: runs([10, 12, 11], 300), dataOnly: runs([4]), unchanged: runs([1]) },
      { disk: '2 ms', full: runs([14, 18, 22], 330), dataOnly: runs([6]), unchanged: runs([6.5]) },
      { disk: '10 ms', full: runs([40, 36, 44], 320), dataOnly: runs([17]), unchanged: runs([9]) },
      { disk: 'tail', full: runs([20, 24, 22], 360), dataOnly: runs([5]), unchanged: runs([2]) },
    ],
    direct: runs([10]),
    plain: runs([10.2]),
  };

  test('holds the runs of a slow disk to those of one that is not, by their medians', () => {
    assert.deepEqual(
      verdicts({ ...nothing, slow }).map(({ value, bar, met }) => [Number(value.toFixed(3)), bar, met]),
      [
        [1.636, 1.5, false], // 18 / 11
        [1.5, 1.5, true], // 6 / 4
        [3.636, 4, true], // 40 / 11
        [4.25, 4, false], // 17 / 4
        [6.5, 6, false], // 6.5 / 1
        [1.02, 1.03, true], // 10.2 / 10
        [20, 15, false], // 360 / 300
      ],
    );
    const page = reportPage({ ...nothing, slow });
    assert.match(
      page,
      /^\| 2 ms \| 18\.0 s \(14\.0 to 22\.0\) \| 1\.64 \([\d.]+ to [\d.]+\) \| 6\.00 s \(6\.00 to 6\.00\) \| 1\.50 \([^|]*\) \| 6\.50 s [^|]*\| 6\.50 [^|]*\| 330 MB \|$/m,
    );
  });

  test('says why a slow disk was not imitated, and holds it to nothing', () => {
    const skipped: SlowResult = {
      ...slow,
      skipped: 'strace is not there',
      points: [],
      direct: [],
      plain: [],
    };
    assert.deepEqual(verdicts({ ...nothing, slow: skipped }), []);
    assert.match(reportPage({ ...nothing, slow: skipped }), /^Not measured: strace is not there\.$/m);
  });

  test('names day, versions and sizes of the machine, and gives docs/speed.md its table', () => {
    assert.match(reportPage(measured), /^- 2020-02-03; CPU, 2 cores, 8 GB; Node v20\.0\.0; Linux$/m);
    assert.match(readmeTable(measured), /^2,000 clients, 1,000 images, 2 workers on 2 cores of CPU/);
    assert.equal(readmeTable(nothing), '');
  });
});
