/** What was read, for the run's manifest. Bytes of DICOM files are those of their headers. */
export interface ReadCounts {
  jsonFiles: number;
  jsonBytes: number;
  dicomFiles: number;
  dicomBytesOnDisk: number;
  dicomBytesRead: number;
  dicomBytesReadMax: number;
  /** Files and folders that an error of the system kept from being read: the next run tries again. */
  unread: number;
}

export function noReadCounts(): ReadCounts {
  return {
    jsonFiles: 0,
    jsonBytes: 0,
    dicomFiles: 0,
    dicomBytesOnDisk: 0,
    dicomBytesRead: 0,
    dicomBytesReadMax: 0,
    unread: 0,
  };
}

/** Adds `more` to `sum`. */
export function addReadCounts(sum: ReadCounts, more: ReadCounts): void {
  sum.jsonFiles += more.jsonFiles;
  sum.jsonBytes += more.jsonBytes;
  sum.dicomFiles += more.dicomFiles;
  sum.dicomBytesOnDisk += more.dicomBytesOnDisk;
  sum.dicomBytesRead += more.dicomBytesRead;
  sum.dicomBytesReadMax = Math.max(sum.dicomBytesReadMax, more.dicomBytesReadMax);
  sum.unread += more.unread;
}

/** Of all ranges together, whichever run read them. */
export function sumReadCounts(ranges: readonly { readonly counts: ReadCounts }[]): ReadCounts {
  const sum = noReadCounts();
  for (const { counts } of ranges) addReadCounts(sum, counts);
  return sum;
}
