import type { ClientPlan, JsonFile } from './client.js';
import { imagedbPath, nbssPath, row } from './faults-common.js';
import type { Injection, Target } from './fault.js';

/** Faults of a client's folders and of its two files as a whole. */
export const CLIENT_INJECTIONS: readonly Injection[] = [
  {
    kind: 'client_only_in_data',
    scope: 'client',
    inject: ({ client }) => {
      client.inImages = false;
      return row('the client folder was left out of images/', client.id);
    },
  },
  {
    kind: 'client_only_in_images',
    scope: 'client',
    inject: ({ client }) => {
      client.inData = false;
      return row('the client folder was left out of data/', client.id);
    },
  },
  { kind: 'imagedb_missing', scope: 'client', inject: (target) => missing(target, 'imagedb') },
  { kind: 'nbss_missing', scope: 'client', inject: (target) => missing(target, 'nbss') },
  {
    kind: 'json_unreadable',
    scope: 'client',
    inject: ({ client }) => {
      client.imagedb.raw = cutText(client.imagedb, 0.6);
      return row('the imagedb file ends after 60 % of its text', imagedbPath(client));
    },
  },
  {
    kind: 'json_unreadable',
    scope: 'client',
    inject: ({ client }) => {
      client.nbss.raw = '';
      return row('the nbss file is empty', nbssPath(client));
    },
  },
  {
    kind: 'json_key_duplicate',
    scope: 'client',
    inject: ({ client }) => {
      client.nbss.raw = `{"Classification":"B",${JSON.stringify(client.nbss.content).slice(1)}`;
      return row('Classification stands twice in the nbss file', nbssPath(client));
    },
  },
  {
    kind: 'json_encoding_invalid',
    scope: 'client',
    inject: ({ client }) => {
      // A Latin-1 byte in what should be UTF-8.
      const text = JSON.stringify({ ...client.imagedb.content, Site: 'STG\u00e9' });
      client.imagedb.raw = Buffer.from(text, 'latin1');
      return row('a byte of Site in the imagedb file is Latin-1, not UTF-8', imagedbPath(client));
    },
  },
  {
    kind: 'client_id_conflict',
    scope: 'study',
    inject: ({ client }) => {
      client.imagedb.content['ClientID'] = otherClient(client);
      return row('ClientID in the imagedb file is of another client', imagedbPath(client));
    },
  },
  {
    kind: 'client_id_conflict',
    scope: 'study',
    inject: ({ client }) => {
      client.nbss.content['ClientID'] = otherClient(client);
      return row('ClientID in the nbss file is of another client', nbssPath(client));
    },
  },
  {
    kind: 'unexpected_entry',
    scope: 'study',
    inject: ({ client }) => extra(client, 'data', `${client.id}/.DS_Store`),
  },
  {
    kind: 'unexpected_entry',
    scope: 'study',
    // A path that ends in a slash is a folder.
    inject: ({ client }) => extra(client, 'images', `${client.id}/lost+found/`),
  },
  {
    kind: 'unexpected_entry',
    scope: 'study',
    inject: ({ client, study }) => ({
      ...extra(client, 'images', `${client.id}/${study.study.uid}/Thumbs.db`),
      study_instance_uid: study.study.uid,
    }),
  },
];

function missing({ client }: Target, which: 'imagedb' | 'nbss'): ReturnType<typeof row> {
  client[which].names = [];
  return row(`the ${which} file was left out`, client.id);
}

function cutText({ content }: JsonFile, share: number): string {
  const text = JSON.stringify(content);
  return text.slice(0, Math.floor(text.length * share));
}

/** A name that no client of a sample has. */
function otherClient({ index }: ClientPlan): string {
  return `optm${900_000 + index}`;
}

function extra(client: ClientPlan, root: 'data' | 'images', path: string): ReturnType<typeof row> {
  client.extras.push({ root, path, text: 'not part of the database\n' });
  return row(`an entry that the layout does not know, in ${root}/`, path.replace(/\/$/, ''));
}
