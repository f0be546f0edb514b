import { mergeHeaders, type MergedHeader } from '../dicom/merged-header.js';
import { readImagedb, type Imagedb, type ImagedbImage, type ImagedbStudy } from '../omi-db/imagedb.js';
import { textOrNull } from '../omi-db/raw-values.js';
import { compareText } from '../base/text.js';
import { linkStudy, type LinkableEpisode, type StudyLink } from '../omi-db/linking.js';
import { isoDate, isPaddedDate, parseDate } from '../../schemas/dates.js';
import type { Report } from '../../schemas/mismatch-kinds.js';
import type { ClientRecord, ImageRecord, StudyRecord } from './extract.js';

/**
 * Join: puts the views of one client side by side (what imagedb lists, what lies on disk, what headers say), so that
 * flatten and reconcile see the same studies and images, in the order of their UIDs.
 */

export interface JoinedClient {
  /** Null when there is no readable imagedb. */
  readonly imagedb: Imagedb | null;
  readonly studies: readonly JoinedStudy[];
}

export interface JoinedStudy {
  readonly uid: string;
  readonly listed: ImagedbStudy | null;
  readonly onDisk: StudyRecord | null;
  /** StudyDate of imagedb in days since 1970-01-01. */
  readonly date: number | null;
  readonly rawDate: string | null;
  /** EpisodeID of imagedb. */
  readonly episodeId: string | null;
  readonly link: StudyLink;
  readonly images: readonly JoinedImage[];
}

export interface JoinedImage {
  readonly uid: string;
  /** Where imagedb lists it in this study: one place, or none, or (wrongly) several series. */
  readonly listed: readonly ImagedbImage[];
  readonly onDisk: ImageRecord | null;
  /** What gives the tag columns: its two headers, merged by tag. */
  readonly header: MergedHeader | null;
  /** Series as imagedb has it, else as the header has it. */
  readonly seriesUid: string | null;
}

/** @param episodes of the client's nbss file, in its order; empty when there is none */
export function joinClient(
  record: ClientRecord,
  episodes: readonly LinkableEpisode[],
  report: Report,
): JoinedClient {
  const imagedb = record.imagedb === null ? null : readImagedb(record.imagedb.object);
  const listed = new Map(imagedb?.studies.map((study) => [study.uid, study]));
  const onDisk = new Map(record.studies.map((study) => [study.uid, study]));
  const uids = [...new Set([...listed.keys(), ...onDisk.keys()])].sort(compareText);
  const studies = uids.map((uid) =>
    joinStudy(uid, listed.get(uid) ?? null, onDisk.get(uid) ?? null, episodes),
  );
  for (const study of studies) reportBadDate(study, record, report);
  return { imagedb, studies };
}

function joinStudy(
  uid: string,
  listed: ImagedbStudy | null,
  onDisk: StudyRecord | null,
  episodes: readonly LinkableEpisode[],
): JoinedStudy {
  const rawDate = textOrNull(listed?.studyDate);
  const date = rawDate === null ? null : parseDate(rawDate);
  const episodeId = textOrNull(listed?.episodeId);
  const link = linkStudy({ date, episodeId }, episodes);
  return { uid, listed, onDisk, date, rawDate, episodeId, link, images: joinImages(listed, onDisk) };
}

function joinImages(listed: ImagedbStudy | null, onDisk: StudyRecord | null): JoinedImage[] {
  const images = new Map<string, ImageViews>();
  if (listed !== null)
    for (const series of listed.series)
      for (const image of series.images) viewsOf(image.uid, images).listed.push(image);
  if (onDisk !== null) for (const image of onDisk.images) viewsOf(image.plan.uid, images).onDisk = image;
  const joined: JoinedImage[] = [];
  for (const views of images.values()) joined.push(joinImage(views));
  return joined.sort(byUid);
}

const byUid = (a: JoinedImage, b: JoinedImage): number => compareText(a.uid, b.uid);

function viewsOf(uid: string, images: Map<string, ImageViews>): ImageViews {
  let views = images.get(uid);
  if (views === undefined) images.set(uid, (views = { uid, listed: [], onDisk: null }));
  return views;
}

interface ImageViews {
  readonly uid: string;
  readonly listed: ImagedbImage[];
  onDisk: ImageRecord | null;
}

function joinImage({ uid, listed, onDisk }: ImageViews): JoinedImage {
  const header = onDisk === null ? null : mergeHeaders(onDisk.dicom, onDisk.json);
  const seriesUid = listed[0]?.seriesUid ?? header?.values.identity.seriesInstanceUid ?? null;
  return { uid, listed, onDisk, header, seriesUid };
}

function reportBadDate({ uid, date, rawDate }: JoinedStudy, record: ClientRecord, report: Report): void {
  if (rawDate === null || (date !== null && isPaddedDate(rawDate))) return;
  const where = {
    client_id: record.plan.clientId,
    study_instance_uid: uid,
    path: record.imagedb?.path ?? null,
    found: rawDate,
  };
  if (date === null) {
    const detail =
      'StudyDate is no date of the form YYYY-MM-DD or YYYYMMDD; the study is not linked to an episode.';
    report({ kind: 'date_invalid', ...where, detail });
    return;
  }
  const detail = 'StudyDate is a date without its zeros.';
  report({ kind: 'value_respelled', ...where, detail, expected: isoDate(date) });
}
