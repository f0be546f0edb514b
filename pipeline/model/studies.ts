import { compareText } from '../base/text.js';
import { emptyExtra, extraText, isEmptyExtra, NO_EXTRA, type Extra } from '../omi-db/extra.js';
import { isNoValue } from '../omi-db/raw-values.js';
import { examViews } from '../semantics/exam/exam-views.js';
import { imagePairs } from '../semantics/header/pairing.js';
import type { JoinedStudy } from '../stages/join.js';
import type { EpisodeModel, SeriesModel, StudyModel } from './client-model.js';
import type { InterpretContext } from './context.js';
import { studyImages } from './exam.js';
import { interpretImage } from './images.js';
import type { StudyHistory } from './study-history.js';
import type { StudyMeaning } from './study-meanings.js';

/** A study with its series and images, and what its episode makes of them. */
export function interpretStudy(
  study: JoinedStudy,
  episode: EpisodeModel | null,
  meaning: StudyMeaning | undefined,
  history: StudyHistory,
  context: InterpretContext,
): StudyModel {
  const extra = studyExtra(study, context);
  const series = interpretSeries(study, context);
  const ofImages = { uid: study.uid, episode };
  const images = study.images.map((image) => interpretImage(image, ofImages, context));
  const studyFacts = studyImages(images, context.tags);
  // Written out, as all that is made for each study, episode or image: V8 makes that far faster than a spread.
  return {
    uid: study.uid,
    listed: study.listed,
    onDisk: study.onDisk,
    date: study.date,
    rawDate: study.rawDate,
    episodeId: study.episodeId,
    link: study.link,
    episode,
    events: meaning?.events ?? null,
    inReference: meaning?.inReference ?? false,
    extra,
    series,
    images,
    history,
    views: images.length === 0 ? null : examViews(studyFacts),
    pairs: imagePairs(studyFacts),
  };
}

function studyExtra({ listed, date, episodeId }: JoinedStudy, context: InterpretContext): string | null {
  if (listed === null) return null;
  // What could not be read as a date or an id is kept as it stood.
  const hasOddDate = date === null && !isNoValue(listed.studyDate);
  const hasOddEpisode = episodeId === null && !isNoValue(listed.episodeId);
  if (!hasOddDate && !hasOddEpisode && isEmptyExtra(listed.extra)) return null;
  const extra = Object.assign(emptyExtra(), listed.extra);
  context.unknown.noteAll(context.imagedbPath!, 'studies', extra);
  if (hasOddDate) extra['StudyDate'] = listed.studyDate;
  if (hasOddEpisode) extra['EpisodeID'] = listed.episodeId;
  return extraText(extra);
}

/** Series that imagedb lists and those that only headers name, by UID. */
function interpretSeries({ listed, images }: JoinedStudy, context: InterpretContext): SeriesModel[] {
  const found = new Map<string, FoundSeries>();
  if (listed !== null)
    for (const { uid, extra } of listed.series) found.set(uid, { uid, isListed: true, imageCount: 0, extra });
  for (const { seriesUid: uid } of images) {
    if (uid === null) continue;
    const series = found.get(uid);
    if (series === undefined) found.set(uid, { uid, isListed: false, imageCount: 1, extra: NO_EXTRA });
    else series.imageCount++;
  }
  const inOrder = [...found.values()].sort((a, b) => compareText(a.uid, b.uid));
  return inOrder.map(({ uid, isListed, imageCount, extra }) => {
    if (context.imagedbPath !== null) context.unknown.noteAll(context.imagedbPath, 'series', extra);
    return { uid, isListed, imageCount, extra: extraText(extra) };
  });
}

/** A series while its images are counted. */
interface FoundSeries {
  readonly uid: string;
  readonly isListed: boolean;
  imageCount: number;
  readonly extra: Readonly<Extra>;
}
