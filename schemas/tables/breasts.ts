import { column, table } from '../column.js';
import { clientId, side } from '../nbss/keys.js';

const RECORDS =
  'derived from events, lesions, wide_biopsies, fine_biopsies, surgeries, interval_cancers, episodes of that side';

export const breasts = table('breasts', {
  description:
    'A row for each woman and side, whether or not anything is recorded of it: one breast over all her episodes. Without a readable nbss file (clients.episode_count is null) all is null, and nothing is known.',
  key: ['client_id', 'side'],
  parents: [{ table: 'clients', columns: ['client_id'] }],
  columns: [
    clientId,
    side,
    column('first_cancer_date', 'date', {
      description:
        'Day of the first recorded cancer of this breast over all her episodes: the earliest DatePerformed of that side in the event that records it; else the day of the event; else the diagnosis of an interval cancer; else the sort date of the episode. Null: no cancer is recorded, or none with a date (first_cancer_episode_id tells which).',
      source: RECORDS,
    }),
    column('first_cancer_episode_id', 'string', {
      description: 'The episode that records it; null: none does.',
      source: RECORDS,
    }),
    column('first_cancer_from', 'string', {
      description:
        'What records it, e.g. `surgery: opinion OM`, `biopsy_wide of lesion 1: opinion B5`, `interval_cancer: record of this breast`. LCIS alone is no cancer. Null: nothing does.',
      source: RECORDS,
    }),
    column('first_invasive_date', 'date', {
      description:
        'Day of the first tissue of this breast that shows invasive cancer; null: none does, or none with a date.',
      source: 'derived from lesions.is_invasive, and dates as first_cancer_date',
    }),
    column('cancer_mode', 'string', {
      description:
        'How the first cancer came to light: interval (episode of type CI), screen (episode of type F, R or N with a screen), other; null without a cancer.',
      source: 'derived from episode_type and events of first_cancer_episode_id',
      codes: 'omidb-etl:cancer_mode',
    }),
    column('first_surgery_date', 'date', {
      description: 'Day of the first operation on this breast; null: none is recorded, or none with a date.',
      source: 'derived from surgeries, events',
    }),
    column('first_biopsy_date', 'date', {
      description:
        'Day of the first wide or fine biopsy of this breast; null: none is recorded, or none with a date.',
      source: 'derived from wide_biopsies, fine_biopsies, events',
    }),
    column('last_follow_up_date', 'date', {
      description:
        "Day of the woman's last screening or assessment, the same on both sides: until then a cancer would have been recorded. Null: none has a date.",
      source: 'derived from events.event_dates of screening and assessment',
    }),
  ],
});
