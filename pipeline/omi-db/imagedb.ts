import { emptyExtra, isJsonObject, NO_EXTRA, type Extra } from './extra.js';
import type { JsonObject } from './json.js';
import { isUid } from './layout.js';

/**
 * The structure of imagedb_<client>.json (format page of OMI-DB), taken apart but not interpreted: values are as in the
 * file. What is no study, series, image or mark is in the `extra` of the level where it stands.
 */

export interface ImagedbStudy {
  readonly uid: string;
  readonly studyDate: unknown;
  readonly episodeId: unknown;
  readonly series: readonly ImagedbSeries[];
  readonly extra: Readonly<Extra>;
}

export interface ImagedbSeries {
  readonly uid: string;
  readonly images: readonly ImagedbImage[];
  readonly extra: Readonly<Extra>;
}

export interface ImagedbImage {
  readonly uid: string;
  readonly seriesUid: string;
  readonly marks: readonly ImagedbMark[];
  readonly extra: Readonly<Extra>;
}

export interface ImagedbMark {
  readonly id: string;
  readonly fields: JsonObject;
}

export interface Imagedb {
  readonly clientId: unknown;
  readonly site: unknown;
  readonly lesions: unknown;
  readonly studies: readonly ImagedbStudy[];
  readonly extra: Readonly<Extra>;
}

export function readImagedb(file: JsonObject): Imagedb {
  const { ClientID, Site, LESIONS, STUDIES } = file;
  let extra = split(file, (key) => OWN_KEYS.has(key));
  const studies: ImagedbStudy[] = [];
  if (isJsonObject(STUDIES)) {
    const others = split(STUDIES, (uid, value) => {
      if (!isUid(uid) || !(value === null || isJsonObject(value))) return false;
      studies.push(readStudy(uid, value ?? {}));
      return true;
    });
    if (others !== NO_EXTRA) extra = Object.assign(emptyExtra(), extra, { STUDIES: others });
  } else if (STUDIES !== undefined && STUDIES !== null) {
    extra = Object.assign(emptyExtra(), extra, { STUDIES });
  }
  return { clientId: ClientID, site: Site, lesions: LESIONS, studies, extra };
}

const OWN_KEYS = new Set(['ClientID', 'Site', 'LESIONS', 'STUDIES']);

function readStudy(uid: string, study: JsonObject): ImagedbStudy {
  const { StudyDate, EpisodeID } = study;
  const series: ImagedbSeries[] = [];
  const extra = split(study, (key, value) => {
    if (key === 'StudyDate' || key === 'EpisodeID') return true;
    if (!isUid(key) || !isJsonObject(value)) return false;
    series.push(readSeries(key, value));
    return true;
  });
  return { uid, studyDate: StudyDate, episodeId: EpisodeID, series, extra };
}

function readSeries(uid: string, series: JsonObject): ImagedbSeries {
  const images: ImagedbImage[] = [];
  const extra = split(series, (key, value) => {
    if (!isUid(key) || !(value === null || isJsonObject(value))) return false;
    images.push(readImage(key, uid, value ?? {}));
    return true;
  });
  return { uid, images, extra };
}

function readImage(uid: string, seriesUid: string, image: JsonObject): ImagedbImage {
  const marks: ImagedbMark[] = [];
  const extra = split(image, (key, value) => {
    if (!isJsonObject(value)) return false;
    marks.push({ id: key, fields: value });
    return true;
  });
  return { uid, seriesUid, marks, extra };
}

/** Hands each property to `take`; those it does not take are returned. */
function split(object: JsonObject, take: (key: string, value: unknown) => boolean): Readonly<Extra> {
  let rest: Extra | null = null;
  for (const key of Object.keys(object)) {
    if (!take(key, object[key])) (rest ??= emptyExtra())[key] = object[key];
  }
  return rest ?? NO_EXTRA;
}
