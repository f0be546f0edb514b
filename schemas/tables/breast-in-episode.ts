import { column, table } from '../column.js';

const ofBreast = 'derived from events, lesions and procedures of that side only';

function breastOpinion<const Name extends string>(name: Name, event: string) {
  return column(name, 'string', {
    description: `Opinion on the breast of this image after the ${event}: ON normal, OB benign, OU uncertain, OS suspicious, OM malignant. Null: there was none, or it has no opinion on this breast.`,
    source: `events of ${event}`,
  });
}

/** What an episode says of one breast: a group of columns. */
export const breastInEpisode = table('breast_in_episode', {
  description: 'Group of columns: what the episode of a study says of one breast.',
  key: [],
  columns: [
    column('breast_label', 'string', {
      description:
        'Label of this breast in this episode: M (tissue of this breast was malignant), B (benign, none malignant), N (the episode came to a conclusion without either on this breast), null when the episode does not tell (no episode, interval cancer without tissue of either breast, no valid events). Later cancers are in episode_outcome, not here.',
      source: ofBreast,
      codes: 'omidb-etl:breast_label',
    }),
    column('breast_label_from', 'string', {
      description:
        'In words, from which events and lesions the breast_ columns come; null where nothing malignant, benign or of a lesion is recorded of it.',
      source: ofBreast,
    }),
    column('breast_screening_opinions', 'list<string>', {
      description:
        'Opinions on this breast of each screen of the episode that has one, in order: ON to OM; empty: none has. Null without an episode or a breast.',
      source: 'events',
    }),
    breastOpinion('breast_assessment_opinion', 'assessment'),
    breastOpinion('breast_clinical_opinion', 'clinical examination'),
    breastOpinion('breast_biopsy_wide_opinion', 'wide biopsy'),
    breastOpinion('breast_biopsy_fine_opinion', 'fine biopsy'),
    breastOpinion('breast_surgery_opinion', 'surgery'),
    breastOpinion('breast_interval_cancer_opinion', 'interval cancer record'),
    column('breast_has_malignant_opinion', 'bool', {
      description:
        'True when surgery, wide or fine biopsy of this breast is malignant (OM); false where there was none of these too. Null without an episode or a breast.',
      source: ofBreast,
    }),
    column('breast_has_benign_opinion', 'bool', {
      description:
        'True when surgery, wide or fine biopsy of this breast is benign (OB); false where there was none of these too. Null without an episode or a breast.',
      source: ofBreast,
    }),
    column('breast_lesion_count', 'int', {
      description:
        'Number of lesions that the episode names in this breast; null without an episode or a breast.',
      source: 'lesions',
    }),
    column('breast_has_lesion', 'bool', {
      description:
        'True when the episode names a lesion in this breast; null without an episode or a breast.',
      source: 'lesions',
    }),
    column('breast_is_invasive', 'bool', {
      description:
        'True when any lesion of this breast is invasive cancer; false where no tissue was taken too: see lesions. Null without an episode or a breast.',
      source: 'lesions.is_invasive',
    }),
    column('breast_is_in_situ', 'bool', {
      description:
        'True when any lesion of this breast is cancer in situ (and not itself invasive); false where no tissue was taken too: see lesions. Null without an episode or a breast.',
      source: 'lesions.is_in_situ',
    }),
    column('breast_worst_grade', 'string', {
      description:
        'Worst grade of the lesions of this breast: G3, G2, G1, then NDH, NDI, NDL of DCIS, then not assessable (NA, NDN). Null: none has a grade.',
      source: 'lesions.grade',
    }),

    column('breast_label_strict', 'string', {
      description:
        'Label of this breast in this episode that takes nothing for granted: M (any record of cancer of it), U (unresolved: records contradict, tissue in doubt, recalled and never settled by tissue, no opinions), B (benign tissue), N (the rest with a status). Null without an episode, a breast or a status. Leave U out of training.',
      source:
        'derived from events, lesions, wide_biopsies, fine_biopsies, surgeries, interval_cancers of that side; episodes.status',
      codes: 'omidb-etl:breast_label_strict',
    }),
    column('breast_label_basis', 'string', {
      description:
        'What breast_label_strict rests on: tissue, lesion (an opinion or finding on a lesion), interval_record, assessment, screen; null where it is the lack of an opinion or a conclusion. U with basis screen or assessment is a recall or assessment in doubt that no tissue followed.',
      source: 'as breast_label_strict',
    }),
    column('breast_outcome', 'string', {
      description:
        'As episode_outcome, but CIP and MP (prior of a later cancer) only where the later cancer is in this breast; contralateral_prior where it is in the other; null where its breast is not known. M and CI of the episode itself stay: for this breast see breast_label.',
      source: 'derived from episode_outcome, episode_outcome_episode_id, the cancers of that episode by side',
      codes: 'omidb-etl:breast_outcome',
    }),
  ],
});
