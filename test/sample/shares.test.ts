import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeClient, type ClientPlan, type ImagePlan, type StudyPlan } from '../../scripts/sample/client.js';
import type { Episode } from '../../scripts/sample/episode.js';
import type { Technique } from '../../scripts/sample/shots.js';
import { asObject } from './tree.js';

/** What the page on the sample says it holds, counted in the plans of 200 clients that the sample is written from. */

const PAGE = readFileSync(fileURLToPath(new URL('../../../docs/sample.md', import.meta.url)), 'utf8');
const CLIENTS = Array.from({ length: 200 }, (_, index) => makeClient(1, index));
const EPISODES = CLIENTS.flatMap(({ course }) => course.episodes);
const STUDIES = CLIENTS.flatMap(({ studies }) => studies);
const IMAGES = STUDIES.flatMap(({ images }) => images);

const share = <T>(things: readonly T[], is: (thing: T) => boolean): number =>
  (100 * things.filter(is).length) / things.length;
const ofClients = (is: (client: ClientPlan) => boolean): number => share(CLIENTS, is);
const ofEpisodes = (is: (episode: Episode) => boolean): number => share(EPISODES, is);
const ofStudies = (is: (study: StudyPlan) => boolean): number => share(STUDIES, is);
const ofImages = (is: (image: ImagePlan['image']) => boolean): number =>
  share(IMAGES, ({ image }) => is(image));
const technique = (name: Technique): number => ofImages((image) => image.technique === name);
const hasTissue = ({ blocks }: Episode): boolean => 'BIOPSYWIDE' in blocks || 'SURGERY' in blocks;
const isCancer = ({ lesions }: Episode): boolean =>
  lesions.some(({ nature }) => nature === 'invasive' || nature === 'in_situ');

/** Views that a study holds more than once, the same in everything but when they were taken. */
function repeated({ images }: StudyPlan): boolean {
  const views = images
    .map(({ image }) => image)
    .filter((image) => image.technique === 'ffdm' && image.intent === 'FOR PRESENTATION')
    .map(({ side, view, modifiers, partial }) => `${side} ${view} ${modifiers.join()} ${partial}`);
  return new Set(views).size < views.length;
}

/** A benign lesion of one breast, and cancer of the other in a later episode. */
function changesBreast({ course: { episodes } }: ClientPlan): boolean {
  const last = episodes.at(-1);
  if (last === undefined || !isCancer(last)) return false;
  return episodes.slice(0, -1).some(({ lesions }) => {
    const [lesion] = lesions;
    return lesion !== undefined && last.lesions.every(({ side }) => side !== lesion.side);
  });
}

/** Cancer in the last episode, and none in those before it. */
function hasPriors({ course: { episodes } }: ClientPlan): boolean {
  const last = episodes.at(-1);
  return (
    last !== undefined && episodes.length > 1 && isCancer(last) && episodes.filter(isCancer).length === 1
  );
}

/** Percent of each row of the page's table, by what the row says. */
const MEASURED: Record<string, number> = {
  'full-field mammograms': technique('ffdm'),
  'tomosynthesis slices, in functional groups': technique('tomosynthesis'),
  'projections of a tomosynthesis': technique('projection'),
  'synthetic 2D': technique('synthetic_2d'),
  specimens: technique('specimen'),
  phantoms: technique('phantom'),
  'FOR PROCESSING': ofImages(({ intent }) => intent === 'FOR PROCESSING'),
  'FOR PRESENTATION that names its raw image': ofImages(({ source }) => source !== null),
  'magnified or spot views': ofImages(({ modifiers }) => modifiers.some((modifier) => modifier !== 'ID')),
  'implant-displaced views': ofImages(({ modifiers }) => modifiers.includes('ID')),
  'partial views': ofImages(({ partial }) => partial),
  'views in SNOMED CT codes, the rest in SNOMED RT': share(
    STUDIES.flatMap(({ study, images }) => images.map(() => study.vendor.codes)),
    (codes) => codes === 'SCT',
  ),
  'a view twice': ofStudies(repeated),
  'follow-up after surgery, in the same episode': ofStudies(({ study }) => study.purpose === 'follow_up'),
  'never concluded': ofEpisodes(({ open }) => open),
  'recalled and never assessed': ofEpisodes(({ action }) => action === null),
  'suspicious cores (B4) without surgery': ofEpisodes(
    (episode) =>
      episode.lesions.some(({ nature }) => nature === 'suspicious') && !('SURGERY' in episode.blocks),
  ),
  'interval cancers with tissue': ofEpisodes((episode) => episode.type === 'CI' && hasTissue(episode)),
  'interval cancers without': ofEpisodes((episode) => episode.type === 'CI' && !hasTissue(episode)),
  'cancer after screens that were normal': ofClients(hasPriors),
  'benign in one breast, later cancer in the other': ofClients(changesBreast),
  'breast implants': ofClients(({ studies }) =>
    studies.some(({ images }) => images.some(({ image }) => image.implants)),
  ),
};

describe('the page on the sample', () => {
  test('has a table of what the sample holds, and the shares are as it says', () => {
    const rows = [...PAGE.matchAll(/^\| (.+?) +\| (\w+) +\| ([\d.]+) to ([\d.]+) % +\|$/gm)];
    assert.deepEqual(rows.map(([, what]) => what).sort(), Object.keys(MEASURED).sort());
    for (const [, what, , low, high] of rows) {
      const found = MEASURED[what!]!;
      assert.ok(Number(low) <= found && found <= Number(high), `${what!}: ${found.toFixed(2)} %`);
    }
  });
});

/** The kind of an image by its header alone, as PS3.3 has it, the first that holds. */
function kindByHeader(header: Record<string, unknown>): string {
  const values = (tag: string): unknown[] => (asObject(header[tag])['Value'] as unknown[] | undefined) ?? [];
  const [sopClass] = values('00080016');
  const view = (asObject(values('00540220')[0])['00080100'] as { Value: string[] }).Value[0]!;
  if (values('00280300')[0] === 'YES') return 'phantom';
  if (['127457009', 'G-8310'].includes(view)) return 'specimen';
  if (sopClass === '1.2.840.10008.5.1.4.1.1.13.1.3') return 'tomosynthesis';
  if (sopClass === '1.2.840.10008.5.1.4.1.1.13.1.5') return 'projection';
  return values('00080008').includes('GENERATED_2D') ? 'synthetic_2d' : 'ffdm';
}

describe('an image of the sample', () => {
  test('says in its header what it is', () => {
    for (const { image, json } of IMAGES) assert.equal(kindByHeader(json.content), image.technique);
  });

  test('with an implant has four views as they are and four with the implant pushed back', () => {
    const screens = STUDIES.filter(
      ({ study, images }) => study.purpose === 'screen' && images.some(({ image }) => image.implants),
    );
    assert.ok(screens.length > 0);
    for (const { images } of screens) {
      const shown = images.filter(({ image }) => image.intent === 'FOR PRESENTATION' && image.frames === 1);
      const keys = shown.map(({ image }) => `${image.side}${image.view}${image.modifiers.join()}`);
      for (const view of ['LCC', 'RCC', 'LMLO', 'RMLO'])
        assert.ok(keys.includes(view) && keys.includes(`${view}ID`), view);
      for (const { json } of images) assert.deepEqual(json.content['00281300'], { vr: 'CS', Value: ['YES'] });
    }
  });

  test('taken again has a later time', () => {
    const twice = STUDIES.filter(repeated);
    assert.ok(twice.length > 0);
    for (const { images } of twice) {
      const times = images
        .filter(({ image }) => image.intent === 'FOR PRESENTATION' && image.technique === 'ffdm')
        .map(({ json }) => (json.content['00080033'] as { Value: string[] }).Value[0]!);
      assert.deepEqual(times, [...new Set(times)].sort());
    }
  });
});
