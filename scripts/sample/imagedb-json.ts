import { dateText, type DateStyle } from './dates.js';
import type { Study } from './imaging.js';
import type { JsonObject } from './values.js';

/** How one client's ImageDB file is written. */
export interface ImagedbStyle {
  readonly dates: DateStyle;
  /** Some series objects hold an empty-string key beside their images. */
  readonly emptyKey: boolean;
  /** A client without studies: `STUDIES` is null, or the key is missing. */
  readonly noStudies: 'null' | 'missing';
  readonly lesionsKey: boolean;
}

const SITES = ['ADDE', 'JARV', 'STGE', 'SYNT'];

/** The content of imagedb_<client>.json: each study with its series, images and marks. */
export function imagedbJson(
  clientId: string,
  index: number,
  studies: readonly Study[],
  style: ImagedbStyle,
): JsonObject {
  const content: JsonObject = { ClientID: clientId, Site: SITES[index % SITES.length]! };
  if (style.lesionsKey) content['LESIONS'] = {};
  if (studies.length > 0)
    content['STUDIES'] = Object.fromEntries(studies.map((study) => [study.uid, studyJson(study, style)]));
  else if (style.noStudies === 'null') content['STUDIES'] = null;
  return content;
}

function studyJson(study: Study, style: ImagedbStyle): JsonObject {
  const content: JsonObject = { StudyDate: dateText(study.day, style.dates), EpisodeID: study.episode.id };
  for (const { uid, images } of study.series) {
    const series: JsonObject = style.emptyKey ? { '': null } : {};
    for (const { sop, marks } of images) series[sop] = marks;
    content[uid] = series;
  }
  return content;
}
