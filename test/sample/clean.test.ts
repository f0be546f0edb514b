import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { readSchemaJson } from '../../schemas/files.js';
import { makeSample } from '../../scripts/sample/database.js';
import { asObject, filesBelow, readClientFile, readObject, scratchFolder } from './tree.js';

const CLIENTS = 60;
const folder = scratchFolder();
const data = join(folder, 'data');
const images = join(folder, 'images');
let clients: readonly string[] = [];

before(() => {
  makeSample({ out: folder, clients: CLIENTS, seed: 21, faults: [], pixels: 'sparse' });
  clients = readdirSync(data);
});

type JsonMap = Record<string, unknown>;

const isUid = (key: string): boolean => /^[\d.]+$/.test(key);
/** Texts and numbers may stand for each other in the files. */
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const plainDate = (value: unknown): string => text(value).replaceAll('-', '');
const studiesOf = (client: string): JsonMap =>
  asObject(readClientFile(join(data, client), 'imagedb_')['STUDIES']);

function episodesOf(client: string): Map<string, JsonMap> {
  const entries = Object.entries(readClientFile(join(data, client), 'nbss_'));
  return new Map(
    entries
      .filter(([, value]) => typeof value === 'object' && value !== null)
      .map(([id, value]) => [id, asObject(value)]),
  );
}

/** The objects below the keys of a side: `L`, `R`, and below these by number. */
function lesionsOf(block: unknown): { side: string; number: string; lesion: JsonMap }[] {
  return ['L', 'R'].flatMap((side) =>
    Object.entries(asObject(asObject(block)[side])).map(([number, lesion]) => ({
      side,
      number,
      lesion: asObject(lesion),
    })),
  );
}

interface ListedImage {
  readonly client: string;
  readonly study: string;
  readonly series: string;
  readonly sop: string;
  readonly episode: JsonMap;
  readonly marks: JsonMap[];
  readonly header: JsonMap;
}

/** Every image that the imagedb files list, with its header file. */
function listedImages(): ListedImage[] {
  return clients.flatMap((client) => {
    const episodes = episodesOf(client);
    return Object.entries(studiesOf(client)).flatMap(([study, record]) => {
      const episode = episodes.get(text(asObject(record)['EpisodeID']))!;
      return Object.entries(asObject(record))
        .filter(([key]) => isUid(key))
        .flatMap(([series, content]) =>
          Object.entries(asObject(content))
            .filter(([key]) => key !== '')
            .map(([sop, marks]) => {
              const name = readdirSync(join(data, client, study)).find((file) => file.startsWith(`${sop}.`))!;
              const header = readObject(join(data, client, study, name));
              return {
                client,
                study,
                series,
                sop,
                episode,
                marks: Object.values(asObject(marks)).map(asObject),
                header,
              };
            }),
        );
    });
  });
}

function value(header: JsonMap, tag: string): unknown {
  return (asObject(header[tag])['Value'] as unknown[] | undefined)?.[0];
}

/** ImageLaterality, or FrameLaterality of the shared or of the first per-frame functional group. */
function sideOf(header: JsonMap): unknown {
  const groups = ['52009229', '52009230'].map((tag) => asObject(value(header, tag)));
  const anatomy = groups.map((group) => asObject(value(group, '00209071')));
  return [value(header, '00200062'), ...anatomy.map((each) => value(each, '00209072'))].find(
    (side) => side !== undefined,
  );
}

/** Whether a day lies half a year or more after the surgery of an episode: a mammogram that NBSS has no event for. */
function isFollowUp(episode: JsonMap, day: string): boolean {
  const surgery = plainDate(asObject(episode['SURGERY'])['dateperformed']);
  return surgery !== '' && Number(day) >= Number(surgery) + 600;
}

/** Dates of the events of an episode, by the semantics page: screens and all other procedures. */
function eventDates(episode: JsonMap): Set<string> {
  const screens = [episode['SCREENING'], ...Object.values(asObject(episode['OTHERSCREENING']))].map(asObject);
  const taken = screens.flatMap((screen) => ['L', 'R'].map((side) => asObject(screen[side])['DateTaken']));
  const blocks = ['ASSESSMENT', 'CLINICAL', 'BIOPSYWIDE', 'BIOPSYFINE', 'SURGERY', 'INTERVALCANCER'].map(
    (name) => episode[name],
  );
  const performed = blocks.flatMap((block) => [
    asObject(block)['dateperformed'],
    ...lesionsOf(block).map(({ lesion }) => lesion['DatePerformed']),
  ]);
  return new Set([...taken, ...performed].map(plainDate));
}

describe('a clean sample', () => {
  test('lists in imagedb exactly the images that both trees hold', () => {
    const listed = listedImages().map(({ client, study, sop }) => `${client}/${study}/${sop}`);
    const stem = (path: string): string => path.replace(/(\.dcm)?\.json$|\.dcm$/, '');
    const inData = filesBelow(data).filter((path) => path.split('/').length === 3);
    assert.deepEqual(inData.map(stem), [...listed].sort());
    assert.deepEqual(filesBelow(images).map(stem), [...listed].sort());
    assert.deepEqual(readdirSync(images).sort(), [...clients].sort());
  });

  test('has UIDs that agree everywhere and are unique', () => {
    const all = listedImages();
    for (const { client, study, series, sop, header } of all) {
      assert.equal(value(header, '0020000D'), study);
      assert.equal(value(header, '0020000E'), series);
      assert.equal(value(header, '00080018'), sop);
      assert.equal(value(header, '00100020'), client);
    }
    const uids = [
      ...all.map(({ sop }) => sop),
      ...new Set(all.map(({ study, client }) => `${client} ${study}`)),
      ...new Set(all.map(({ series, study }) => `${study} ${series}`)),
    ].map((key) => key.split(' ').at(-1)!);
    assert.equal(new Set(uids).size, uids.length);
    // PS3.5 section 9.1: at most 64 characters, no component with a leading zero.
    for (const uid of uids) assert.match(uid, /^(?=.{1,64}$)[0-2](\.(0|[1-9]\d*))+$/);
  });

  test('gives every study an episode with an event on its day, or a surgery long before it, and every episode a study', () => {
    let later = 0;
    for (const client of clients) {
      const episodes = episodesOf(client);
      const used = new Set<string>();
      for (const record of Object.values(studiesOf(client)).map(asObject)) {
        const id = text(record['EpisodeID']);
        used.add(id);
        const [episode, day] = [episodes.get(id)!, plainDate(record['StudyDate'])];
        if (isFollowUp(episode, day)) later++;
        else assert.ok(eventDates(episode).has(day), `${client} ${id}`);
      }
      assert.deepEqual([...used].sort(), [...episodes.keys()].sort());
    }
    assert.ok(later > 0);
  });

  test('names the same studies in StudyList, where there is one, as imagedb', () => {
    let lists = 0;
    for (const client of clients) {
      const studies = Object.entries(studiesOf(client));
      for (const [id, episode] of episodesOf(client)) {
        const list = episode['StudyList'];
        if (list === null) continue;
        lists++;
        const uids = Array.isArray(list) ? (list as string[]) : text(list).split(',');
        const own = studies
          .filter(([, record]) => text(asObject(record)['EpisodeID']) === id)
          .map(([uid]) => uid);
        assert.deepEqual([...uids].sort(), own.sort());
      }
    }
    assert.ok(lists > CLIENTS / 2);
  });

  test('draws marks within the image, on lesions that the episode has on that side', () => {
    let linked = 0;
    for (const { marks, header, episode } of listedImages()) {
      const rows = Number(value(header, '00280010'));
      const columns = Number(value(header, '00280011'));
      const side = sideOf(header);
      const numbers = lesionsOf(episode['LESION']).filter((lesion) => lesion.side === side);
      for (const mark of marks) {
        const [x1, y1, x2, y2] = ['X1', 'Y1', 'X2', 'Y2'].map((key) => Number(mark[key]));
        assert.ok(0 <= x1! && x1! < x2! && x2! < columns, `${x1} ${x2} ${columns}`);
        assert.ok(0 <= y1! && y1! < y2! && y2! < rows, `${y1} ${y2} ${rows}`);
        const link = text(mark['LinkedNBSSLesionNumber']);
        if (link === 'UNLINKED') continue;
        for (const number of link.split(',')) assert.ok(numbers.some((lesion) => lesion.number === number));
        linked++;
      }
    }
    assert.ok(linked > 20, String(linked));
  });
});

interface FieldFacts {
  readonly name: string;
  readonly codes: string | null;
  readonly separator: string | null;
}
const FIELDS = readSchemaJson('nbss/fields.json') as Record<string, FieldFacts[]>;
const LISTS = (readSchemaJson('nbss/code-lists.json') as { lists: Record<string, { codes: JsonMap }> }).lists;
const LABELS = (readSchemaJson('nbss/labels.json') as { labels: Record<string, Record<string, string>> })
  .labels;

/** NBSS tables that feed each block (nbss/README.md). */
const TABLES: Record<string, string> = {
  ASSESSMENT: 'ImagingProcedure',
  CLINICAL: 'ClinicalExamProcedure',
  BIOPSYWIDE: 'WbnProcedure',
  BIOPSYFINE: 'FnaProcedure',
  SURGERY: 'SurgeryProcedure',
  INTERVALCANCER: 'IntervalCancerSymptomatic',
};
const LABEL_LISTS: Record<string, string> = {
  OPINION: 'opinion',
  INVCC: 'invasive_component',
  BIMHG: 'disease_grade',
  INVCT: 'invasive_type',
  ISCC: 'in_situ_component',
  DCISG: 'dcis_grade',
  MALTYPE: 'malignancy_type',
};

/** What a field holds: a code of its list (checked), one of the texts of the list, or nothing to check. */
function kindOfCode(lesion: JsonMap, { name, codes, separator }: FieldFacts): 'code' | 'text' | null {
  const list = LISTS[codes ?? '']?.codes;
  const raw = text(lesion[name]);
  if (list === undefined || raw === '') return null;
  const printed = Object.values(list).map((code) => asObject(code)['text']);
  const labels = Object.values(LABELS[LABEL_LISTS[codes ?? ''] ?? ''] ?? {});
  if ([...printed, ...labels].includes(raw)) return 'text';
  for (const part of raw.split(separator ?? '\0')) assert.ok(part in list, `${name}: ${part}`);
  return 'code';
}

describe('the codes of a clean sample', () => {
  test('are of the code list of their field, as code or as one of its texts', () => {
    const counts = { code: 0, text: 0 };
    for (const episode of clients.flatMap((client) => [...episodesOf(client).values()]))
      for (const [block, table] of Object.entries(TABLES))
        for (const { lesion } of lesionsOf(episode[block]))
          for (const field of FIELDS[table]!) {
            const kind = kindOfCode(lesion, field);
            if (kind !== null) counts[kind]++;
          }
    assert.ok(counts.code > 100 && counts.text > 50, JSON.stringify(counts));
  });
});

describe('the variants of the format', () => {
  const some = <T>(items: Iterable<T>, test_: (item: T) => boolean, what: string): void => {
    assert.ok([...items].some(test_), `no client has ${what}`);
  };

  test('occur: names of files', () => {
    const names = clients.flatMap((client) => readdirSync(join(data, client)));
    for (const start of ['imagedb_', 'IMAGEDB_', 'nbss_', 'NBSS_'])
      some(names, (name) => name.startsWith(start), start);
    some(filesBelow(data), (path) => path.endsWith('.dcm.json'), '.dcm.json');
    some(filesBelow(data), (path) => /\d\.json$/.test(path) && path.split('/').length === 3, '.json');
  });

  test('occur: ImageDB', () => {
    const files = clients.map((client) => readClientFile(join(data, client), 'imagedb_'));
    const records = clients.flatMap((client) => Object.values(studiesOf(client)).map(asObject));
    some(files, (file) => file['STUDIES'] === null || !('STUDIES' in file), 'no studies');
    some(files, (file) => 'LESIONS' in file, 'LESIONS');
    some(records, ({ StudyDate }) => /^\d{4}-\d\d-\d\d$/.test(text(StudyDate)), 'a dashed date');
    some(records, ({ StudyDate }) => /^\d{8}$/.test(text(StudyDate)), 'a compact date');
    const series = records.flatMap((record) => Object.entries(record).filter(([key]) => isUid(key)));
    some(series, ([, content]) => '' in asObject(content), 'an empty-string key');
    const contents = series.flatMap(([, content]) =>
      Object.entries(asObject(content)).filter(([key]) => isUid(key)),
    );
    some(contents, ([, marks]) => marks === null, 'null for an image');
    some(
      contents,
      ([, marks]) => marks !== null && Object.keys(asObject(marks)).length === 0,
      '{} for an image',
    );
    const links = contents.flatMap(([, marks]) =>
      Object.values(asObject(marks)).map((mark) => asObject(mark)['LinkedNBSSLesionNumber']),
    );
    some(links, (link) => text(link).includes(','), 'a mark of two lesions');
    some(links, (link) => link === 'UNLINKED', 'an unlinked mark');
  });

  test('occur: NBSS episodes', () => {
    const episodes = clients.flatMap((client) => [...episodesOf(client).values()]);
    some(episodes, ({ StudyList }) => Array.isArray(StudyList), 'StudyList as an array');
    some(
      episodes,
      ({ StudyList }) => typeof StudyList === 'string' && StudyList.includes(','),
      'StudyList as text',
    );
    some(episodes, ({ StudyList }) => StudyList === null, 'StudyList null');
    for (const type of ['string', 'number']) {
      some(episodes, ({ PatientAge }) => typeof PatientAge === type, `PatientAge as ${type}`);
      some(
        episodes,
        ({ ActualEpisodeOpenedYear: year }) => year !== '' && typeof year === type,
        `a year as ${type}`,
      );
    }
    some(episodes, (episode) => episode['ActualEpisodeOpenedYear'] === '', 'an empty year');
    some(episodes, ({ EpisodeEndPoint }) => EpisodeEndPoint === '', "'' for no value");
    some(episodes, ({ EpisodeEndPoint }) => text(EpisodeEndPoint).includes(','), 'codes with a comma');
    for (const type of ['CI', 'Interval case', 'R', 'Routine Recall', 'F', 'First Call', 'H'])
      some(episodes, ({ EpisodeType }) => EpisodeType === type, type);
    for (const block of ['OTHERSCREENING', 'CLINICAL', 'BIOPSYFINE', 'SURGERY', 'INTERVALCANCER'])
      some(episodes, (episode) => Object.keys(asObject(episode[block])).length > 0, block);
    some(
      episodes,
      ({ CLINICAL }) => CLINICAL !== null && JSON.stringify(CLINICAL) === '{}',
      'an empty block',
    );
    some(episodes, ({ CLINICAL }) => CLINICAL === null, 'a null block');
  });

  test('occur: NBSS lesions', () => {
    const episodes = clients.flatMap((client) => [...episodesOf(client).values()]);
    const blocks = episodes.flatMap((episode) =>
      ['ASSESSMENT', 'BIOPSYWIDE', 'SURGERY'].map((name) => asObject(episode[name])),
    );
    const lesions = blocks.flatMap((block) => lesionsOf(block).map(({ lesion }) => lesion));
    for (const key of ['dateperformed', 'diagnosticsetoutcome', 'left_opinion', 'right_opinion', 'Opinion'])
      some(blocks, (block) => key in block, key);
    for (const key of ['left_opinion', 'DiagnosticSetOutcome', 'InSituPresent', 'InsituPresent'])
      some(lesions, (lesion) => key in lesion, key);
    for (const key of ['AxillarySpecimenType', 'AxillaryNodesPositive', 'CalcificationsOnSpecimen'])
      some(lesions, (lesion) => key in lesion, key);
    const opinions = lesions.map(({ Opinion }) => text(Opinion));
    for (const level of ['I5', 'B5', 'B2', 'H5', 'Imaging malig']) assert.ok(opinions.includes(level), level);
  });
});
