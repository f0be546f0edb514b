import type { ClientModel, EpisodeModel, StudyModel } from '../model/client-model.js';
import {
  breastsAtStudy,
  breastsInEpisode,
  type BreastsAtStudy,
  type BreastsInEpisode,
} from './breast-rows.js';
import { clientRow } from './clients.js';
import { episodeRow } from './episodes.js';
import { imageViewRow, type ImageViewRow } from './image-view.js';
import { imageRow } from './images.js';
import { studyRow } from './studies.js';

/** Rows of a client that rows of other tables repeat: each is made once, and is the same in all of them. */
export interface SharedRows {
  readonly client: ReturnType<typeof clientRow>;
  /** In the order of the client's episodes. */
  readonly episodes: readonly EpisodeRows[];
  /** In the order of the client's studies. */
  readonly studies: readonly StudyRows[];
}

export interface EpisodeRows {
  readonly row: ReturnType<typeof episodeRow>;
  readonly breasts: BreastsInEpisode;
}

export interface StudyRows {
  readonly row: ReturnType<typeof studyRow>;
  /** Of the episode that it is linked to. */
  readonly episode: EpisodeRows | null;
  readonly breasts: BreastsAtStudy;
  /** In the order of the study's images. */
  readonly images: readonly ReturnType<typeof imageRow>[];
  /** Of the same images. */
  readonly views: readonly ImageViewRow[];
}

export function sharedRows(client: ClientModel): SharedRows {
  const episodes = client.episodes.map((episode) => ({
    row: episodeRow(client.clientId, episode),
    breasts: breastsInEpisode(episode),
  }));
  const ofEpisode = (episode: EpisodeModel | null): EpisodeRows | null =>
    episode === null ? null : episodes[client.episodes.indexOf(episode)]!;
  return {
    client: clientRow(client),
    episodes,
    studies: client.studies.map((study) => studyRows(study, ofEpisode(study.episode), client)),
  };
}

function studyRows(
  study: StudyModel,
  episode: EpisodeRows | null,
  { clientId, history, worstMismatches }: ClientModel,
): StudyRows {
  return {
    row: studyRow(clientId, study),
    episode,
    breasts: breastsAtStudy(study, history),
    images: study.images.map((image) => imageRow(clientId, study.uid, image)),
    views: study.images.map((image) => imageViewRow(image, study, worstMismatches)),
  };
}
