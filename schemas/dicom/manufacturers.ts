import { readSchemaCsv } from './csv.js';

/** Words of Manufacturer (0008,0070), lower case and parted by single blanks, and the short name of their maker. */
export const MANUFACTURERS = readSchemaCsv<'words' | 'name'>('dicom/manufacturers.csv');
